"""The side of the store that the coordinator uses: claim, report, finish, give back. Only it writes results."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select, update

from regdash.store.database import Database, upsert
from regdash.store.requests import drop_unwanted, is_wanted
from regdash.store.schema import progress, records, requests, runs


@dataclass(frozen=True)
class Waiting:
    """A run in the queue; `session` is the one that asked for it first."""

    run_id: str
    experiment: str
    session: str
    failures: int
    probed: bool


@dataclass(frozen=True)
class Claim:
    """A run taken from the queue; what is reported under an older attempt is not accepted."""

    run_id: str
    attempt: int


@dataclass(frozen=True)
class Report:
    """How far a running run is."""

    claim: Claim
    epochs_done: int
    data: bytes


@dataclass(frozen=True)
class Result:
    """How a run ended, with its packed record."""

    claim: Claim
    status: str
    epochs_done: int
    data: bytes


class JobStore:
    """What the coordinator may do with the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, most: int = 1_000) -> list[Waiting]:
        """The queue, oldest first; runs that nobody wants are not in it."""
        first = (
            select(requests.c.run_id, func.min(requests.c.created).label("created"))
            .where(~requests.c.cancelled)
            .group_by(requests.c.run_id)
            .subquery()
        )
        asked_first = and_(requests.c.run_id == first.c.run_id, requests.c.created == first.c.created)
        query = (
            select(runs.c.id, runs.c.experiment, func.min(requests.c.session), runs.c.failures, runs.c.probed)
            .join(first, first.c.run_id == runs.c.id)
            .join(requests, asked_first)
            .where(runs.c.state == "waiting")
            .group_by(runs.c.id)
            .order_by(runs.c.queued, runs.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            if connection.scalar(select(runs.c.id).where(runs.c.state == "waiting").limit(1)) is None:
                return []
            return [Waiting(*row) for row in connection.execute(query)]

    def claim(self, run_ids: Collection[str], lease_until: float) -> list[Claim]:
        """Take waiting runs out of the queue; those that are no longer waiting are left out."""
        now = time.time()
        with self._database.writing() as connection:
            query = select(runs.c.id, runs.c.attempt).where(runs.c.id.in_(run_ids), runs.c.state == "waiting")
            attempts = {id_: attempt + 1 for id_, attempt in connection.execute(query)}
            connection.execute(
                update(runs)
                .where(runs.c.id.in_(attempts))
                .values(
                    state="running",
                    attempt=runs.c.attempt + 1,
                    epochs_done=0,
                    version=runs.c.version + 1,
                    lease_until=lease_until,
                    started=now,
                    updated=now,
                )
            )
            connection.execute(delete(progress).where(progress.c.run_id.in_(attempts)))
        return [Claim(id_, attempts[id_]) for id_ in run_ids if id_ in attempts]

    def report(self, reports: Sequence[Report], lease_until: float) -> None:
        """Write how far runs are, and renew their lease."""
        statement = (
            update(runs)
            .where(runs.c.id == bindparam("key"), runs.c.attempt == bindparam("try"), runs.c.state == "running")
            .values(
                epochs_done=bindparam("done"),
                version=runs.c.version + 1,
                lease_until=lease_until,
                updated=time.time(),
            )
        )
        with self._database.writing() as connection:
            current = _current(connection, [report.claim for report in reports])
            accepted = [report for report in reports if report.claim in current]
            if accepted:
                connection.execute(
                    statement,
                    [{"key": r.claim.run_id, "try": r.claim.attempt, "done": r.epochs_done} for r in accepted],
                )
            upsert(connection, progress, [{"run_id": r.claim.run_id, "data": r.data} for r in accepted])

    def unwanted(self, run_ids: Collection[str]) -> set[str]:
        """Those of the running runs that everybody who asked has cancelled."""
        query = select(runs.c.id).where(runs.c.id.in_(run_ids), ~is_wanted())
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    def finish(self, results: Sequence[Result]) -> None:
        """Keep records. A run that was cancelled while somebody new asked for it waits again."""
        with self._database.writing() as connection:
            current = _current(connection, [result.claim for result in results])
            for result in results:
                if result.claim in current:
                    _finish(connection, result)

    def give_back(self, claims: Collection[Claim], failed: bool, max_failures: int, error: str) -> None:
        """Let runs wait again; with `failed`, a run lost more than `max_failures` times ends with `error` instead."""
        now = time.time()
        with self._database.writing() as connection:
            ids = [claim.run_id for claim in _current(connection, claims)]
            mine = runs.c.id.in_(ids)
            if failed:
                connection.execute(update(runs).where(mine).values(failures=runs.c.failures + 1))
                _fail(connection, and_(mine, runs.c.failures >= max_failures), error, now)
            connection.execute(
                update(runs).where(mine, runs.c.state == "running").values(state="waiting", epochs_done=0, updated=now)
            )
            drop_unwanted(connection, ids)

    def fail(self, claims: Collection[Claim], error: str) -> None:
        """End runs without a record; `error` is a sentence for the page."""
        with self._database.writing() as connection:
            ids = [claim.run_id for claim in _current(connection, claims)]
            _fail(connection, runs.c.id.in_(ids), error, time.time())

    def orphans(self) -> list[Claim]:
        """Every run marked as running: what a coordinator that has just got the lock finds left behind."""
        query = select(runs.c.id, runs.c.attempt).where(runs.c.state == "running")
        with self._database.reading() as connection:
            return [Claim(*row) for row in connection.execute(query)]


def _current(connection: Connection, claims: Collection[Claim]) -> set[Claim]:
    ids = [claim.run_id for claim in claims]
    query = select(runs.c.id, runs.c.attempt).where(runs.c.id.in_(ids), runs.c.state == "running")
    return {Claim(*row) for row in connection.execute(query)} & set(claims)


def _finish(connection: Connection, result: Result) -> None:
    run_id, now = result.claim.run_id, time.time()
    row = connection.execute(select(runs.c.status, is_wanted()).where(runs.c.id == run_id)).one()
    cancelled = result.status.startswith("cancelled")
    here = update(runs).where(runs.c.id == run_id)
    if cancelled and row[1]:
        connection.execute(here.values(state="waiting", epochs_done=0, queued=now, updated=now))
        return
    connection.execute(delete(progress).where(progress.c.run_id == run_id))
    whole_record_exists = row.status and not row.status.startswith("cancelled")
    if cancelled and whole_record_exists:
        connection.execute(here.values(state="done", epochs_done=runs.c.epochs_total, updated=now))
        return
    upsert(connection, records, [{"run_id": run_id, "data": result.data}])
    connection.execute(
        here.values(
            state="done",
            status=result.status,
            error="",
            epochs_done=result.epochs_done,
            version=runs.c.version + 1,
            updated=now,
        )
    )


def _fail(connection: Connection, which: ColumnElement[bool], error: str, now: float) -> None:
    connection.execute(update(runs).where(which).values(state="failed", error=error, updated=now))
