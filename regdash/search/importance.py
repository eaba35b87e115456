"""Importance: which of the searched settings made the difference."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from regdash.errors import RegdashError
from regdash.params import excerpt
from regdash.search.halving import known
from regdash.search.plan import Plan
from regdash.search.space import Space
from regdash.search.strategies import Known
from regdash.search.trial import Trial

FEWEST = 50  # trials; with fewer the order of the settings is often a matter of chance
REPEATS, TREES = 20, 16
METHODS: Mapping[str, str] = {
    "mdi": "the mean decrease of impurity in a random forest",
    "ped_anova": "PED-ANOVA, a comparison of the best tenth of the trials with all",
}
"""The ways to tell the importance, in the order of the menu."""


@dataclass(frozen=True)
class Share:
    """The part of the differences that one setting explains, from 0 to 1, with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Importance:
    """The shares by path, which add up to 1, the largest first; none while `sentence` says why not."""

    method: str
    shares: Mapping[str, Share]
    trials: int
    sentence: str


def importance(plan: Plan, trials: Sequence[Trial], method: str = "mdi") -> Importance:
    """How much each searched setting matters, as shares of the whole.

    The mean and the 2.5th to 97.5th percentile over 20 fits, each to a bootstrap sample of the trials and with a seed
    of its own. Failed trials count as the worst of all. With halving the trials at comparable epochs count. Settings
    that never vary are left out. The trials of a strategy that learns
    lie mostly in good regions, so the shares hold there.
    Raises RegdashError for an unknown method. Source: Optuna's evaluators; Watanabe et al., IJCAI 2023 (PED-ANOVA).
    """
    if method not in METHODS:
        raise RegdashError(f"the method must be one of {', '.join(METHODS)}, got {excerpt(method)}")
    told = [each for each in known(plan, trials, FEWEST) if not math.isnan(each.loss)]
    varying = _varying(plan.space, told)
    if sentence := _missing(told, varying):
        return Importance(method, {}, len(told), sentence)
    fits = np.array([_fit(plan.space, told, varying, method, k) for k in range(REPEATS)])
    lows, highs = np.percentile(fits, [2.5, 97.5], axis=0)
    rows = zip(varying, fits.mean(axis=0).tolist(), lows.tolist(), highs.tolist(), strict=True)
    found = {path: Share(mean, low, high) for path, mean, low, high in rows}
    ordered = dict(sorted(found.items(), key=lambda item: -item[1].mean))
    return Importance(method, ordered, len(told), _sentence(plan.space, method, ordered, len(told)))


def _varying(space: Space, told: Sequence[Known]) -> tuple[str, ...]:
    paths = (each.path for each in space.dimensions)
    return tuple(path for path in paths if len({each.values[path] for each in told}) > 1)


def _missing(told: Sequence[Known], varying: Sequence[str]) -> str:
    """Why nothing can be said; empty when it can."""
    if len(told) < FEWEST:
        return f"The importance needs at least {FEWEST} finished trials to be more than chance, got {len(told)}"
    if len(varying) < 2:
        return "The importance compares settings, and fewer than two of them vary"
    if len({each.loss for each in told}) < 2:
        return "All trials are equally good: no setting makes a difference"
    return ""


def _fit(space: Space, told: Sequence[Known], varying: Sequence[str], method: str, seed: int) -> list[float]:
    """The shares [D] of one fit to a bootstrap sample."""
    from optuna.importance import (
        MeanDecreaseImpurityImportanceEvaluator,
        PedAnovaImportanceEvaluator,
        get_param_importances,
    )

    from regdash.search.strategies.asking import study_of

    rows = np.random.default_rng(seed).integers(len(told), size=len(told))
    drawn = [told[row] for row in rows.tolist()]
    if len({each.loss for each in drawn}) < 2:
        return [1 / len(varying)] * len(varying)
    forest = MeanDecreaseImpurityImportanceEvaluator(n_trees=TREES, seed=seed)
    evaluator = forest if method == "mdi" else PedAnovaImportanceEvaluator()
    names = sorted(varying)  # in another order Optuna 5 gives the forest's shares the wrong names
    found = get_param_importances(study_of(space, drawn), evaluator=evaluator, params=names)  # they add up to 1
    return [found[path] for path in varying]


def _sentence(space: Space, method: str, shares: Mapping[str, Share], trials: int) -> str:
    labels = {each.path: param.label for each, param in zip(space.dimensions, space.params, strict=True)}
    path, share = next(iter(shares.items()))
    return (
        f"{labels[path]} matters most: {share.mean:.0%} of the whole (95 % interval {share.low:.0%} to "
        f"{share.high:.0%}), told from {trials} trials by {METHODS[method]}."
    )
