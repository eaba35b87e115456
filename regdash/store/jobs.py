"""The side of the store that the coordinator uses: claim, report, finish, give back. Only it writes results."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, select, update

from regdash.store.database import Database, upsert
from regdash.store.order import Front
from regdash.store.requests import drop_unwanted, is_wanted
from regdash.store.schema import contributions, progress, records, runs


@dataclass(frozen=True)
class Waiting:
    """A run in the queue; `session` is the one that asked for it first, `room` where it did so, if in one."""

    run_id: str
    experiment: str
    session: str
    failures: int
    probed: bool
    attempt: int = 0
    room: str = ""


@dataclass(frozen=True)
class Claim:
    """A run taken from the queue; what is reported under an older attempt is not accepted."""

    run_id: str
    attempt: int


@dataclass(frozen=True)
class Report:
    """How far a running run is; `data` are its packed curves, or nothing when nobody looks at them."""

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
        self._front = Front()

    def waiting(self, most: int = 1_000) -> list[Waiting]:
        """The front of the queue in its fair order; runs that nobody wants are not in it."""
        with self._database.reading() as connection:
            while front := self._front.read(connection, most):
                found = _still_waiting(connection, front)
                if len(found) == len(front):
                    return found
                self._front.drop({run_id for run_id, _ in front} - {run.run_id for run in found})
        return []

    def claim(self, run_ids: Collection[str], owner: str) -> list[Claim]:
        """Take waiting runs out of the queue; those that are no longer waiting, or in other hands, are left out."""
        now = time.time()
        query = select(runs.c.id, runs.c.attempt).where(runs.c.id.in_(run_ids), runs.c.state == "waiting")
        with self._database.writing() as connection:
            found = connection.execute(query.order_by(runs.c.id).with_for_update(skip_locked=True))
            attempts = {id_: attempt + 1 for id_, attempt in found}
            if attempts:
                connection.execute(
                    update(runs)
                    .where(runs.c.id.in_(attempts))
                    .values(
                        state="running",
                        owner=owner,
                        attempt=runs.c.attempt + 1,
                        claims=runs.c.claims + 1,
                        epochs_done=0,
                        version=runs.c.version + 1,
                        started=now,
                        updated=now,
                    )
                )
                connection.execute(delete(progress).where(progress.c.run_id.in_(attempts)))
        return [Claim(id_, attempts[id_]) for id_ in run_ids if id_ in attempts]

    def report(self, reports: Sequence[Report]) -> None:
        """Write how far runs are."""
        statement = (
            update(runs)
            .where(runs.c.id == bindparam("key"))
            .values(epochs_done=bindparam("done"), version=runs.c.version + 1, updated=time.time())
        )
        with self._database.writing() as connection:
            current = _current(connection, [report.claim for report in reports])
            accepted = [report for report in reports if report.claim in current]
            if accepted:
                connection.execute(statement, [{"key": r.claim.run_id, "done": r.epochs_done} for r in accepted])
            upsert(connection, progress, [{"run_id": r.claim.run_id, "data": r.data} for r in accepted if r.data])

    def unwanted(self, run_ids: Collection[str]) -> set[str]:
        """Those of the running runs that everybody who asked has cancelled, or that are no longer in the store."""
        query = select(runs.c.id).where(runs.c.id.in_(run_ids), is_wanted())
        with self._database.reading() as connection:
            return set(run_ids) - set(connection.scalars(query))

    def finish(self, results: Sequence[Result]) -> None:
        """Keep records. A run that was cancelled while somebody new asked for it waits again."""
        with self._database.writing() as connection:
            current = _current(connection, [result.claim for result in results])
            _finish(connection, {r.claim.run_id: r for r in results if r.claim in current})

    def give_back(self, claims: Collection[Claim], failed: bool, max_failures: int, error: str) -> None:
        """Let runs wait again; with `failed`, a run lost more than `max_failures` times ends with `error` instead."""
        now = time.time()
        with self._database.writing() as connection:
            ids = _ids(_current(connection, claims))
            mine = runs.c.id.in_(ids)
            if failed:
                connection.execute(update(runs).where(mine).values(failures=runs.c.failures + 1))
                _fail(connection, and_(mine, runs.c.failures >= max_failures), error, now)
            back = {"state": "waiting", "owner": "", "epochs_done": 0, "updated": now}
            connection.execute(update(runs).where(mine, runs.c.state == "running").values(**back))
            drop_unwanted(connection, ids)

    def spent(self, claims: Collection[Claim], most: int, error: str) -> None:
        """End runs with `error` that have been claimed more than `most` times since somebody last asked for them."""
        with self._database.writing() as connection:
            ids = _ids(_current(connection, claims))
            _fail(connection, and_(runs.c.id.in_(ids), runs.c.claims > most), error, time.time())

    def fail(self, claims: Collection[Claim], error: str) -> None:
        """End runs without a record; `error` is a sentence for the page."""
        with self._database.writing() as connection:
            _fail(connection, runs.c.id.in_(_ids(_current(connection, claims))), error, time.time())

    def orphans(self, living: Collection[str]) -> list[Claim]:
        """The running runs whose coordinator is none of the living."""
        query = select(runs.c.id, runs.c.attempt).where(runs.c.state == "running", runs.c.owner.not_in(living))
        with self._database.reading() as connection:
            return [Claim(*row) for row in connection.execute(query.order_by(runs.c.id))]


def _still_waiting(connection: Connection, front: Sequence[tuple[str, str]]) -> list[Waiting]:
    room = select(func.min(contributions.c.room)).where(contributions.c.run_id == runs.c.id).scalar_subquery()
    columns = runs.c.id, runs.c.experiment, runs.c.failures, runs.c.probed, runs.c.attempt, func.coalesce(room, "")
    here = runs.c.id.in_([run_id for run_id, _ in front])
    rows = {row[0]: row for row in connection.execute(select(*columns).where(here, runs.c.state == "waiting"))}
    pairs = ((rows[run_id], session) for run_id, session in front if run_id in rows)
    return [Waiting(row[0], row[1], session, *row[2:]) for row, session in pairs]


def _current(connection: Connection, claims: Collection[Claim]) -> set[Claim]:
    """Those that still count; nobody else changes them until the transaction ends."""
    query = select(runs.c.id, runs.c.attempt).where(runs.c.id.in_(_ids(claims)), runs.c.state == "running")
    return {Claim(*row) for row in connection.execute(query.order_by(runs.c.id).with_for_update())} & set(claims)


def _ids(claims: Iterable[Claim]) -> list[str]:
    return sorted(claim.run_id for claim in claims)


def _finish(connection: Connection, results: dict[str, Result]) -> None:
    if not results:
        return
    now = time.time()
    recorded = exists().where(records.c.run_id == runs.c.id, runs.c.status.not_like("cancelled%"))
    query = select(runs.c.id, is_wanted(), recorded).where(runs.c.id.in_(results))
    wanted, whole = set(), set()
    for run_id, is_asked_for, has_whole_record in connection.execute(query):
        wanted |= {run_id} if is_asked_for else set()
        whole |= {run_id} if has_whole_record else set()
    cancelled = {run_id for run_id, result in results.items() if result.status.startswith("cancelled")}
    again, kept = cancelled & wanted, (cancelled & whole) - wanted
    _set(connection, again, state="waiting", owner="", epochs_done=0, queued=now, updated=now)
    _set(connection, kept, state="done", owner="", epochs_done=runs.c.epochs_total, updated=now)
    connection.execute(delete(progress).where(progress.c.run_id.in_(sorted(results.keys() - again))))
    _keep(connection, [results[run_id] for run_id in sorted(results.keys() - again - kept)], now)


def _keep(connection: Connection, results: Sequence[Result], now: float) -> None:
    if not results:
        return
    upsert(connection, records, [{"run_id": result.claim.run_id, "data": result.data} for result in results])
    statement = (
        update(runs)
        .where(runs.c.id == bindparam("key"))
        .values(
            state="done",
            status=bindparam("how"),
            error="",
            owner="",
            epochs_done=bindparam("done"),
            version=runs.c.version + 1,
            updated=now,
        )
    )
    rows = [{"key": r.claim.run_id, "how": r.status[:60], "done": r.epochs_done} for r in results]
    connection.execute(statement, rows)


def _set(connection: Connection, run_ids: Collection[str], **values: object) -> None:
    if run_ids:
        connection.execute(update(runs).where(runs.c.id.in_(sorted(run_ids))).values(**values))


def _fail(connection: Connection, which: ColumnElement[bool], error: str, now: float) -> None:
    connection.execute(update(runs).where(which).values(state="failed", owner="", error=error, updated=now))
