"""Successive halving and Hyperband: most points get a few epochs only, the best of them more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regdash.search.dimension import Range
from regdash.search.plan import FEWEST_EPOCHS, Plan
from regdash.search.strategies import Known
from regdash.search.trial import Trial, loss

EPOCHS = "training.epochs"


@dataclass(frozen=True)
class Bracket:
    """So many points begin with the epochs of the first rung; of each rung the best 1/eta go on to the next."""

    number: int
    points: int
    epochs: tuple[int, ...]

    def sizes(self, eta: int) -> tuple[int, ...]:
        """How many points each rung has when none fails: n, ceil(n / eta), ..."""
        found = [self.points]
        while len(found) < len(self.epochs):
            found.append(math.ceil(found[-1] / eta))
        return tuple(found)


def brackets(plan: Plan) -> tuple[Bracket, ...]:
    """The brackets of a plan, one after the other; without halving a single one with a single rung of 0 epochs.

    Hyperband has one for each number of halvings s from the most to none, with eta^s / (s + 1) parts of the points.
    Source: Li et al., JMLR 18 (2018) 1-52, algorithm 1.
    """
    if not plan.halving:
        return (Bracket(0, plan.total, (0,)),)
    epochs = rungs(plan.space.base.training.epochs, plan.eta)
    if plan.halving == "halving":
        return (Bracket(0, plan.total, epochs),)
    halvings = range(len(epochs) - 1, -1, -1)
    shares = _shared(plan.total, [plan.eta**s / (s + 1) for s in halvings])
    return tuple(Bracket(k, points, epochs[k:]) for k, points in enumerate(shares))


def rungs(epochs: int, eta: int) -> tuple[int, ...]:
    """E / eta^k, ..., E / eta, E epochs, the first with at least five; each rung trains from the beginning."""
    found = [epochs]
    while epochs / eta ** len(found) >= FEWEST_EPOCHS:
        found.append(round(epochs / eta ** len(found)))
    return tuple(reversed(found))


def trials_of(plan: Plan) -> int:
    """How many trials a plan makes when none fails, those of all rungs together."""
    return sum(sum(bracket.sizes(plan.eta)) for bracket in brackets(plan))


def epochs_of(plan: Plan) -> int:
    """The epochs of all runs together, at most: what a plan costs, to be set against the one without halving."""
    each = next((d.high for d in plan.space.dimensions if d.path == EPOCHS and isinstance(d, Range)), None)
    listed = [value for d in plan.space.dimensions if d.path == EPOCHS for value in getattr(d, "choices", ())]
    longest = int(each or max(listed, default=plan.space.base.training.epochs))
    found = (
        size * (epochs or longest)
        for bracket in brackets(plan)
        for size, epochs in zip(bracket.sizes(plan.eta), bracket.epochs, strict=True)
    )
    return sum(found) * plan.objective.runs


def promoted(plan: Plan, bracket: Bracket, trials: Sequence[Trial]) -> list[tuple[Trial, int]]:
    """Who goes on now, in a bracket whose trials have all ended: (trial, epochs of its next rung).

    The best ceil(n / eta) of a rung, the earlier number first among equals; one that failed never goes on.
    """
    for rung, epochs in enumerate(bracket.epochs[1:], 1):
        before = [each for each in trials if each.rung == rung - 1]
        whole = sorted((each for each in before if math.isfinite(each.score)), key=lambda t: (loss(plan, t), t.number))
        gone = {each.origin for each in trials if each.rung == rung}
        best = whole[: math.ceil(len(before) / plan.eta)]
        if new := [(each, epochs) for each in best if each.origin not in gone]:
            return new
    return []


def known(plan: Plan, trials: Sequence[Trial], enough: int = 0) -> list[Known]:
    """What a strategy learns from: every proposed point in its order, with its loss at comparable epochs.

    Those are the most epochs b that `enough` points have been trained for: D + 3 when D settings are searched, as in
    BOHB (Falkner, Klein and Hutter, ICML 2018, section 3.2). A point of a later bracket that began above b counts
    with its first rung; one that has not come so far counts as still training, one that failed as failed.
    """
    budgets = sorted({each.epochs for each in trials if each.told})
    enough = enough or len(plan.space.dimensions) + 3
    counts = {b: sum(each.told and each.epochs == b for each in trials) for b in budgets}
    least = max((b for b in budgets if counts[b] >= enough), default=min(budgets, default=0))
    found: dict[int, float] = {each.origin: math.nan for each in trials if not each.rung}
    for each in sorted(trials, key=lambda trial: trial.epochs):
        failed = each.told and not math.isfinite(each.score)
        if failed or (each.epochs >= least and math.isnan(found[each.origin])):
            found[each.origin] = loss(plan, each)
    return [Known(each.values, found[each.origin]) for each in trials if not each.rung]


def _shared(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total, by largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    found = [math.floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda k: (found[k] - exact[k], k))
    for k in order[: total - sum(found)]:
        found[k] += 1
    return found
