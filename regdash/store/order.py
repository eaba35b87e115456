"""The fair order of the queue: one run of each session in turn, the oldest first, as cards are dealt.

A session that has k runs in training begins at turn k + 1, so whoever has none comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from sqlalchemy import Connection, Subquery, case, func, select

from regdash.store.database import Database
from regdash.store.schema import requests, runs

UNFINISHED = ("waiting", "running")
SHARE = 0.05  # of one core, at most, for telling people their places


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


class Places:
    """Everybody's place in the queue. What was read is used again for 20 times as long as the reading took."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._until = 0.0
        self._places: Mapping[str, int] = {}

    def read(self) -> Mapping[str, int]:
        """The place, from 1, of every waiting run."""
        with self._lock:
            if monotonic() >= self._until:
                begin = monotonic()
                with self._database.reading() as connection:
                    self._places = _places(connection)
                end = monotonic()
                self._until = end + (end - begin) / SHARE
            return self._places

    def forget(self) -> None:
        """The queue has changed: read it at the next question."""
        self._until = 0.0


def read_queue(connection: Connection) -> QueueState:
    """How much there is to do."""
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


def _places(connection: Connection) -> dict[str, int]:
    if connection.scalar(select(runs.c.id).where(runs.c.state == "waiting").limit(1)) is None:
        return {}
    order = fair_order()
    query = select(order.c.run_id).order_by(order.c.turn, order.c.queued, order.c.run_id)
    return {run_id: place for place, run_id in enumerate(connection.scalars(query), start=1)}
