"""What is kept: rooms until a week after their end, and of anonymous visitors' searches, runs and lessons the latest,
as the settings say.

Never deleted here: runs that are pinned or belong to a setting that somebody has pinned, runs that wait or train, those
that a signed-in session or nobody at all (a script) has asked for, and those of a room that is still kept.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, select

from regdash.settings import Settings
from regdash.store.database import Database
from regdash.store.deleting import delete_room
from regdash.store.ids import ANONYMOUS
from regdash.store.imported import prune_imported
from regdash.store.learning_keeping import prune_learning
from regdash.store.schema import contributions, records, requests, rooms, runs, searches, tables
from regdash.store.shelf_keeping import on_a_shelf, prune_shelves

DAY = 86_400
ROOM_DAYS = 7  # after a room's end
CHUNK = 200  # runs deleted in one transaction, so that nobody waits long for the store
MB = 2**20


def _clock_offset() -> float:
    """Seconds between the clock and the machine's own counting, sleep included: it moves when the clock is set."""
    steady = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
    return time.time() - steady


OFFSET = _clock_offset()  # when this process began


@dataclass(frozen=True)
class Pruned:
    """What has been deleted."""

    runs: int = 0
    rooms: int = 0
    bytes: int = 0  # of records
    searches: int = 0


@dataclass(frozen=True)
class _Old:
    run_id: str
    asked: float  # when somebody last asked for it
    size: int


def prune(database: Database, settings: Settings) -> Pruned:
    """Delete what is no longer to be kept; nothing at all after the clock has been set by more than a day."""
    now = time.time()
    if abs(_clock_offset() - OFFSET) > DAY:
        return Pruned()
    gone_rooms, gone_runs = _prune_rooms(database, now - ROOM_DAYS * DAY)
    gone_searches = _prune_searches(database, now - settings.keep_days * DAY)
    binned = prune_shelves(database, now, now - settings.keep_days * DAY)
    _prune_tables(database, now - settings.keep_days * DAY)
    prune_imported(database, now - settings.keep_days * DAY)
    prune_learning(database, now - settings.keep_days * DAY)
    _prune_files(database, settings.data_dir / "tables", now - settings.keep_days * DAY)
    old = _too_old_or_many(database, settings, now)
    deleted = {run_id for chunk in _chunks(old) for run_id in _delete(database, [each.run_id for each in chunk])}
    freed = sum(each.size for each in old if each.run_id in deleted)
    return Pruned(gone_runs + len(deleted) + binned.runs, gone_rooms, freed + binned.bytes, gone_searches)


def _prune_rooms(database: Database, before: float) -> tuple[int, int]:
    with database.reading() as connection:
        ended = connection.execute(select(rooms.c.id, rooms.c.created).where(rooms.c.expires < before)).all()
    gone = 0
    for room in ended:
        with database.writing() as connection:
            still = select(rooms.c.id).where(rooms.c.id == room.id, rooms.c.expires < before).with_for_update()
            if connection.scalar(still) is not None:
                gone += delete_room(connection, room.id, room.created)
    return len(ended), gone


def _prune_searches(database: Database, before: float) -> int:
    """Old searches go with their trials; for their runs the same holds as for all others."""
    old = and_(searches.c.updated < before, searches.c.state != "running", searches.c.session.startswith(ANONYMOUS))
    with database.writing() as connection:
        return connection.execute(delete(searches).where(old)).rowcount


def _too_old_or_many(database: Database, settings: Settings, now: float) -> Sequence[_Old]:
    """The runs to delete, oldest first: those beyond the age, then the number, then the size that is kept."""
    asked = func.max(requests.c.created)
    query = select(runs.c.id, asked).join(requests).where(_may_go()).group_by(runs.c.id).order_by(asked, runs.c.id)
    with database.reading() as connection:
        sizes = {row[0]: row[1] for row in connection.execute(select(records.c.run_id, func.length(records.c.data)))}
        found = [_Old(run_id, when, sizes.get(run_id, 0)) for run_id, when in connection.execute(query)]
    total = sum(sizes.values())
    oldest, excess = now - settings.keep_days * DAY, len(found) - settings.keep_runs
    number = 0
    for each in found:
        if not (each.asked < oldest or number < excess or total > settings.max_store_mb * MB):
            break
        number, total = number + 1, total - each.size
    return found[:number]


def _may_go() -> ColumnElement[bool]:
    """An SQL condition on `runs`."""
    asked = requests.alias()
    by_somebody = exists().where(asked.c.run_id == runs.c.id)
    by_name = exists().where(asked.c.run_id == runs.c.id, not_(asked.c.session.startswith(ANONYMOUS)))
    in_a_room = exists().where(contributions.c.run_id == runs.c.id)
    return and_(runs.c.state.in_(("done", "failed")), ~runs.c.pinned, by_somebody, ~by_name, ~in_a_room, ~on_a_shelf())


def _delete(database: Database, run_ids: Sequence[str]) -> list[str]:
    """Those of them that were deleted: nobody has pinned them or asked for them meanwhile."""
    with database.writing() as connection:
        here = select(runs.c.id).where(runs.c.id.in_(run_ids)).order_by(runs.c.id)
        mine = list(connection.scalars(here.with_for_update(skip_locked=True)))
        free = list(connection.scalars(select(runs.c.id).where(runs.c.id.in_(mine), _may_go())))
        connection.execute(delete(runs).where(runs.c.id.in_(free)))
    return free


def _prune_tables(database: Database, before: float) -> None:
    """Visitors' tables that are old and that no run is made of, and no search."""
    used = exists().where(runs.c.experiment.contains(tables.c.id))
    searched = exists().where(searches.c.plan.contains(tables.c.id))
    unused = and_(tables.c.session.startswith(ANONYMOUS), tables.c.created < before, ~used, ~searched)
    with database.reading() as connection:
        if connection.scalar(select(tables.c.id).where(unused).limit(1)) is None:
            return
    with database.writing() as connection:
        connection.execute(delete(tables).where(unused))


def _prune_files(database: Database, folder: Path, before: float) -> None:
    """Old files of visitors' tables that the store has not, or no longer."""
    old = {path.stem: path for path in folder.glob("*.npz") if path.stat().st_mtime < before}
    if old:
        with database.reading() as connection:
            kept = set(connection.scalars(select(tables.c.id)))
        for mark in old.keys() - kept:
            with suppress(OSError):  # of another user, or gone: no reason to stop
                old[mark].unlink()


def _chunks(old: Sequence[_Old]) -> Iterator[Sequence[_Old]]:
    return (old[begin : begin + CHUNK] for begin in range(0, len(old), CHUNK))
