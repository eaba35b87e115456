"""The side of the store that pages use: who asked for which run, and how far the runs are."""

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, select, update

from regdash.errors import RegdashError
from regdash.store.database import Database, upsert
from regdash.store.schema import progress, records, requests, runs

SESSION = re.compile(r"[A-Za-z0-9_.:-]{1,100}", re.ASCII)
RUN_ID = re.compile(r"[0-9a-f]{20}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """A run that a session asks for."""

    run_id: str
    experiment: str  # canonical JSON
    epochs: int
    probed: bool


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

    def submit(self, session: str, wanted: Sequence[Wanted], max_waiting: int) -> None:
        """Ask for runs: new ones begin to wait, finished ones stay as they are, failed and cancelled ones wait again.

        Raises RegdashError, and asks for none of them, when the session would have more than `max_waiting` unfinished.
        """
        _check(session)
        now, ids = time.time(), [each.run_id for each in wanted]
        with self._database.writing() as connection:
            known = {row.id: row for row in connection.execute(select(runs).where(runs.c.id.in_(ids)))}
            again = [each.run_id for each in wanted if each.run_id in known and _train_again(known[each.run_id], each)]
            fresh = [each for each in wanted if each.run_id not in known]
            if fresh:
                connection.execute(insert(runs), [_new_row(each, now) for each in fresh])
            _wait_again(connection, again, now)
            probed = [each.run_id for each in wanted if each.probed]
            connection.execute(update(runs).where(runs.c.id.in_(probed), runs.c.state == "waiting").values(probed=True))
            asked = [
                {"session": session, "run_id": id_, "created": now, "cancelled": False} for id_ in dict.fromkeys(ids)
            ]
            upsert(connection, requests, asked)
            _check_room(connection, session, max_waiting)

    def rows(self, run_ids: Collection[str]) -> Mapping[str, RunRow]:
        """How far the runs are, by id; unknown ids are left out."""
        columns = [runs.c[name] for name in RunRow.__dataclass_fields__ if name != "run_id"]
        query = select(runs.c.id, *columns).where(runs.c.id.in_(_known_form(run_ids)))
        with self._database.reading() as connection:
            return {row[0]: RunRow(*row) for row in connection.execute(query)}

    def places(self) -> Mapping[str, int]:
        """The place in the queue, from 1, of every waiting run."""
        query = select(runs.c.id).where(runs.c.state == "waiting").order_by(runs.c.queued, runs.c.id)
        with self._database.reading() as connection:
            return {id_: place for place, id_ in enumerate(connection.scalars(query), start=1)}

    def progress(self, run_ids: Collection[str]) -> Mapping[str, bytes]:
        """The packed curves so far of running runs."""
        query = select(progress.c.run_id, progress.c.data).where(progress.c.run_id.in_(run_ids))
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def records(self, run_ids: Collection[str]) -> Mapping[str, bytes]:
        """The packed records of finished runs."""
        query = select(records.c.run_id, records.c.data).where(records.c.run_id.in_(run_ids))
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def cancel(self, session: str, run_ids: Collection[str]) -> None:
        """Withdraw what the session asked for; a run nobody wants any more ends, others are not disturbed."""
        _check(session)
        ids = _known_form(run_ids)
        mine = and_(requests.c.session == session, requests.c.run_id.in_(ids))
        with self._database.writing() as connection:
            withdrawn = list(connection.scalars(select(requests.c.run_id).where(mine, ~requests.c.cancelled)))
            connection.execute(update(requests).where(mine).values(cancelled=True))
            drop_unwanted(connection, withdrawn)


def drop_unwanted(connection: Connection, run_ids: Collection[str]) -> None:
    """Take waiting runs that nobody asks for out of the queue; those that have a record keep it."""
    unwanted = and_(runs.c.id.in_(run_ids), runs.c.state == "waiting", ~is_wanted())
    recorded = exists().where(records.c.run_id == runs.c.id)
    connection.execute(update(runs).where(unwanted, recorded).values(state="done"))
    connection.execute(delete(runs).where(unwanted))


def is_wanted() -> ColumnElement[bool]:
    """An SQL condition on `runs`: somebody asked for it and has not cancelled."""
    return exists().where(requests.c.run_id == runs.c.id, ~requests.c.cancelled)


def _check(session: str) -> None:
    if not (isinstance(session, str) and SESSION.fullmatch(session)):
        raise RegdashError(f"A session's id must be 1 to 100 letters, digits, - or _, got {str(session)[:40]!r}.")


def _known_form(run_ids: Collection[str]) -> list[str]:
    return [id_ for id_ in run_ids if isinstance(id_, str) and RUN_ID.fullmatch(id_)]


def _new_row(wanted: Wanted, now: float) -> dict[str, object]:
    return {
        "id": wanted.run_id,
        "experiment": wanted.experiment,
        "state": "waiting",
        "epochs_total": wanted.epochs,
        "probed": wanted.probed,
        "created": now,
        "queued": now,
        "updated": now,
    }


def _train_again(row: Row[tuple[object, ...]], wanted: Wanted) -> bool:
    if row.state == "failed":
        return True
    return row.state == "done" and (row.status.startswith("cancelled") or (wanted.probed and not row.probed))


def _wait_again(connection: Connection, run_ids: Sequence[str], now: float) -> None:
    connection.execute(
        update(runs)
        .where(runs.c.id.in_(run_ids))
        .values(state="waiting", error="", failures=0, epochs_done=0, queued=now, updated=now)
    )


def _check_room(connection: Connection, session: str, max_waiting: int) -> None:
    query = (
        select(func.count())
        .select_from(requests.join(runs))
        .where(requests.c.session == session, ~requests.c.cancelled, runs.c.state.in_(("waiting", "running")))
    )
    unfinished = connection.scalar(query) or 0
    if unfinished > max_waiting:
        raise RegdashError(
            f"You may have at most {max_waiting} unfinished runs at once, and this would make {unfinished}. "
            "Wait until some have finished, or cancel some."
        )
