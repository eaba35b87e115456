"""Open the store, read it and write it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, false, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL

from regdash.store.engines import engine_for, parsed
from regdash.store.reasons import explained, shown
from regdash.store.schema import runs
from regdash.store.upgrade import bring_up_to_date

CHANNEL = "regdash"  # where PostgreSQL tells of changes


@dataclass(frozen=True)
class Database:
    """An open store. Reads see the latest commit; a write is one transaction, made wholly or not at all."""

    engine: Engine
    place: str  # for people: a path, or the URL without its password

    @contextmanager
    def reading(self, one_moment: bool = False) -> Iterator[Connection]:
        """A connection for reading; no writer waits for it. With `one_moment` all queries see the same state.

        A file does so always; a server only on demand, as its readers then hinder its tidying up.
        """
        with explained(self.place), self.engine.connect() as connection:
            server = connection.dialect.name == "postgresql"
            options = {"isolation_level": "REPEATABLE READ"} if one_moment and server else {}
            yield connection.execution_options(regdash_reads=True, **options)

    @contextmanager
    def writing(self, tell: bool = True) -> Iterator[Connection]:
        """A connection inside one transaction, committed at the end unless an error is raised.

        With `tell`, others who watch for changes are told of this one.
        """
        with explained(self.place), self.engine.begin() as connection:
            yield connection
            if tell and connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_notify(CHANNEL, "")))

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_store(url: str, patience: float = 5.0) -> Database:
    """Open the store at an SQLAlchemy URL, with its tables as this version has them; raises StoreUnavailable.

    `patience` is how many seconds to wait for a lock that another process holds, and for a server to answer.
    """
    where = parsed(url)
    place, password = (where.database or "", "") if _is_sqlite(where) else (shown(where), str(where.password or ""))
    with explained(place, password):
        database = Database(engine_for(where, patience), place)
        try:
            bring_up_to_date(database.engine, place)
            with database.engine.begin() as connection:
                connection.execute(runs.update().where(false()).values(state="waiting"))  # fails if it is read-only
        except BaseException:
            database.close()
            raise
    return database


def store_file(url: str) -> Path | None:
    """The file of an SQLite store; None for a store on a server."""
    where = make_url(url)
    return Path(where.database.removeprefix("file:")) if _is_sqlite(where) and where.database else None


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], keep: bool = False, any_key: bool = False
) -> None:
    """Insert rows; where the key exists already, replace the other columns.

    With `keep` the old row stays instead; with `any_key` also where another unique column is taken.
    """
    if not rows:
        return
    insert = INSERTS[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    if keep or not given:
        connection.execute(insert.on_conflict_do_nothing(index_elements=None if any_key else keys), rows)
    else:
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=given), rows)


def one_at_a_time(connection: Connection, session: str) -> None:
    """Let a session's other transactions wait until this one ends, so that they cannot pass a limit together."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(session, 0))))


INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"
