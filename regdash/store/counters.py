"""Whole numbers that only rise, for operators: how often something has happened in this store."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from regdash.store.database import INSERTS, Database
from regdash.store.schema import counters


def count(where: Connection | Database, name: str, by: int = 1) -> None:
    """Raise a counter, within the transaction of a connection or in one of its own."""
    if isinstance(where, Database):
        with where.writing() as connection:
            count_all(connection, {name: by})
    else:
        count_all(where, {name: by})


def count_all(connection: Connection, amounts: Mapping[str, int]) -> None:
    """Raise several counters; always in the same order, so that two transactions never wait for each other."""
    insert = INSERTS[connection.dialect.name](counters)
    statement = insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + insert.excluded.value}
    )
    rows = [{"name": name[:40], "value": by} for name, by in sorted(amounts.items()) if by]
    if rows:
        connection.execute(statement, rows)


def read_counters(database: Database) -> dict[str, int]:
    """All counters."""
    with database.reading() as connection:
        return {row.name: row.value for row in connection.execute(select(counters).order_by(counters.c.name))}
