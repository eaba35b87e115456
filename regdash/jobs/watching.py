"""The rows of the runs that pages look at, read for all sessions at once and only when something has changed."""

import time
from collections.abc import Callable, Collection, Mapping
from threading import Lock

from regdash.store.changes import Changes
from regdash.store.database import Database
from regdash.store.requests import RequestStore, RunRow

FOLLOWED = 15.0  # seconds since a page asked for a run, after which it is no longer read along
LEAST, PER_RUN = 0.01, 0.0005  # seconds for which rows serve all sessions, and more for each run that moves
SETTLED = 1.0  # seconds for which the row of a run that has ended serves


class Watch:
    """Answers from memory as long as nobody has written to the store; safe to share between threads."""

    def __init__(self, database: Database, store: RequestStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._changes, self._store, self._clock = Changes(database), store, clock
        self._rows: dict[str, RunRow] = {}
        self._asked: dict[str, float] = {}
        self._read: dict[str, float] = {}
        self._fresh_until = 0.0
        self._lock = Lock()

    def rows(self, run_ids: Collection[str]) -> Mapping[str, RunRow]:
        """How far the runs are, by id; unknown ids are left out."""
        with self._lock:
            now = self._clock()
            self._asked |= dict.fromkeys(run_ids, now)
            due = self._moving(now) if now >= self._fresh_until and self._changes.any() else set()
            due |= {id_ for id_ in run_ids if now - self._read.get(id_, -SETTLED) >= SETTLED}
            if due:
                self._look(due, now)
            return {id_: self._rows[id_] for id_ in run_ids if id_ in self._rows}

    def forget(self, run_ids: Collection[str]) -> None:
        """Read these anew the next time: this process has just changed them."""
        with self._lock:
            for id_ in run_ids:
                self._read.pop(id_, None)

    def close(self) -> None:
        """Give the connection back."""
        self._changes.close()

    def _moving(self, now: float) -> set[str]:
        """The runs that pages still ask about and that have not ended; those nobody asks about are dropped."""
        gone = [id_ for id_, asked in self._asked.items() if now - asked > FOLLOWED]
        for id_ in gone:
            for table in (self._asked, self._read, self._rows):
                table.pop(id_, None)
        return {id_ for id_ in self._asked if id_ not in self._rows or _moves(self._rows[id_])}

    def _look(self, run_ids: Collection[str], now: float) -> None:
        found = self._store.rows(run_ids)
        for id_ in run_ids:
            self._read[id_] = now
            if id_ in found:
                self._rows[id_] = found[id_]
            else:
                self._rows.pop(id_, None)
        moving = sum(_moves(row) for row in self._rows.values())
        self._fresh_until = self._clock() + LEAST + PER_RUN * moving


def _moves(row: RunRow) -> bool:
    return row.state in ("waiting", "running")
