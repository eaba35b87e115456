"""The side of the store that pages use for searches: begin them, read them, pause, cancel, extend and delete them."""

import json
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from regdash.errors import RegdashError
from regdash.search import Outcome, Trial
from regdash.settings import Settings
from regdash.store.database import Database, one_at_a_time
from regdash.store.deleting import delete_search
from regdash.store.ids import asker_of, check_session, is_search, is_session
from regdash.store.order import UNFINISHED
from regdash.store.requests import Wanted, drop_unwanted, enter_requests, lock_runs
from regdash.store.schema import requests, runs, searches, trials

ACTIVE = ("running", "paused")
MOST_MINE = 100  # searches in a list
NOT_MINE = "There is no such search of yours: only whoever began a search may change it."
STATES: Mapping[str, str] = {
    "running": "is running",
    "paused": "is paused",
    "done": "has ended",
    "cancelled": "was cancelled",
    "failed": "has failed",
}


@dataclass(frozen=True)
class SearchRow:
    """A search without its trials."""

    id: str
    session: str
    asker: str
    plan: str  # canonical JSON
    state: str
    sentence: str
    owner: str
    spent: float
    race: str
    revealed: int
    version: int
    created: float


COLUMNS = tuple(searches.c[name] for name in SearchRow.__dataclass_fields__)


class SearchStore:
    """What pages may do with searches. An id that is no id is an unknown search; a wrong session is an error."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, session: str, plans: Sequence[str], limits: Settings, race: str = "") -> list[str]:
        """Let searches begin, all or none; returns their ids. RegdashError when the session has too many."""
        check_session(session)
        now = time.time()
        ids = [secrets.token_hex(16) for _ in plans]
        rows = [
            {"id": id_, "session": session, "asker": asker_of(session, id_), "plan": plan, "state": "running"}
            | {"race": race, "created": now + place * 1e-6, "updated": now}
            for place, (id_, plan) in enumerate(zip(ids, plans, strict=True))
        ]
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            connection.execute(searches.insert(), rows)
            _check_number(connection, session, limits)
        return ids

    def get(self, search_id: str) -> SearchRow | None:
        """A search; None when there is none."""
        if not is_search(search_id):
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(*COLUMNS).where(searches.c.id == search_id)).one_or_none()
        return None if row is None else SearchRow(*row)

    def trials(self, search_id: str, first: int = 0) -> list[Trial]:
        """The trials of a search from a number on, in their order."""
        query = select(trials).where(trials.c.search == search_id, trials.c.number >= first).order_by(trials.c.number)
        with self._database.reading() as connection:
            return [read_trial(dict(row)) for row in connection.execute(query).mappings()]

    def opened(self, sessions: Collection[str]) -> list[tuple[str, Trial]]:
        """For each search of these sessions whose test part was opened its plan, and the trial it was opened for."""
        mine = searches.c.session.in_([session for session in sessions if is_session(session)])
        chosen = and_(trials.c.search == searches.c.id, trials.c.number == searches.c.revealed)
        query = select(searches.c.plan, *trials.c).select_from(searches.join(trials, chosen)).where(mine)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(searches.c.created.desc()).limit(MOST_MINE)).mappings()
            return [(row["plan"], read_trial(dict(row))) for row in found]

    def unfinished(self, asker: str) -> tuple[int, float]:
        """How many runs of a search have not ended, and how far they are together: 1.5 is one and a half of them."""
        far = func.sum(1.0 * runs.c.epochs_done / runs.c.epochs_total)
        query = (
            select(func.count(), func.coalesce(far, 0.0))
            .select_from(requests.join(runs))
            .where(requests.c.session == asker, ~requests.c.cancelled, runs.c.state.in_(UNFINISHED))
        )
        with self._database.reading() as connection:
            number, far_along = connection.execute(query).one()
        return number, float(far_along)

    def mine(self, sessions: Collection[str]) -> list[tuple[SearchRow, int]]:
        """The searches of these sessions, newest first, each with the number of its trials that have ended."""
        mine = searches.c.session.in_([session for session in sessions if is_session(session)])
        told = select(func.count()).where(trials.c.search == searches.c.id, trials.c.told).scalar_subquery()
        query = select(*COLUMNS, told).where(mine).order_by(searches.c.created.desc()).limit(MOST_MINE)
        with self._database.reading() as connection:
            return [(SearchRow(*row[:-1]), row[-1]) for row in connection.execute(query)]

    def of_race(self, race: str) -> list[str]:
        """The ids of the searches of a race, in their order."""
        if not is_search(race):
            return []
        query = select(searches.c.id).where(searches.c.race == race).order_by(searches.c.created)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def pause(self, session: str, search_id: str) -> None:
        """Propose nothing new; what trains goes on."""
        with self._database.writing() as connection:
            _change(connection, _mine(connection, session, search_id), ("running",), "paused", "be paused")

    def resume(self, session: str, search_id: str) -> None:
        """Go on after a pause."""
        with self._database.writing() as connection:
            _change(connection, _mine(connection, session, search_id), ("paused",), "running", "go on")

    def cancel(self, session: str, search_id: str) -> None:
        """End a search now; runs that nobody else wants end with it."""
        with self._database.writing() as connection:
            row = _mine(connection, session, search_id)
            _change(connection, row, ACTIVE, "cancelled", "be cancelled")
            _withdraw(connection, row.asker)

    def delete(self, session: str, search_id: str) -> None:
        """Take a search out of the store, and with it the runs that nobody else has asked for."""
        with self._database.writing() as connection:
            row = _mine(connection, session, search_id)
            _withdraw(connection, row.asker)
            delete_search(connection, row.id, row.asker, row.created)

    def extend(self, session: str, search_id: str, before: str, plan: str, limits: Settings) -> None:
        """Put a larger plan in place of the one `before`; one that has ended runs on."""
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            row = _mine(connection, session, search_id)
            if row.plan != before:
                raise RegdashError("This search has been changed at this moment. Look at it, and try again.")
            to = "paused" if row.state == "paused" else "running"
            _change(connection, row, (*ACTIVE, "done"), to, "be extended", plan=plan, sentence="")
            _check_number(connection, session, limits)

    def reveal(self, session: str, search_id: str, number: int, wanted: Sequence[Wanted]) -> None:
        """Open the test part for one trial, once and for all, by asking for its runs."""
        with self._database.writing() as connection:
            row = _mine(connection, session, search_id)
            if row.revealed not in (-1, number):
                raise RegdashError(
                    f"The test part has been opened for trial {row.revealed} already. Whoever looks twice chooses "
                    "by the test part, and it is honest no more."
                )
            where = searches.c.id == row.id
            changes = {"revealed": number, "version": searches.c.version + 1, "updated": time.time()}
            connection.execute(update(searches).where(where).values(**changes))
            enter_requests(connection, row.asker, {each.run_id: each for each in wanted})


def trial_row(search_id: str, trial: Trial, now: float) -> dict[str, Any]:
    """A trial as it is kept."""
    row = {name: getattr(trial, name) for name in ("number", "epochs", "rung", "bracket", "origin", "told")}
    outcome = json.dumps(trial.outcome.to_dict()) if trial.outcome else ""
    row |= {"point": json.dumps(dict(trial.values)), "outcome": outcome}
    return row | {"search": search_id, "created": now, "told_at": now if trial.told else 0.0}


def read_trial(row: Mapping[str, Any]) -> Trial:
    """The trial of a row; damaged ones raise ValueError, KeyError, TypeError or AttributeError."""
    values = {path: tuple(v) if isinstance(v, list) else v for path, v in json.loads(row["point"]).items()}
    outcome = Outcome.from_dict(json.loads(row["outcome"])) if row["told"] else None
    return Trial(row["number"], values, row["epochs"], row["rung"], row["bracket"], row["origin"], outcome)


def _mine(connection: Connection, session: str, search_id: str) -> SearchRow:
    """A search of this session, which nobody else changes until the transaction ends."""
    check_session(session)
    if is_search(search_id):
        query = select(*COLUMNS).where(searches.c.id == search_id, searches.c.session == session)
        row = connection.execute(query.with_for_update()).one_or_none()
        if row is not None:
            return SearchRow(*row)
    raise RegdashError(NOT_MINE)


def _change(connection: Connection, row: SearchRow, when: Sequence[str], to: str, what: str, **more: str) -> None:
    if row.state not in when:
        raise RegdashError(f"This search {STATES[row.state]}, so it cannot {what}.")
    values = {"state": to, "version": searches.c.version + 1, "updated": time.time(), **more}
    connection.execute(update(searches).where(searches.c.id == row.id).values(**values))


def _withdraw(connection: Connection, asker: str) -> None:
    """Ask for none of its unfinished runs any more."""
    mine = requests.c.session == asker
    query = select(runs.c.id).join(requests).where(mine, runs.c.state.in_(UNFINISHED)).order_by(runs.c.id)
    ids = list(connection.scalars(query))
    lock_runs(connection, ids)
    connection.execute(update(requests).where(mine, requests.c.run_id.in_(ids)).values(cancelled=True))
    drop_unwanted(connection, ids)


def _check_number(connection: Connection, session: str, limits: Settings) -> None:
    query = select(func.count()).where(searches.c.session == session, searches.c.state.in_(ACTIVE))
    if (connection.scalar(query) or 0) > limits.max_searches:
        raise RegdashError(
            f"You may have at most {limits.max_searches} unfinished searches at once. "
            "Wait until one has ended, or cancel one."
        )
