"""Open the store, and turn every failure of it into a sentence that says where, why and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, false, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from regdash.errors import StoreUnavailable
from regdash.store.schema import metadata, runs

ADVICE = "Set REGDASH_DATA_DIR to a folder that can be written, or REGDASH_DATABASE_URL to another store."


@dataclass(frozen=True)
class Database:
    """An open store. Reads see the latest commit; a write is one transaction, made wholly or not at all."""

    engine: Engine
    place: str  # for people: a path, or the URL without its password

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; it sees one moment of the store, and no writer waits for it."""
        with _explained(self.place), self.engine.connect() as connection:
            yield connection.execution_options(regdash_reads=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection inside one transaction, committed at the end unless an error is raised."""
        with _explained(self.place), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_store(url: str, patience: float = 5.0) -> Database:
    """Open the store at an SQLAlchemy URL and make its tables; raises StoreUnavailable with a sentence.

    `patience` is how many seconds to wait for a lock that another process holds.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUnavailable(f"REGDASH_DATABASE_URL must be an SQLAlchemy URL, got {url[:40]!r}. {ADVICE}") from None
    if parsed.get_backend_name() not in INSERTS:
        raise StoreUnavailable(f"The store must be SQLite or PostgreSQL, got {parsed.get_backend_name()!r}. {ADVICE}")
    if _is_sqlite(parsed) and parsed.database in (None, "", ":memory:"):
        raise StoreUnavailable(f"The store must be a file, so that the engine can read it too. {ADVICE}")
    place = parsed.database if _is_sqlite(parsed) and parsed.database else parsed.render_as_string()
    with _explained(place):
        database = Database(_engine(parsed, patience), place)
        metadata.create_all(database.engine)
        with database.engine.begin() as connection:
            connection.execute(runs.update().where(false()).values(state="waiting"))  # fails if it is read-only
    return database


def store_file(url: str) -> Path | None:
    """The file of an SQLite store; None for a store on a server."""
    parsed = make_url(url)
    return Path(parsed.database.removeprefix("file:")) if _is_sqlite(parsed) and parsed.database else None


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], keep: bool = False) -> None:
    """Insert rows; where the key exists already, replace the other columns (or `keep` the old row)."""
    if not rows:
        return
    insert = INSERTS[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    if keep or not given:
        connection.execute(insert.on_conflict_do_nothing(index_elements=keys), rows)
    else:
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=given), rows)


INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engine(url: URL, patience: float) -> Engine:
    if not _is_sqlite(url):
        return create_engine(url, pool_pre_ping=True)
    if url.database and not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock first: if it read first and another wrote between, SQLite would fail it without waiting.
    reads = connection.get_execution_options().get("regdash_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StoreUnavailable(f"The store {place} cannot be used: {_reason(error)}. {ADVICE}") from error


REASONS: Mapping[str, str] = {
    "file is not a database": "it is not an SQLite file, or it is damaged; move it away to start afresh",
    "malformed": "it is damaged; move it away to start afresh",
    "readonly": "it may be read but not written",
    "unable to open": "it cannot be opened there; the folder may be missing or may not be written",
    "locked": "another program has locked it",
    "disk is full": "the disk is full",
    "disk I/O error": "the disk reported an error",
    "no such column": "it was made by another version of Regdash",
}


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"its folder cannot be made ({error.strerror or error})"
    text = str(getattr(error, "orig", None) or error).splitlines()[0]
    return next((reason for sign, reason in REASONS.items() if sign in text), text[:200])
