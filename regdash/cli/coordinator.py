"""`regdash coordinator`: train what the dashboard queues."""

import argparse
import os
import signal
import sys
import threading
from typing import Any

from regdash.settings import Settings, settings


def add_to(commands: Any) -> None:
    """Declare the command."""
    coordinator = commands.add_parser(
        "coordinator", help="train what the dashboard queues; the dashboard starts one by itself"
    )
    coordinator.add_argument(
        "--service",
        action="store_true",
        help="go on when standard input closes, until SIGTERM or SIGINT, as it also does in a terminal",
    )
    coordinator.set_defaults(run=_coordinate)


def _coordinate(given: argparse.Namespace) -> int:
    from regdash.jobs.coordinator import Coordinator
    from regdash.jobs.hiring import hire

    here = settings()
    return coordinate(here, lambda database: Coordinator(database, here, hire(here)), given.service)


def coordinate(here: Settings, make: Any, service: bool = False) -> int:
    """Serve the store until standard input closes, or until a signal where it is a terminal or this is a `service`.

    At once back when another coordinator serves it already: any for an SQLite store; on a server, where several may
    share the work, only one that serves this data folder without being a service.
    """
    from regdash.jobs.lock import lock_file, take_lock
    from regdash.jobs.logs import configure
    from regdash.store.database import open_store, store_file

    configure(here)
    database = open_store(here.store_url, here.patience_seconds)
    lock = None
    if not service or store_file(here.store_url) is not None:
        lock = take_lock(lock_file(here.store_url, here.data_dir))
        if lock is None:
            print("Another coordinator already serves this store.", file=sys.stderr)
            database.close()
            return 0
    make(database).run(_stop(watch_input=not (service or _in_terminal())))
    database.close()
    if lock is not None:
        lock.close()
    return 0


def _stop(watch_input: bool) -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if watch_input:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    return stop


def _in_terminal() -> bool:
    try:
        return os.isatty(0)
    except OSError:
        return False


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 1_024):
        pass
    stop.set()
