"""A queue whose searches train nothing: each look at one ends its open trials by a formula."""

import math
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from regdash.errors import RegdashError
from regdash.search import Outcome, Plan, Trial, next_trials

ID = "0123456789abcdef" * 2
SCORES = (-0.01, 0.0, 0.01)  # how the seeds of a trial lie around its mean


def bowl(plan: Plan, values: dict) -> Outcome:
    """Smallest at l2 = 0.01: the squared distance of the logarithms, spread a little over the seeds."""
    middle = math.log10(values["l2.l2"] / 0.01) ** 2
    scores = tuple(middle + SCORES[k % 3] for k in range(plan.objective.runs))
    return Outcome(scores, {"epoch": tuple(5.0 for _ in scores)})


@dataclass(frozen=True)
class FakeView:
    """What `regdash.jobs.searches.SearchView` says of a search."""

    id: str
    session: str
    plan: Plan
    state: str = "running"
    sentence: str = ""
    trials: tuple[Trial, ...] = ()
    seconds_left: float | None = None
    trials_per_second: float | None = None
    version: str = "0"

    @property
    def runs_total(self) -> int:
        return max(self.plan.total, len(self.trials)) * self.plan.objective.runs


@dataclass
class FakeSearches:
    """Keeps the last search; `stop_at` raises what Ctrl-C raises when so many trials have ended."""

    outcome: object = bowl
    stop_at: int = -1
    kept: FakeView | None = None
    said: list = field(default_factory=list)

    def begin(self, session, plan, race=""):
        self.kept = FakeView(ID, session, plan)
        self.said.append("begin")
        return ID

    def view(self, search_id):
        found = self.kept if self.kept is not None and self.kept.id == search_id else None
        if found is not None and found.state == "running":
            self.kept = self._later(found)
        return found

    def _later(self, found):
        told = sum(each.told for each in found.trials)
        if told == self.stop_at:
            self.stop_at = -1
            raise KeyboardInterrupt
        trials = [t if t.told else t.ended(self.outcome(found.plan, t.values)) for t in found.trials]
        trials += next_trials(found.plan, trials)
        state = "done" if all(each.told for each in trials) else "running"
        return replace(found, trials=tuple(trials), state=state, version=str(int(found.version) + 1))

    def pause(self, session, search_id):
        self._change(session, "paused")

    def resume(self, session, search_id):
        self._change(session, "running")

    def _change(self, session, state):
        if self.kept is None or session != self.kept.session:
            raise RegdashError("There is no such search of yours.")
        self.kept = replace(self.kept, state=state)
        self.said.append(state)


class FakeQueue:
    """As `regdash.jobs.queue.Queue`, as far as a command needs it."""

    def __init__(self, searches=None, warning="", engine="ready"):
        self.searches = searches or FakeSearches()
        self.warning = warning
        self.state = engine
        self.closed = False

    def engine(self):
        sentence = "The engine is not running. Start it with: regdash coordinator"
        return SimpleNamespace(state=self.state, sentence=sentence)

    def close(self):
        self.closed = True
