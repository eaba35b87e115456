"""What pages and scripts call for searches: begin, look, pause, extend, cancel. Nothing here trains or proposes."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from regdash.codec import identity, to_json
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.own_tables import share_tables
from regdash.jobs.recent import Recent
from regdash.jobs.search_limits import check_search
from regdash.jobs.search_view import SearchState, SearchSummary, SearchView, search_view, summary
from regdash.record import unpack
from regdash.repeats import setting_key
from regdash.search import InvalidSearch, Plan, Trial, plan_from_json, plan_to_json
from regdash.search.reveal import Optimism, optimism, reveal_members
from regdash.settings import Settings
from regdash.store.database import Database
from regdash.store.requests import RequestStore, Wanted
from regdash.store.searches import SearchRow, SearchStore

KEPT = 64  # searches in the memory of the web process
SHARE, LONGEST = 0.05, 0.5  # of one core, at most, for looking at a search; and seconds for which one look serves all


@dataclass
class _Known:
    """What has been read of a search; trials that were told are never read again."""

    trials: list[Trial] = field(default_factory=list)
    version: int = -1
    view: SearchView | None = None
    optimism: Optimism | str | None = None  # a sentence where it cannot be told
    until: float = 0.0


class Searches:
    """The way from pages to searches; safe to share between sessions and threads."""

    def __init__(self, database: Database, limits: Settings, ensure: Callable[[], None] = lambda: None) -> None:
        self._database, self._limits, self._ensure = database, limits, ensure
        self._store, self._requests = SearchStore(database), RequestStore(database)
        self._known = Recent(KEPT)
        self._opened = Recent(KEPT)
        self._reveals = 0  # by this process
        self._lock = Lock()

    def begin(self, session: str, plan: Plan, race: str = "") -> str:
        """Let a search begin; returns its id. Raises RegdashError with a sentence when a limit is passed."""
        return self._begin(session, [plan], race)[0]

    def race(self, session: str, plans: Sequence[Plan]) -> list[str]:
        """Let several searches begin side by side, all or none; returns their ids."""
        return self._begin(session, plans, secrets.token_hex(16))

    def race_of(self, race: str) -> list[str]:
        """The ids of the searches of a race, in their order."""
        return self._store.of_race(race)

    def mine(self, sessions: Sequence[str]) -> list[SearchSummary]:
        """The searches of these sessions, newest first; those of another version of Regdash are left out."""
        found = ((row, told, _plan(row.plan)) for row, told in self._store.mine(sessions))
        return [summary(row, told, plan) for row, told, plan in found if plan is not None]

    def opened(self, sessions: Sequence[str]) -> frozenset[str]:
        """The ids of the runs for which these sessions have opened the test part; looked up once a second."""
        key = (*sessions, self._reveals, int(time.monotonic()))
        known: frozenset[str] | None = self._opened.get(key)
        if known is None:
            found = ((_plan(text), trial) for text, trial in self._store.opened(sessions))
            members = (plan.members(trial.values, trial.epochs) for plan, trial in found if plan is not None)
            known = frozenset(identity(member) for each in members for member in each)
            self._opened.put(key, known)
        return known

    def view(self, search_id: str) -> SearchView | None:
        """How far a search is; None for one the store does not know, or that this version cannot read."""
        self._ensure()
        with self._lock:
            known: _Known | None = self._known.get(search_id)
            if known is not None and time.monotonic() < known.until:
                return known.view
            began = time.monotonic()
            row = self._store.get(search_id)
            plan = _plan(row.plan) if row is not None else None
            if row is None or plan is None:
                return None
            known = known or _Known()
            known.view = self._look(known, row, plan)
            known.until = time.monotonic() + min((time.monotonic() - began) / SHARE, LONGEST)
            self._known.put(search_id, known)
            return known.view

    def pause(self, session: str, search_id: str) -> None:
        """Propose nothing new; what has begun is finished."""
        self._store.pause(session, search_id)
        self._forget(search_id)

    def resume(self, session: str, search_id: str) -> None:
        """Go on after a pause."""
        self._store.resume(session, search_id)
        self._forget(search_id)

    def cancel(self, session: str, search_id: str) -> None:
        """End a search now; what has been found is kept, runs that somebody else wants too go on for them."""
        self._store.cancel(session, search_id)
        self._forget(search_id)

    def delete(self, session: str, search_id: str) -> None:
        """Take a search with its trials out of the store, and its runs where nobody else has asked for them."""
        self._store.delete(session, search_id)
        self._forget(search_id)

    def extend(self, session: str, search_id: str, trials: int) -> None:
        """Try so many points more; a search that has ended runs on, without a limit of time if that was used up."""
        row, plan = self._mine(session, search_id)
        if plan.strategy == "grid" or plan.halving:
            what = "A grid tries each of its points once" if plan.strategy == "grid" else "Halving lays out its rungs"
            raise RegdashError(f"{what}, so it cannot be extended. Begin another search instead.")
        if trials < 1:
            raise RegdashError(f"A search must be extended by at least 1 trial, got {trials}.")
        time_left = plan.seconds if plan.seconds > row.spent else 0.0
        larger = plan_from_json(row.plan, trials=plan.trials + trials, seconds=time_left)
        check_search(larger, self._limits)
        self._store.extend(session, search_id, row.plan, plan_to_json(larger), self._limits)
        self._forget(search_id)

    def reveal(self, session: str, search_id: str, number: int) -> None:
        """Open the test part for one trial, once and for all; the view has the optimism when its runs have ended."""
        _, plan = self._mine(session, search_id)
        trial = next((each for each in self._store.trials(search_id, number) if each.number == number), None)
        if trial is None or not trial.told:
            raise RegdashError(f"The test part can be opened for a trial that has ended; number {number} has not.")
        runs = [_wanted(experiment) for experiment in reveal_members(plan, trial)]
        self._store.reveal(session, search_id, number, runs)
        self._reveals += 1
        self._forget(search_id)

    def _begin(self, session: str, plans: Sequence[Plan], race: str) -> list[str]:
        for plan in plans:
            check_search(plan, self._limits)
        share_tables(self._database, session, [plan.space.base for plan in plans], self._limits)
        self._ensure()
        return self._store.begin(session, [plan_to_json(plan) for plan in plans], self._limits, race)

    def _mine(self, session: str, search_id: str) -> tuple[SearchRow, Plan]:
        row = self._store.get(search_id)
        plan = _plan(row.plan) if row is not None and row.session == session else None
        if row is None or plan is None:
            raise RegdashError("There is no such search of yours: only whoever began a search may change it.")
        return row, plan

    def _forget(self, search_id: str) -> None:
        """Read it anew the next time: this process has just changed it."""
        with self._lock:
            known: _Known | None = self._known.get(search_id)
            if known is not None:
                known.until = 0.0

    def _look(self, known: _Known, row: SearchRow, plan: Plan) -> SearchView:
        if known.version != row.version:
            settled = next((each.number for each in known.trials if not each.told), len(known.trials))
            known.trials[settled:] = self._store.trials(row.id, settled)
            known.version = row.version
        if row.revealed >= 0 and known.optimism is None:
            known.optimism = self._optimism(plan, known.trials, row.revealed)
        unfinished = self._store.unfinished(row.asker) if row.state in ("running", "paused") else (0, 0.0)
        return search_view(row, plan, tuple(known.trials), unfinished, known.optimism)

    def _optimism(self, plan: Plan, trials: Sequence[Trial], number: int) -> Optimism | str | None:
        """How much too good the figure of a trial was; None while runs are open, a sentence if they cannot tell."""
        trial = next((each for each in trials if each.number == number), None)
        if trial is None or trial.outcome is None:
            return None
        ids = [identity(experiment) for experiment in reveal_members(plan, trial)]
        records = self._requests.records(ids)
        try:
            return optimism(plan, [unpack(records[id_]) for id_ in ids]) if len(records) == len(set(ids)) else None
        except RegdashError as error:
            return str(error)


@lru_cache(maxsize=256)
def _plan(text: str) -> Plan | None:
    """The plan of a row; None when another version of Regdash wrote it and this one cannot read it."""
    try:
        return plan_from_json(text)
    except InvalidSearch:
        return None


def _wanted(experiment: Experiment) -> Wanted:
    return Wanted(identity(experiment), to_json(experiment), experiment.training.epochs, False, setting_key(experiment))


__all__ = ["SearchState", "SearchSummary", "SearchView", "Searches"]
