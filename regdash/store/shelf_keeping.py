"""What becomes of shelves: pinned settings keep their runs, and what is a day in the bin goes if nobody wants it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select

from regdash.store.database import Database
from regdash.store.ids import ANONYMOUS
from regdash.store.schema import contributions, records, requests, runs, searches, shelf
from regdash.store.shelf import BIN_SECONDS


@dataclass(frozen=True)
class Emptied:
    """What has been deleted."""

    runs: int = 0
    bytes: int = 0  # of records


def on_a_shelf() -> ColumnElement[bool]:
    """An SQL condition on `runs`: somebody has pinned the setting."""
    return exists().where(shelf.c.setting == runs.c.setting, shelf.c.pinned, shelf.c.deleted == 0)


def prune_shelves(database: Database, now: float, before: float) -> Emptied:
    """Empty the bins, and forget what anonymous visitors said before that moment about settings without runs."""
    binned = and_(shelf.c.deleted > 0, shelf.c.deleted < now - BIN_SECONDS)
    with database.reading() as connection:
        found = connection.execute(select(shelf.c.session, shelf.c.setting, shelf.c.deleted).where(binned)).all()
    number, freed = 0, 0
    for row in found:
        with database.writing() as connection:
            gone = _empty(connection, row.session, row.setting, row.deleted)
        number, freed = number + gone.runs, freed + gone.bytes
    _forget(database, before)
    return Emptied(number, freed)


def _empty(connection: Connection, session: str, setting: str, deleted: float) -> Emptied:
    """Withdraw the session's requests for a setting it has deleted, and delete the runs that nobody else wants.

    Runs of the session's searches stay with them, and the note that they were deleted stays as long.
    """
    here = runs.c.setting == setting
    ids = list(connection.scalars(select(runs.c.id).where(here).order_by(runs.c.id).with_for_update()))
    mine = requests.c.session == session, requests.c.run_id.in_(ids)
    ended = select(runs.c.id).where(here, runs.c.state.in_(("done", "failed")))
    asked = list(
        connection.scalars(
            select(requests.c.run_id).where(*mine, requests.c.created <= deleted, requests.c.run_id.in_(ended))
        )
    )
    connection.execute(delete(requests).where(*mine, requests.c.run_id.in_(asked)))
    by_others = exists().where(requests.c.run_id == runs.c.id)
    in_a_room = exists().where(contributions.c.run_id == runs.c.id)
    alone = list(
        connection.scalars(
            select(runs.c.id).where(runs.c.id.in_(asked), ~runs.c.pinned, ~by_others, ~in_a_room, ~on_a_shelf())
        )
    )
    size = connection.scalar(select(func.sum(func.length(records.c.data))).where(records.c.run_id.in_(alone))) or 0
    connection.execute(delete(runs).where(runs.c.id.in_(alone)))
    askers = select(searches.c.asker).where(searches.c.session == session)
    theirs = select(requests.c.run_id).where(
        requests.c.run_id.in_(ids), (requests.c.session == session) | requests.c.session.in_(askers)
    )
    if connection.scalar(theirs.limit(1)) is None:
        connection.execute(delete(shelf).where(shelf.c.session == session, shelf.c.setting == setting))
    return Emptied(len(alone), int(size))


def _forget(database: Database, before: float) -> None:
    without = ~exists().where(runs.c.setting == shelf.c.setting)
    old = and_(shelf.c.created < before, shelf.c.session.startswith(ANONYMOUS), without)
    with database.reading() as connection:
        if connection.scalar(select(shelf.c.setting).where(old).limit(1)) is None:
            return
    with database.writing() as connection:
        connection.execute(delete(shelf).where(old))
