"""What a visitor or a class has trained: one row for each run, without its curves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from regdash.store.database import Database
from regdash.store.ids import is_room, is_session, run_ids_among
from regdash.store.schema import contributions, pupils, records, requests, runs, searches

CHUNK = 500  # ids in one statement
COLUMNS = ("setting", "state", "status", "error", "attempt", "version", "epochs_done", "epochs_total", "updated")


@dataclass(frozen=True)
class Trained:
    """One run that somebody has asked for."""

    run_id: str
    setting: str  # repeats.setting_key
    state: str
    status: str
    error: str
    attempt: int
    version: int
    epochs_done: int
    epochs_total: int
    updated: float
    asked: float  # when it was asked for
    size: int  # bytes of its record
    searched: bool = False  # asked for by a search
    nickname: str = ""  # of the pupil, in a class


class TrainedStore:
    """The runs of sessions and of rooms; who may look at a room is for the caller to know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by(self, sessions: Sequence[str]) -> list[Trained]:
        """What was asked for under these ids, by hand and by their searches; a run asked for twice stands once."""
        known = [each for each in sessions if is_session(each)]
        with self._database.reading() as connection:
            askers = list(connection.scalars(select(searches.c.asker).where(searches.c.session.in_(known))))
            own = _query(requests.c.created, literal(False), literal(""), requests.c.session.in_(known))
            found = {row[0]: row for row in connection.execute(own)}
            for begin in range(0, len(askers), CHUNK):
                part = requests.c.session.in_(askers[begin : begin + CHUNK])
                for row in connection.execute(_query(requests.c.created, literal(True), literal(""), part)):
                    found.setdefault(row[0], row)
        return [Trained(*row) for row in found.values()]

    def asked(self, sessions: Sequence[str], run_ids: Collection[str]) -> set[str]:
        """Those of the runs that were asked for under these ids; one that goes on must still be wanted by them."""
        known = [each for each in sessions if is_session(each)]
        wanted = ~requests.c.cancelled | runs.c.state.in_(("done", "failed"))
        mine = requests.c.session.in_(known), requests.c.run_id.in_(run_ids_among(run_ids)), wanted
        with self._database.reading() as connection:
            return set(connection.scalars(select(requests.c.run_id).join(runs).where(*mine)))

    def in_room(self, room_id: str) -> list[Trained]:
        """What was asked for in a room by those who were not removed; a run of two pupils stands twice."""
        if not is_room(room_id):
            return []
        query = _select(contributions.c.created, literal(False), pupils.c.nickname)
        source = contributions.join(runs, runs.c.id == contributions.c.run_id).outerjoin(records)
        source = source.join(
            pupils, (pupils.c.room == contributions.c.room) & (pupils.c.session == contributions.c.session)
        )
        with self._database.reading() as connection:
            here = query.select_from(source).where(contributions.c.room == room_id, ~pupils.c.removed)
            return [Trained(*row) for row in connection.execute(here)]

    def experiments(self, run_ids: Collection[str]) -> dict[str, str]:
        """The experiments of runs as canonical JSON."""
        ids = run_ids_among(run_ids)
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for begin in range(0, len(ids), CHUNK):
                query = select(runs.c.id, runs.c.experiment).where(runs.c.id.in_(ids[begin : begin + CHUNK]))
                found |= {row.id: row.experiment for row in connection.execute(query)}
        return found


def _select(asked: Any, searched: Any, nickname: Any) -> Select[Any]:
    size = func.coalesce(func.length(records.c.data), 0)
    return select(runs.c.id, *(runs.c[name] for name in COLUMNS), asked, size, searched, nickname)


def _query(asked: Any, searched: Any, nickname: Any, where: ColumnElement[bool]) -> Select[Any]:
    source = requests.join(runs, runs.c.id == requests.c.run_id).outerjoin(records)
    return _select(asked, searched, nickname).select_from(source).where(where)
