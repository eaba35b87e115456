"""The side of the store that pages use: who asked for which run, and how far the runs are."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, or_, select, update

from regdash.repeats import setting_of
from regdash.settings import Settings
from regdash.store.counters import count_all
from regdash.store.database import Database, one_at_a_time, upsert
from regdash.store.ids import check_session, is_session, run_ids_among
from regdash.store.limits import check_queue_limit, check_room_limit, check_session_limit
from regdash.store.order import QueueState, places, queue
from regdash.store.room_rules import enter_to_ask
from regdash.store.schema import contributions, progress, pupils, records, requests, rooms, runs, searches

INSTANT = 1e-6  # seconds between runs asked for together, so that their order is kept


@dataclass(frozen=True)
class Wanted:
    """A run that a session asks for."""

    run_id: str
    experiment: str  # canonical JSON
    epochs: int
    probed: bool
    setting: str = ""  # repeats.setting_key; found from the experiment where it is not given


@dataclass(frozen=True)
class RunRow:
    """How far a run is, without its curves."""

    run_id: str
    experiment: str
    state: str
    error: str
    attempt: int
    version: int
    epochs_done: int
    epochs_total: int
    started: float
    updated: float


class RequestStore:
    """What a page may ask of the store. Ids that are not ids are unknown runs; a wrong session is an error."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._places, self._queue = places(database), queue(database)

    def submit(self, session: str, wanted: Sequence[Wanted], limits: Settings, room: str = "") -> None:
        """Ask for runs: new ones begin to wait, finished ones stay as they are, failed and cancelled ones wait again.

        In a `room` they are seen by the class. Raises RegdashError, and asks for none of them, when a limit of the
        session, of the room or of the server would be passed.
        """
        check_session(session)
        asked = {each.run_id: each for each in wanted}
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            if room:
                enter_to_ask(connection, room, session)
            fresh = enter_requests(connection, session, asked, room)
            if fresh:
                check_session_limit(connection, session, limits)
                check_queue_limit(connection, session, limits)
            if fresh and room:
                check_room_limit(connection, room, limits)
        self._forget()

    def rows(self, run_ids: Collection[str]) -> Mapping[str, RunRow]:
        """How far the runs are, by id; unknown ids are left out."""
        columns = [runs.c[name] for name in RunRow.__dataclass_fields__ if name != "run_id"]
        query = select(runs.c.id, *columns).where(runs.c.id.in_(run_ids_among(run_ids)))
        with self._database.reading() as connection:
            return {row[0]: RunRow(*row) for row in connection.execute(query)}

    def places(self, run_ids: Collection[str]) -> Mapping[str, int]:
        """The place in the fair order, from 1, of those that wait."""
        known = self._places.read()
        return {run_id: known[run_id] for run_id in run_ids if run_id in known}

    def queue(self) -> QueueState:
        """How much there is to do for everybody."""
        return self._queue.read()

    def progress(self, run_ids: Collection[str]) -> Mapping[str, bytes]:
        """The packed curves so far of running runs."""
        query = select(progress.c.run_id, progress.c.data).where(progress.c.run_id.in_(run_ids_among(run_ids)))
        with self._database.reading() as connection:
            return {row.run_id: row.data for row in connection.execute(query)}

    def records(self, run_ids: Collection[str]) -> Mapping[str, bytes]:
        """The packed records of finished runs."""
        query = select(records.c.run_id, records.c.data).where(records.c.run_id.in_(run_ids_among(run_ids)))
        with self._database.reading() as connection:
            return {row.run_id: row.data for row in connection.execute(query)}

    def may_see(self, session: str, run_ids: Collection[str]) -> set[str]:
        """Those the session asked for, those of its searches, and those of a room that it has opened or is in."""
        if not is_session(session):
            return set()
        ids = run_ids_among(run_ids)
        askers = select(searches.c.asker).where(searches.c.session == session)
        by_me = or_(requests.c.session == session, requests.c.session.in_(askers))
        mine = select(requests.c.run_id).where(by_me, requests.c.run_id.in_(ids))
        with self._database.reading() as connection:
            return set(connection.scalars(mine)) | set(connection.scalars(_shared_in_a_room(session, ids)))

    def cancel(self, session: str, run_ids: Collection[str]) -> None:
        """Withdraw what the session asked for; a run nobody wants any more ends, others are not disturbed."""
        check_session(session)
        ids = run_ids_among(run_ids)
        mine = and_(requests.c.session == session, requests.c.run_id.in_(ids))
        with self._database.writing() as connection:
            lock_runs(connection, ids)
            withdrawn = list(connection.scalars(select(requests.c.run_id).where(mine, ~requests.c.cancelled)))
            connection.execute(update(requests).where(mine).values(cancelled=True))
            drop_unwanted(connection, withdrawn)
        self._forget()

    def _forget(self) -> None:
        self._places.forget()
        self._queue.forget()


def lock_runs(connection: Connection, run_ids: Collection[str]) -> None:
    """Let nobody else change these runs until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        query = select(runs.c.id).where(runs.c.id.in_(run_ids)).order_by(runs.c.id)
        connection.execute(query.with_for_update()).all()


def drop_unwanted(connection: Connection, run_ids: Collection[str]) -> None:
    """Take waiting runs that nobody asks for out of the queue; those that have a record keep it."""
    unwanted = and_(runs.c.id.in_(run_ids), runs.c.state == "waiting", ~is_wanted())
    recorded = exists().where(records.c.run_id == runs.c.id)
    connection.execute(update(runs).where(unwanted, recorded).values(state="done"))
    connection.execute(delete(runs).where(unwanted))


def is_wanted() -> ColumnElement[bool]:
    """An SQL condition on `runs`: somebody asked for it and has not cancelled."""
    return exists().where(requests.c.run_id == runs.c.id, ~requests.c.cancelled)


def enter_requests(connection: Connection, session: str, asked: Mapping[str, Wanted], room: str = "") -> bool:
    """Write the requests; whether something new waits because of them."""
    now = time.time()
    moments = {id_: now + INSTANT * place for place, id_ in enumerate(asked)}
    before = _found_or_entered(connection, asked, moments)
    again = [id_ for id_, row in before.items() if _train_again(row, asked[id_])]
    _wait_again(connection, again, now)
    probed = [id_ for id_, each in asked.items() if each.probed]
    if probed:
        connection.execute(update(runs).where(runs.c.id.in_(probed), runs.c.state == "waiting").values(probed=True))
    keys = [{"session": session, "run_id": id_, "created": when} for id_, when in moments.items()]
    upsert(connection, requests, [key | {"cancelled": False} for key in keys])
    if room:
        upsert(connection, contributions, [key | {"room": room} for key in keys], keep=True)
    hits = sum(row.state == "done" for row in before.values()) - sum(before[id_].state == "done" for id_ in again)
    count_all(connection, {"asked": len(asked), "cache_hits": hits})
    return bool(again) or len(before) < len(asked)


def _found_or_entered(
    connection: Connection, asked: Mapping[str, Wanted], moments: Mapping[str, float]
) -> Mapping[str, Any]:
    """The rows that were there, locked; those that were not are entered."""
    columns = runs.c.id, runs.c.state, runs.c.status, runs.c.probed
    query = select(*columns).where(runs.c.id.in_(asked)).order_by(runs.c.id).with_for_update()
    before = {row.id: row for row in connection.execute(query)}
    missing = sorted(asked.keys() - before.keys())
    entered: set[str] = set()
    while missing:  # another session may enter the same run, or take it out again, at this moment
        upsert(connection, runs, [_new_row(asked[id_], moments[id_]) for id_ in missing], keep=True)
        entered |= set(missing)
        there = set(connection.scalars(query.with_only_columns(runs.c.id)))
        missing = sorted(entered - there)
    return before


def _new_row(wanted: Wanted, now: float) -> dict[str, object]:
    return {
        "id": wanted.run_id,
        "experiment": wanted.experiment,
        "setting": wanted.setting or setting_of(wanted.experiment) or wanted.run_id,
        "state": "waiting",
        "epochs_total": wanted.epochs,
        "probed": wanted.probed,
        "created": now,
        "queued": now,
        "updated": now,
    }


def _train_again(row: Any, wanted: Wanted) -> bool:
    if row.state == "failed":
        return True
    return row.state == "done" and (row.status.startswith("cancelled") or (wanted.probed and not row.probed))


def _wait_again(connection: Connection, run_ids: Sequence[str], now: float) -> None:
    if run_ids:
        fresh = {"state": "waiting", "error": "", "failures": 0, "claims": 0, "epochs_done": 0}
        connection.execute(update(runs).where(runs.c.id.in_(run_ids)).values(**fresh, queued=now, updated=now))


def _shared_in_a_room(session: str, run_ids: Sequence[str]) -> Select[Any]:
    here = pupils.alias()
    inside = exists().where(
        here.c.room == rooms.c.id,
        here.c.session == session,
        here.c.present,
        ~here.c.removed,
        rooms.c.expires > time.time(),
    )
    return (
        select(contributions.c.run_id)
        .join(rooms, rooms.c.id == contributions.c.room)
        .join(pupils, and_(pupils.c.room == contributions.c.room, pupils.c.session == contributions.c.session))
        .where(contributions.c.run_id.in_(run_ids), ~pupils.c.removed, or_(rooms.c.owner == session, inside))
    )
