"""The fair order of the queue: one run of each session in turn, the oldest first, as cards are dealt.

A session that has k runs in training begins at turn k + 1, so whoever has none comes first.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy import Connection, Subquery, case, func, select

from regdash.store.database import Database
from regdash.store.schema import requests, runs

Value = TypeVar("Value")

UNFINISHED = ("waiting", "running")
SHARE, FRONT_SHARE = 0.05, 0.1  # of one core, at most, for telling people their places, and for handing out runs
LONG = 200  # waiting runs from which on a coordinator uses the order again
LONGEST, SHORT = 1.0, 0.05  # seconds for which it is used again at most, with a long and with a short queue


@dataclass(frozen=True)
class QueueState:
    """How much there is to do."""

    waiting: int = 0
    running: int = 0
    sessions: int = 0  # that wait for something
    epochs_waiting: int = 0


def fair_order() -> Subquery:
    """Waiting runs that somebody wants: run_id, session (who asked first), queued, turn; to be sorted by turn."""
    turn = func.row_number().over(
        partition_by=requests.c.session,
        order_by=(runs.c.state, runs.c.queued, runs.c.id),  # "running" comes first
    )
    asker = func.row_number().over(partition_by=requests.c.run_id, order_by=(requests.c.created, requests.c.session))
    asked = (
        select(
            requests.c.run_id,
            requests.c.session,
            runs.c.state,
            runs.c.queued,
            turn.label("turn"),
            asker.label("asker"),
        )
        .join(runs, runs.c.id == requests.c.run_id)
        .where(runs.c.state.in_(UNFINISHED), ~requests.c.cancelled)
        .subquery()
    )
    first = func.min(case((asked.c.asker == 1, asked.c.session)))
    return (
        select(
            asked.c.run_id,
            first.label("session"),
            func.min(asked.c.queued).label("queued"),
            func.min(asked.c.turn).label("turn"),
        )
        .where(asked.c.state == "waiting")
        .group_by(asked.c.run_id)
        .subquery()
    )


class Remembered(Generic[Value]):
    """A fact about the queue that many ask for; it is used again for 20 times as long as reading it took."""

    def __init__(
        self, database: Database, read: Callable[[Connection], Value], length: Callable[[Value], int], empty: Value
    ) -> None:
        self._database, self._read, self._length, self._value = database, read, length, empty
        self._lock = Lock()
        self._until = 0.0

    def read(self) -> Value:
        """What it is now, or was a moment ago."""
        with self._lock:
            if monotonic() >= self._until:
                begin = monotonic()
                with self._database.reading() as connection:
                    self._value = self._read(connection)
                self._until = _reuse(begin, SHARE, LONGEST if self._length(self._value) >= LONG else SHORT)
            return self._value

    def forget(self) -> None:
        """The queue has changed: read it at the next question."""
        self._until = 0.0


def places(database: Database) -> Remembered[Mapping[str, int]]:
    """The place, from 1, of every waiting run."""
    return Remembered(database, _read_places, len, {})


def queue(database: Database) -> Remembered[QueueState]:
    """How much there is to do."""
    return Remembered(database, _read_queue, lambda state: state.waiting, QueueState())


class Front:
    """The front of the queue for a coordinator, which asks often; of a long queue the order is used again for a while.

    A newcomer to a queue of 5,000 is then seen some tenths of a second later.
    """

    def __init__(self) -> None:
        self._order: list[tuple[str, str]] = []
        self._until = 0.0

    def read(self, connection: Connection, most: int) -> list[tuple[str, str]]:
        """The first runs, with the session that asked first; some may have stopped waiting a moment ago."""
        if monotonic() >= self._until or not self._order:
            begin = monotonic()
            self._order = read_order(connection)
            self._until = _reuse(begin, FRONT_SHARE, LONGEST if len(self._order) >= LONG else 0.0)
        return self._order[:most]

    def drop(self, gone: Collection[str]) -> None:
        """These have stopped waiting."""
        if gone:
            self._order = [each for each in self._order if each[0] not in gone]


def read_order(connection: Connection) -> list[tuple[str, str]]:
    """Every waiting run in the fair order, with the session that asked first."""
    if connection.scalar(select(runs.c.id).where(runs.c.state == "waiting").limit(1)) is None:
        return []
    order = fair_order()
    query = select(order.c.run_id, order.c.session).order_by(order.c.turn, order.c.queued, order.c.run_id)
    return [(row.run_id, row.session) for row in connection.execute(query)]


def _read_places(connection: Connection) -> Mapping[str, int]:
    return {run_id: place for place, (run_id, _) in enumerate(read_order(connection), start=1)}


def _read_queue(connection: Connection) -> QueueState:
    query = select(runs.c.state, func.count(), func.sum(runs.c.epochs_total)).where(runs.c.state.in_(UNFINISHED))
    found = {state: (number, epochs) for state, number, epochs in connection.execute(query.group_by(runs.c.state))}
    waiting, epochs = found.get("waiting", (0, 0))
    if not waiting:
        return QueueState(0, found.get("running", (0, 0))[0])
    asking = (
        select(func.count(requests.c.session.distinct()))
        .select_from(requests.join(runs))
        .where(runs.c.state == "waiting", ~requests.c.cancelled)
    )
    return QueueState(waiting, found.get("running", (0, 0))[0], connection.scalar(asking) or 0, int(epochs))


def _reuse(begin: float, share: float, longest: float) -> float:
    """Until when what was read may be used again, so that reading takes no more than a share of one core."""
    now = monotonic()
    return now + min((now - begin) / share, longest)
