"""What is tried next: a pure function of the plan and of the trials so far."""

import math
from collections.abc import Sequence

from regdash.search.plan import Plan
from regdash.search.strategies import Known
from regdash.search.trial import Trial

STACK = 256  # runs that are under way at once
BATCH = 8  # trials of a strategy that learns


def next_trials(plan: Plan, trials: Sequence[Trial]) -> list[Trial]:
    """The trials to begin now, given all so far in the order of their numbers; none while it has to wait, or is done.

    It depends on nothing else, so after any loss the same trials are proposed again.
    """
    waiting = sum(not each.told for each in trials)
    remaining = plan.total - len(trials)
    if plan.proposer.adaptive:
        count = 0 if waiting else min(BATCH, remaining)
    else:
        places = max(1, STACK // plan.objective.runs)
        count = min(places - waiting, remaining) if waiting <= places // 2 else 0
    if count <= 0:
        return []
    known = [Known(each.values, loss(plan, each)) for each in trials]
    proposed = plan.proposer.propose(plan.space, known, count, plan.seed)
    return [Trial(len(trials) + k, values, origin=len(trials) + k) for k, values in enumerate(proposed)]


def finished(plan: Plan, trials: Sequence[Trial]) -> bool:
    """Whether all trials have ended and none follows."""
    return all(each.told for each in trials) and not next_trials(plan, trials)


def loss(plan: Plan, trial: Trial) -> float:
    """Smaller is better: the score with its sign; inf for a trial that failed, nan for one that still trains."""
    if not trial.told:
        return math.nan
    return math.inf if math.isnan(trial.score) else -plan.objective.measure.better * trial.score
