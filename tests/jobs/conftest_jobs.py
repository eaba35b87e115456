"""A queue whose store, coordinator and worker process are real; only the engine behind them is fake."""

from dataclasses import replace
from pathlib import Path

import pytest
from waiting import COORDINATOR

from regdash.jobs.queue import Queue, connect
from regdash.settings import Settings


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
