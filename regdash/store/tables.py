"""Tables that visitors have brought, so that every machine that trains can have them."""

import time

from sqlalchemy import func, select

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.database import Database, one_at_a_time, upsert
from regdash.store.ids import TABLE_ID, check_session
from regdash.store.schema import tables

MB = 2**20


def put_table(database: Database, table_id: str, session: str, data: bytes, limits: Settings) -> None:
    """Keep a table under the hash of its content; RegdashError with a sentence when the session has brought too much.

    A table that is there already is left as it is and counts for the one who brought it first.
    """
    check_session(session)
    if not TABLE_ID.fullmatch(table_id):
        raise RegdashError(f"A table's mark must be 32 hexadecimal digits, got {table_id[:40]!r}.")
    row = {"id": table_id, "session": session, "size": len(data), "created": time.time(), "data": data}
    with database.writing() as connection:
        one_at_a_time(connection, session)
        if connection.scalar(select(tables.c.id).where(tables.c.id == table_id)) is not None:
            return
        mine = select(func.count(), func.coalesce(func.sum(tables.c.size), 0)).where(tables.c.session == session)
        number, size = connection.execute(mine).one()
        _check_limits(number + 1, int(size) + len(data), limits)
        upsert(connection, tables, [row], keep=True)


def get_table(database: Database, table_id: str) -> bytes | None:
    """A table by its mark; None when the store has none."""
    if not (isinstance(table_id, str) and TABLE_ID.fullmatch(table_id)):
        return None
    with database.reading() as connection:
        return connection.scalar(select(tables.c.data).where(tables.c.id == table_id))


def _check_limits(number: int, size: int, limits: Settings) -> None:
    if number > limits.max_uploads:
        raise RegdashError(
            f"You may bring at most {limits.max_uploads} tables, and this would be number {number}. "
            "Use one that you have brought already."
        )
    if size > limits.max_upload_mb * MB:
        raise RegdashError(
            f"Your tables may take at most {limits.max_upload_mb:g} MB together, and this would make "
            f"{size / MB:.1f} MB. Bring fewer rows or columns."
        )
