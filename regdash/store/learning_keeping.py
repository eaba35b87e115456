"""What becomes of what was kept of learning: anonymous visitors' old answers go, and lessons that nobody holds."""

from sqlalchemy import ColumnElement, Table, and_, delete, exists, select

from regdash.store.database import Database, one_at_a_time
from regdash.store.ids import ANONYMOUS, OWN
from regdash.store.learning import drop_unheld
from regdash.store.schema import answers, lesson_files, lesson_holders, lessons_done, rooms


def prune_learning(database: Database, before: float) -> None:
    """Delete what anonymous visitors left before that moment; what belongs to a class stays as long as its room."""
    anonymous = answers.c.session.startswith(ANONYMOUS)
    _prune(database, answers, and_(answers.c.updated < before, anonymous, answers.c.room == ""))
    anonymous = lessons_done.c.session.startswith(ANONYMOUS)
    _prune(database, lessons_done, and_(lessons_done.c.created < before, anonymous))
    anonymous = lesson_holders.c.session.startswith(ANONYMOUS)
    _prune(database, lesson_holders, and_(lesson_holders.c.created < before, anonymous))
    held = exists().where(lesson_holders.c.file == lesson_files.c.id)
    given = exists().where(rooms.c.course == OWN + lesson_files.c.id)
    with database.reading() as connection:
        unheld = list(connection.scalars(select(lesson_files.c.id).where(~held, ~given)))
    for id_ in unheld:
        with database.writing() as connection:
            one_at_a_time(connection, id_)
            drop_unheld(connection, id_)


def _prune(database: Database, table: Table, old: ColumnElement[bool]) -> None:
    with database.reading() as connection:
        if connection.execute(select(table.c.session).where(old).limit(1)).first() is None:
            return
    with database.writing() as connection:
        connection.execute(delete(table).where(old))
