"""A search as pages see it, made of its row, its plan and its trials."""

from dataclasses import dataclass
from typing import Literal, cast

from regdash.search import Plan, Trial
from regdash.search.halving import trials_of
from regdash.search.reveal import Optimism
from regdash.store.searches import SearchRow

SearchState = Literal["running", "paused", "done", "cancelled", "failed"]


@dataclass(frozen=True)
class SearchView:
    """One search as a page sees it."""

    id: str
    session: str
    plan: Plan
    state: SearchState
    sentence: str  # why it ended, where that has to be said
    trials: tuple[Trial, ...]  # told and open, by number
    spent: float  # seconds of running
    runs_done: int
    runs_total: int  # of all trials, as far as known
    share: float  # that is done, 0 to 1, epochs of runs under way included
    seconds_left: float | None  # None before the first epochs, and when it does not run
    trials_per_second: float | None
    race: str
    revealed: int  # the trial whose test part was opened; -1 for none
    optimism: Optimism | None  # of that trial, as soon as it is known
    unopened: str  # why the test part cannot tell anything, or nothing
    created: float
    version: str  # another one whenever something is newer


@dataclass(frozen=True)
class SearchSummary:
    """One search in a list."""

    id: str
    plan: Plan
    state: SearchState
    sentence: str
    told: int  # trials
    total: int
    spent: float
    race: str
    created: float


def summary(row: SearchRow, told: int, plan: Plan) -> SearchSummary:
    """A search in a list, of whose trials so many have ended."""
    state = cast(SearchState, row.state)
    total = max(trials_of(plan), told)
    return SearchSummary(row.id, plan, state, row.sentence, told, total, row.spent, row.race, row.created)


def search_view(
    row: SearchRow,
    plan: Plan,
    trials: tuple[Trial, ...],
    unfinished: tuple[int, float],
    found: Optimism | str | None,
) -> SearchView:
    """A search as a page sees it; so many of the runs of its open trials are unfinished, and so far along together."""
    told, runs = sum(each.told for each in trials), plan.objective.runs
    going = row.state in ("running", "paused")
    done = told * runs + max(0, (len(trials) - told) * runs - unfinished[0]) * going
    far = done + unfinished[1]
    total = max(trials_of(plan), len(trials)) * runs
    pace = far / row.spent if row.spent else None
    return SearchView(
        id=row.id,
        session=row.session,
        plan=plan,
        state=cast(SearchState, row.state),
        sentence=row.sentence,
        trials=trials,
        spent=row.spent,
        runs_done=done,
        runs_total=total,
        share=_share(row, plan, far / max(1, total)),
        seconds_left=_seconds_left(row, plan, total - far, pace),
        trials_per_second=told / row.spent if told and row.spent else None,
        race=row.race,
        revealed=row.revealed,
        optimism=found if isinstance(found, Optimism) else None,
        unopened=found if isinstance(found, str) else "",
        created=row.created,
        version=f"{row.version}.{done}.{found is not None:d}",
    )


def _share(row: SearchRow, plan: Plan, runs: float) -> float:
    """The share that is done: of the runs, or of the time where that is what ends it."""
    if row.state in ("done", "failed", "cancelled"):
        return 1.0
    return min(1.0, row.spent / plan.seconds if plan.seconds else runs)


def _seconds_left(row: SearchRow, plan: Plan, runs: float, pace: float | None) -> float | None:
    """(runs to go) / (runs per second so far), but not longer than its time."""
    if row.state != "running" or not pace:
        return None
    left = runs / pace
    return min(left, max(0.0, plan.seconds - row.spent)) if plan.seconds else left
