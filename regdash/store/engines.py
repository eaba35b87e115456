"""SQLAlchemy engines for the two kinds of store."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from regdash.errors import StoreUnavailable
from regdash.store.reasons import ADVICE, SERVER_ADVICE

KINDS = ("sqlite", "postgresql")
OLDEST_SQLITE = (3, 35)  # can drop a column
SWITCH_SECONDS = 0.02  # between two attempts to switch a file to WAL
LONGEST_SLEEP = 10.0  # seconds, then a server takes its locks from a process that sleeps inside a transaction
APPLICATION = "regdash"  # what a server knows our sessions by
CONNECTIONS, MORE_CONNECTIONS = 10, 20  # of one process to a server: kept, and beyond that while many ask at once


def parsed(url: str) -> URL:
    """An SQLAlchemy URL; raises StoreUnavailable with a sentence when it names no store."""
    try:
        found = make_url(url)
    except ArgumentError:
        got = "another text" if "@" in url else repr(url[:40])
        raise StoreUnavailable(f"REGDASH_DATABASE_URL must be an SQLAlchemy URL, got {got}. {ADVICE}") from None
    kind = "postgresql" if found.drivername == "postgres" else found.get_backend_name()
    if kind not in KINDS:
        raise StoreUnavailable(f"The store must be SQLite or PostgreSQL, got {kind!r}. {ADVICE}")
    if kind == "postgresql":
        return found.set(drivername="postgresql+psycopg")
    if found.database in (None, "", ":memory:"):
        raise StoreUnavailable(f"The store must be a file, so that the engine can read it too. {ADVICE}")
    return found


def engine_for(url: URL, patience: float) -> Engine:
    """An engine that waits `patience` seconds for a lock that others hold, and for a server that does not answer."""
    return _sqlite(url, patience) if url.get_backend_name() == "sqlite" else _postgresql(url, patience)


def _sqlite(url: URL, patience: float) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnavailable(
            f"Runs are kept by SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer, and this Python has "
            f"{sqlite3.sqlite_version}. Use a newer Python, or set REGDASH_DATABASE_URL to a PostgreSQL store."
        )
    if url.database and not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare_sqlite(patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(patience: float) -> Any:
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        _switch_to_wal(connection, time.monotonic() + patience)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return prepare


def _switch_to_wal(connection: Any, until: float) -> None:
    """SQLite itself does not wait for others who open a new file at the same moment, so it is tried again."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(SWITCH_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock first: if it read first and another wrote between, SQLite would fail it without waiting.
    reads = connection.get_execution_options().get("regdash_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL, patience: float) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            max_overflow=MORE_CONNECTIONS,
            pool_timeout=max(patience, 1.0),
            connect_args={"connect_timeout": max(2, round(patience)), "application_name": APPLICATION},
        )
    except ImportError:
        raise StoreUnavailable(
            f'PostgreSQL needs the package psycopg: pip install "regdash[postgres]". {SERVER_ADVICE}'
        ) from None
    event.listen(engine, "connect", _prepare_postgresql(round(1_000 * patience)))
    return engine


def _prepare_postgresql(patience: int) -> Any:
    def prepare(connection: Any, _: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SET lock_timeout = {patience}")  # milliseconds
        connection.execute(f"SET idle_in_transaction_session_timeout = {round(1_000 * LONGEST_SLEEP)}")
        connection.autocommit = before

    return prepare
