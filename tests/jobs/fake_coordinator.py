"""The real coordinator, in a process of its own, in front of the fake engine."""

import sys

import fake_engine
import jumping_clock  # noqa: F401

from regdash.cli import coordinate
from regdash.experiment import signature
from regdash.jobs.coordinator import Coordinator
from regdash.jobs.local import LocalWorkers
from regdash.settings import settings

if __name__ == "__main__":
    load = fake_engine.load_nothing if "--no-engine" in sys.argv else fake_engine.load
    here = settings()
    service = "--service" in sys.argv
    sys.exit(
        coordinate(here, lambda database: Coordinator(database, here, LocalWorkers(load, here), signature), service)
    )
