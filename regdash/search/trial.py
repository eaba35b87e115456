"""Trial: one point of the space that was tried, and what came of it."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from regdash.search.objective import Outcome
from regdash.search.plan import Plan
from regdash.search.space import Values


@dataclass(frozen=True)
class Trial:
    """A proposal with its number, from 0 in the order of proposals; `outcome` is None until its runs have ended.

    With successive halving a point that goes on is a new trial with more `epochs` in the next `rung`; `origin` is the
    number of its first one. Otherwise `epochs` is 0: as many as the experiment says.
    """

    number: int
    values: Values
    epochs: int = 0
    rung: int = 0
    bracket: int = 0
    origin: int = -1
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        if self.origin < 0:
            object.__setattr__(self, "origin", self.number)

    @property
    def told(self) -> bool:
        """Whether its runs have ended."""
        return self.outcome is not None

    @property
    def score(self) -> float:
        """The mean over its runs; nan while there is none, and when it failed."""
        return self.outcome.mean if self.outcome else math.nan

    def ended(self, outcome: Outcome) -> "Trial":
        """The trial with what came of it."""
        return replace(self, outcome=outcome)

    @property
    def point(self) -> str:
        """Its values as text, equal for equal points."""
        return json.dumps(dict(self.values), sort_keys=True)


def loss(plan: Plan, trial: Trial) -> float:
    """Smaller is better: the score with its sign; inf for a trial that failed, nan for one that still trains."""
    if not trial.told:
        return math.nan
    return math.inf if math.isnan(trial.score) else -plan.objective.measure.better * trial.score


def longest(trials: Sequence[Trial]) -> list[Trial]:
    """Of each point the told trial with the most epochs, in the order of their first numbers."""
    found: dict[str, Trial] = {}
    for each in trials:
        if each.told and (each.point not in found or each.epochs >= found[each.point].epochs):
            found[each.point] = each
    return list(found.values())
