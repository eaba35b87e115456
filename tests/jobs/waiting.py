"""Waiting for runs, and killing the processes that train them."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from regdash.experiment import Experiment
from regdash.jobs.queue import Queue

COORDINATOR = (sys.executable, str(Path(__file__).with_name("fake_coordinator.py")))


def experiment(seed: int = 0, epochs: int = 20, **changes: object) -> Experiment:
    return Experiment().with_values({"training.seed": seed, "training.epochs": epochs} | changes)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def ended(queue: Queue, ids: list[str]) -> bool:
    return all(view is not None and view.state in ("done", "failed") for view in queue.watch(ids))


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
