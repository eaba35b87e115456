"""The real coordinator, in a process of its own, in front of the fake engine."""

import sys

import fake_engine

from regdash.cli import coordinate
from regdash.experiment import signature
from regdash.jobs.coordinator import Coordinator
from regdash.settings import settings

if __name__ == "__main__":
    load = fake_engine.load_nothing if "--no-engine" in sys.argv else fake_engine.load
    sys.exit(coordinate(settings(), lambda database: Coordinator(database, settings(), load, signature)))
