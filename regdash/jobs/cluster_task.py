"""What Dask calls in the processes of a cluster's workers."""

import logging
import os
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from regdash.jobs.bench import Bench, Facts, Mail, Rules, Work
from regdash.jobs.worker import LoadEngine
from regdash.jobs.workers import Ended, Failed

_benches: dict[tuple[LoadEngine, str], Bench] = {}
_lock = threading.Lock()


def bench(load: LoadEngine, rules: Rules, worker: Any) -> Bench:
    """The bench of this worker; an engine that could not be loaded is tried again after a while."""

    def ring(topic: str, turns: int, turning: tuple[int, ...], mail: bool) -> None:
        worker.log_event(topic, [worker.address, turns, list(turning), mail])

    logging.getLogger("distributed.worker").addFilter(_is_news)
    key = load, worker.address
    with _lock:
        if key not in _benches or _benches[key].gave_up_long_ago:
            _benches[key] = Bench(load, rules, ring, _benches[key].facts.reason if key in _benches else "")
        return _benches[key]


def train_stack(work: Work) -> list[Ended | Failed]:
    """The task: train runs of one shape and return how each of them has ended."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    for mark, data in work.tables:
        _keep(mark, data)
    return bench(work.load, work.rules, worker).train(work, lambda: _given_up(worker, key))


def look(load: LoadEngine, rules: Rules, dask_worker: Any) -> Facts:
    """How this process is; the first look makes it load the engine."""
    return bench(load, rules, dask_worker).facts


def take(topic: str, load: LoadEngine, rules: Rules, dask_worker: Any) -> Mail:
    """What a coordinator's runs at this process have brought since it asked last."""
    return bench(load, rules, dask_worker).take(topic)


def cancel(topic: str, tickets: Collection[int], load: LoadEngine, rules: Rules, dask_worker: Any) -> bool:
    """End runs of a coordinator at their next segment; says that it has been heard."""
    bench(load, rules, dask_worker).cancel(topic, tickets)
    return True


def leave(load: LoadEngine, rules: Rules) -> None:
    """End this process at once; Dask's nanny starts another in its place."""
    os._exit(1)


def _is_news(record: logging.LogRecord) -> bool:
    """Dask writes a line whenever somebody asks for mail, which is many times a second."""
    return not str(record.msg).startswith("Run out-of-band function")


def _keep(mark: str, data: bytes) -> None:
    """Put a visitor's table where the engine looks for it; if that cannot be, the engine says what is missing."""
    from regdash.datasets.own import tables_folder
    from regdash.datasets.table_files import path_of
    from regdash.jobs.own_tables import keep_table

    if not path_of(tables_folder(), mark).is_file():
        with suppress(OSError):
            keep_table(mark, data)


def _given_up(worker: Any, key: Any) -> bool:
    """Whether the scheduler no longer wants a task that runs: its coordinator has gone or taken it back."""
    task = worker.state.tasks.get(key)
    return task is None or task.state == "cancelled" or worker.status.name not in ("running", "paused")
