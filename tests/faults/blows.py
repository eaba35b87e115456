"""Random blows against the processes that train, and what must be true when they are over."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import fake_engine
from waiting import experiment, until

from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.store.check import check_store

SHAPES = (32, 16, 8)  # batch sizes: three stacks


def jobs(count: int) -> list[Experiment]:
    """Different runs of several shapes and lengths."""
    chance = random.Random(1)
    return [
        experiment(seed, chance.choice((10, 20, 60)), **{"training.batch_size": SHAPES[seed % 3]})
        for seed in range(count)
    ]


def ask(queue: Queue, experiments: list[Experiment], sessions: int = 10) -> list[str]:
    """Ask for them in the names of several sessions, a few at a time."""
    ids: list[str] = []
    for begin in range(0, len(experiments), 10):
        ids += queue.submit(f"a-{(begin // 10) % sessions:032x}", experiments[begin : begin + 10])
    return ids


def blows(queue: Queue, ids: list[str], strike: Callable[[], None], count: int, seed: int) -> None:
    """Strike at random moments, each time once something has been finished since the last blow."""
    chance = random.Random(seed)
    before = 0
    for _ in range(count):
        until(lambda: finished(queue, ids) > before or over(queue, ids), 60.0)  # noqa: B023
        time.sleep(chance.uniform(0.0, 0.3))
        before = finished(queue, ids)
        with contextlib.suppress(ProcessLookupError):
            strike()


def kill_worker() -> None:
    """SIGKILL the process that trained last."""
    os.kill(fake_engine.worker_pid(), signal.SIGKILL)


def kill_coordinator(queue: Queue) -> None:
    """SIGKILL the coordinator that this process started, once it has one: another may only just have died."""
    until(lambda: queue._embedded.ensure() or queue._embedded.pid is not None, 60.0)
    os.kill(queue._embedded.pid, signal.SIGKILL)


def all_well(queue: Queue, ids: list[str], seconds: float = 60.0) -> None:
    """Every run has ended, finished or with a sentence; none is missing or doubled; the store passes its check."""
    until(lambda: over(queue, ids), seconds)
    views = queue.watch(ids)
    assert len(views) == len(set(ids))
    for view in views:
        if view.state == "failed":
            assert view.error.endswith("."), view.error
        else:
            assert view.record.status == "finished"
            assert len(view.record.history.epochs) == view.epochs_total
    assert check_store(queue._database) == []


def finished(queue: Queue, ids: list[str]) -> int:
    """How many of the runs have ended with a record."""
    queue.engine()  # as pages do: it starts a coordinator that has died again
    return sum(row.state == "done" for row in queue._requests.rows(ids).values())


def over(queue: Queue, ids: list[str]) -> bool:
    """Whether all runs have ended, one way or the other; asked less often than `until` would."""
    time.sleep(0.05)
    queue.engine()
    return all(row.state in ("done", "failed") for row in queue._requests.rows(ids).values())


def locked(path: Path, seconds: float) -> threading.Thread:
    """Another program holds the store's write lock for a while."""
    import sqlite3

    def hold() -> None:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30.0)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    return thread
