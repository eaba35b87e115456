"""A queue whose store, coordinator and worker process are real; only the engine behind them is fake."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from regdash.experiment import Experiment
from regdash.jobs.queue import Queue, connect
from regdash.settings import Settings

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


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "engine.log"))
    return Settings(data_dir=tmp_path / "data", database_url="", progress_seconds=0.02)


@pytest.fixture
def open_queue(here: Settings):
    """Open queues on the test's store; `changes` are settings."""
    opened: list[Queue] = []

    def make(command: tuple[str, ...] = COORDINATOR, **changes: object) -> Queue:
        opened.append(connect(replace(here, **changes), command))
        return opened[-1]

    yield make
    for queue in reversed(opened):
        queue.close()


@pytest.fixture
def queue(open_queue) -> Queue:
    return open_queue()
