"""Carries searches on, inside the coordinator: tells trials whose runs have ended, and proposes the next ones.

Nothing is known here that the store does not hold, and what is proposed depends on that alone: whenever this process is
lost, another one takes the same steps.
"""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from regdash.codec import to_json
from regdash.errors import StoreUnavailable
from regdash.jobs.logs import log_event
from regdash.jobs.one_search import OneSearch, outcome
from regdash.jobs.own_tables import fetch_table
from regdash.jobs.thinking import MOMENT, Thinking
from regdash.search import Outcome, plan_from_json
from regdash.settings import Settings
from regdash.store.database import Database
from regdash.store.requests import RequestStore
from regdash.store.search_steps import SearchSteps
from regdash.store.searches import SearchRow, SearchStore

log = logging.getLogger("regdash.coordinator")

LOOK_SECONDS = 1.0  # at least, between two looks at runs that this coordinator has not ended itself
SHARED_SECONDS = 0.25  # the same while other coordinators train as well
REST, LONGEST_REST = 4.0, 0.05  # after telling, so many times as long and at most so many seconds until the next time
SAVE_SECONDS = 1.0  # between two notes of the seconds that were spent
THINK_SECONDS = 0.1  # of proposing in one turn; then the workers and the other searches have theirs


class Searcher:
    """The searches of one coordinator, each a step further in every turn."""

    def __init__(
        self,
        database: Database,
        owner: str,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        moment: float = MOMENT,
    ) -> None:
        self._database, self._owner, self._settings, self._clock = database, owner, settings, clock
        self._store, self._steps, self._requests = SearchStore(database), SearchSteps(database), RequestStore(database)
        self._thinking = Thinking(settings, moment)
        self._going: dict[str, OneSearch] = {}  # whose turn it is comes first
        self._others: list[SearchRow] = []  # that other coordinators carry on
        self._news = self._ended = self._stale = False
        self._next_look = self._next_tell = self._next_save = 0.0
        self._apart = LOOK_SECONDS
        self._counted = clock()

    def turn(self, news: bool, ended: bool, at_work: bool) -> bool:
        """Take the steps that are due; whether new runs wait because of it.

        `news`: somebody has written to the store. `ended`: runs of this coordinator have ended. `at_work`: the
        workers are ready, so that the time counts.
        """
        self._count(at_work)
        if news or ended or self._stale:
            self._refresh()
            self._news, self._stale = True, False
        if not self._going:
            return False
        self._ended = self._ended or ended
        began = self._clock()
        due = (self._ended and began >= self._next_tell) or (self._news and began >= self._next_look)
        asked = self._step_all(due)
        if due:
            now = self._clock()
            self._news = self._ended = False
            self._next_look, self._next_tell = now + self._apart, now + min(REST * (now - began), LONGEST_REST)
        return asked

    def adopt(self, living: Collection[str]) -> None:
        """Take over what a coordinator has left behind that is none of the living."""
        self._apart = SHARED_SECONDS if living else LOOK_SECONDS
        left = [row for row in self._others if row.owner not in living]
        for row in left:
            if self._steps.take_over(row.id, row.owner, self._owner):
                log_event(log, "search taken over", search=row.id)
        if left:
            self._refresh()

    @property
    def sessions(self) -> set[str]:
        """Whose searches they are."""
        return {search.row.session for search in self._going.values()}

    def close(self) -> None:
        """Leave the searches to others."""
        self._thinking.close()
        self._save()
        if self._going:
            self._steps.let_go(self._owner)

    # What there is

    def _refresh(self) -> None:
        rows = [self._taken(row) for row in self._steps.active()]
        mine = {row.id: row for row in rows if row.owner == self._owner}
        self._others = [row for row in rows if row.id not in mine]
        self._going = {id_: search for id_, search in self._going.items() if id_ in mine}
        self._thinking.keep(mine)
        for row in mine.values():
            try:
                self._note(row)
            except StoreUnavailable:
                raise
            except Exception as error:
                self._fail(row, "cannot be read", error, 0.0)

    def _taken(self, row: SearchRow) -> SearchRow:
        """A search that nobody carries on is this coordinator's from now on."""
        if row.owner or not self._steps.take_over(row.id, "", self._owner):
            return row
        log_event(log, "search taken over" if row.version else "search began", search=row.id)
        return replace(row, owner=self._owner)

    def _note(self, row: SearchRow) -> None:
        """Bring what is in memory to the version of the store."""
        known = self._going.get(row.id)
        if known is None or known.row.plan != row.plan:
            plan = plan_from_json(row.plan)
            fetch_table(self._database, to_json(plan.space.base))
            self._going[row.id] = OneSearch(row, plan, self._store.trials(row.id))
        elif known.row.version == row.version:
            known.row = row
        else:
            known.reload(row, self._store.trials(row.id, known.settled))

    # Steps

    def _step_all(self, due: bool) -> bool:
        """One step of each search; those that find no time for it are the first in the next turn."""
        until = self._clock() + THINK_SECONDS
        asked = False
        for search in list(self._going.values()):
            if due or search.fresh:
                self._guarded(search, self._tell)
            if self._clock() < until:
                asked = self._guarded(search, self._go_on) or asked
                if self._going.pop(search.row.id, None) is not None:
                    self._going[search.row.id] = search
        return asked

    def _guarded(self, search: OneSearch, step: Callable[[OneSearch], bool]) -> bool:
        """A search that fails of itself ends with a sentence, and disturbs no other."""
        if self._going.get(search.row.id) is not search:
            return False
        try:
            return step(search)
        except StoreUnavailable:
            raise
        except Exception as error:
            self._fail(search.row, "stopped with an error of its own", error, search.unsaved)
            return False

    def _fail(self, row: SearchRow, what: str, error: Exception, seconds: float) -> None:
        words = " ".join(str(error).split())[:200]
        log_event(log, "search failed", logging.WARNING, search=row.id, error=type(error).__name__)
        self._end(row, "failed", f"This search {what} ({type(error).__name__}: {words}).", seconds)

    def _tell(self, search: OneSearch) -> bool:
        """Tell the trials whose runs have all ended, all at once; ask again for runs that are gone."""
        runs = {each.number: search.runs(each) for each in search.open}
        ends = self._steps.ends([run.run_id for group in runs.values() for run in group])
        gone = [run for group in runs.values() for run in group if run.run_id not in ends]
        if gone:
            self._steps.ask_again(search.row, gone)
        over = [
            number
            for number, group in runs.items()
            if all(ends.get(run.run_id, ("",))[0] in ("done", "failed") for run in group)
        ]
        search.fresh = False
        if not over:
            return False
        records = self._requests.records({run.run_id for number in over for run in runs[number]})
        outcomes: dict[int, Outcome] = {}
        for number in over:
            group = [run.run_id for run in runs[number]]
            outcomes[number] = outcome(search.plan, [ends[id_] for id_ in group], [records.get(i, b"") for i in group])
        if self._advanced(search, self._steps.tell(search.row, outcomes, search.unsaved)):
            search.told(outcomes)
            log_event(log, "trials told", search=search.row.id, trials=len(outcomes))
        return True

    def _go_on(self, search: OneSearch) -> bool:
        """Propose, or end; whether runs were asked for."""
        if search.row.state != "running" or not (search.ripe or search.late):
            return False
        if search.late or search.hopeless:
            self._end_if_told(search)
            return False
        if self._requests.queue().waiting >= self._settings.max_queue:
            return False
        proposed = self._thinking.about(search)
        if proposed is None:
            return False
        if not proposed:
            self._end_if_told(search)
            search.ripe = False
            return False
        runs = [run for _, group in proposed for run in group]
        trials = [trial for trial, _ in proposed]
        if self._advanced(search, self._steps.propose(search.row, trials, runs, search.unsaved)):
            search.proposed(proposed)
            log_event(log, "trials proposed", search=search.row.id, trials=len(proposed), runs=len(runs))
        return bool(runs)

    def _end_if_told(self, search: OneSearch) -> None:
        if not search.open:
            self._end(search.row, *search.end(), search.unsaved)

    def _end(self, row: SearchRow, state: str, sentence: str, seconds: float) -> None:
        if self._steps.end(row, state, sentence, seconds):
            log_event(log, "search ended", search=row.id, state=state)
        self._going.pop(row.id, None)

    def _advanced(self, search: OneSearch, step: bool) -> bool:
        """Note that the store has taken a step and knows all seconds; else somebody was faster, so look again."""
        row = search.row
        if step:
            search.row = replace(row, version=row.version + 1, spent=row.spent + search.unsaved)
            search.unsaved = 0.0
        self._stale = self._stale or not step
        return step

    # Time

    def _count(self, at_work: bool) -> None:
        now = self._clock()
        passed, self._counted = now - self._counted, now
        for search in self._going.values():
            if at_work and search.row.state == "running":
                search.unsaved += passed
        if now >= self._next_save:
            self._next_save = now + SAVE_SECONDS
            self._save()

    def _save(self) -> None:
        going = [search for search in self._going.values() if search.unsaved]
        if going:
            self._steps.spend({search.row.id: search.unsaved for search in going})
        for search in going:
            search.row = replace(search.row, spent=search.row.spent + search.unsaved)
            search.unsaved = 0.0
