"""Which trial is the answer: the best one, those that cannot be told from it, and the one-standard-error rule."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regdash.intervals import paired_change
from regdash.params import Param, shown
from regdash.search.dimension import OFF_SHARE, Choice, Dimension
from regdash.search.plan import Plan
from regdash.search.space import Values
from regdash.search.trial import Trial, loss


@dataclass(frozen=True)
class Choice1SE:
    """What the one-standard-error rule chooses; `trial` is the best one itself where the rule has nothing to offer.

    `threshold` is the score that a trial has to reach, nan where the best one has a single run.
    """

    trial: Trial
    best: Trial
    threshold: float
    sentence: str


def best(plan: Plan, trials: Sequence[Trial]) -> Trial | None:
    """The trial with the best score, the first of equal ones; None while none has a score.

    With halving only the trials with the most epochs so far are asked: scores after fewer epochs are of another race.
    """
    ranked = _ranked(plan, trials)
    return ranked[0] if ranked else None


def ties(plan: Plan, trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """The other trials whose difference from the best is within the noise of seeds and folds, the better ones first.

    Judged by the 95 % interval of the paired difference (Student's t): the k-th run of both has the same seed and the
    same fold. Folds share training rows, so over folds the interval is somewhat too narrow. With a single run per
    trial nothing can be told, and there are none.
    """
    ranked = _ranked(plan, trials)
    return tuple(each for each in ranked[1:] if _within_noise(each, ranked[0]))


def one_standard_error(plan: Plan, trials: Sequence[Trial]) -> Choice1SE | None:
    """The strongest regularisation among the trials within one standard error of the best; None while none has a score.

    A trial is within it when its loss <= (loss of the best) + S / sqrt(n), S the standard deviation over the n runs
    of the best trial. With one strength searched this is the textbook's rule and glmnet's lambda.1se. Source: Hastie,
    Tibshirani and Friedman, The Elements of Statistical Learning, 2nd ed., section 7.10.
    """
    ranked = _ranked(plan, trials)
    if not ranked:
        return None
    first = ranked[0]
    assert first.outcome is not None
    error = first.outcome.standard_error
    if math.isnan(error):
        why = "One run per trial has no standard error: search with at least 2 seeds or folds to use the rule."
        return Choice1SE(first, first, math.nan, why)
    limit = loss(plan, first) + error
    threshold = -plan.objective.measure.better * limit
    if not strengths(plan):
        why = "No setting that was searched is a strength of a regulariser, so there is no stronger one to prefer."
        return Choice1SE(first, first, threshold, why)
    within = [each for each in ranked if loss(plan, each) <= limit]
    chosen = max(within, key=lambda each: (round(strength(plan, each.values), 9), -loss(plan, each), -each.number))
    return Choice1SE(chosen, first, threshold, _sentence(plan, chosen, first, error, threshold))


def strengths(plan: Plan) -> tuple[str, ...]:
    """The paths that are searched and say how strong a regulariser is."""
    return tuple(each.path for each, param in _pairs(plan) if param.strength)


def strength(plan: Plan, values: Values) -> float:
    """How strong the regularisation at a point is: the sum of the places in [0, 1] of its strengths in their ranges.

    "Off" is the weakest. Where a smaller value regularises more, as of a limit, the place counts from above.
    """
    return sum(_strength(each, param, values[each.path]) for each, param in _pairs(plan) if param.strength)


def _pairs(plan: Plan) -> list[tuple[Dimension, Param]]:
    return list(zip(plan.space.dimensions, plan.space.params, strict=True))


def _strength(each: Dimension, param: Param, value: Any) -> float:
    """Where a value stands between the weakest and the strongest of its dimension."""
    if value == param.off:
        return 0.0
    if isinstance(each, Choice):
        order = sorted({_size(choice, param) for choice in each.values(param)})
        return (order.index(_size(value, param)) + 0.5) / len(order)
    place = replace(each, off=False).place(value, param)
    return OFF_SHARE + (1 - OFF_SHARE) * (place if param.strength > 0 else 1 - place)


def _size(choice: Any, param: Param) -> float:
    """A number that is larger for a stronger choice; of a list of rates their mean."""
    if choice == param.off:
        return -math.inf
    return param.strength * float(np.mean(choice)) if choice != () else 0.0


def _ranked(plan: Plan, trials: Sequence[Trial]) -> list[Trial]:
    """The trials with a score and the most epochs, the best first; of equal points the first only."""
    scored = [each for each in trials if math.isfinite(loss(plan, each))]
    most = max((each.epochs for each in scored), default=0)
    points: dict[str, Trial] = {}
    for each in sorted(scored, key=lambda each: each.number):
        if each.epochs == most:
            points.setdefault(each.point, each)
    return sorted(points.values(), key=lambda each: (loss(plan, each), each.number))


def _within_noise(trial: Trial, first: Trial) -> bool:
    assert trial.outcome is not None
    assert first.outcome is not None
    return bool(paired_change(trial.outcome.scores, first.outcome.scores).within_noise)


def _sentence(plan: Plan, chosen: Trial, first: Trial, error: float, threshold: float) -> str:
    measure = plan.objective.measure
    limit, score, spread = (measure.written(value) for value in (threshold, first.score, error))
    way = "down" if measure.better > 0 else "up"
    begin = f"{measure.label}: the best is {score}, and {way} to {limit} is within one standard error ({spread}) of it."
    if chosen.number == first.number:
        return f"{begin} No trial that reaches it is regularised more strongly than the best itself."
    pairs = [(param.label, chosen.values[each.path]) for each, param in _pairs(plan) if param.strength]
    values = ", ".join(f"{label} {shown(value)}" for label, value in pairs)
    return (
        f"{begin} Of those that reach it the most strongly regularised has {values}: {measure.written(chosen.score)}."
    )
