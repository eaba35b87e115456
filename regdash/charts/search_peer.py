"""The regularisation path of a linear regression as scikit-learn computes it, to be drawn beside ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from regdash.charts.search_axes import scale_of
from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.intervals import Array
from regdash.regularizers import L1, L2, ElasticNet, ProximalL1
from regdash.search import Plan, Range, Space

POINTS = 40
MOST_NUMBERS = 2_000_000  # rows times inputs
TOLERANCE, MOST_STEPS = 1e-8, 20_000
STRENGTHS: Mapping[str, str] = {
    "l1.l1": "Lasso",
    "proximal_l1.l1": "Lasso",
    "l2.l2": "Ridge",
    "elastic_net.strength": "ElasticNet",
}
KINDS = (L1, L2, ElasticNet, ProximalL1)


@dataclass(frozen=True)
class Peer:
    """Coefficients [K, F] at the places [K] of the strength's axis; `at_off` [F] where "off" is tried."""

    name: str
    places: Array
    values: Array
    at_off: Array | None


def peer_of(plan: Plan) -> Peer | None:
    """scikit-learn's path on the same training rows, over folds its mean; None where it solves another problem.

    It solves the same for a linear regression with one searched strength and no regulariser but L1 and L2.
    """
    space = plan.space
    dimension = space.dimensions[0]
    if len(space.dimensions) > 1 or not isinstance(dimension, Range) or dimension.path not in STRENGTHS:
        return None
    base = space.base
    others = [each for each in base.regularizers if not isinstance(each, KINDS)]
    if base.network.name != "linear" or base.data.classes or others:
        return None
    try:
        members = dict.fromkeys(replace(each, training=base.training) for each in plan.objective.members(base))
        paths = [_path(each, dimension) for each in members]
    except RegdashError:  # the rows are not here any more
        return None
    return _mean([each for each in paths if each is not None]) if None not in paths else None


def _mean(paths: Sequence[Peer]) -> Peer:
    """The mean path over folds, whose places are the same."""
    values = np.mean([each.values for each in paths], axis=0)
    offs = [each.at_off for each in paths if each.at_off is not None]
    return replace(paths[0], values=values, at_off=np.mean(offs, axis=0) if offs else None)


@lru_cache(maxsize=16)
def _path(base: Experiment, dimension: Range) -> Peer | None:
    rows = samples(base.data, base.split)
    x, y = np.asarray(rows.train.x, float), np.asarray(rows.train.y, float).ravel()
    if x.size > MOST_NUMBERS:
        return None
    space = Space(base, (dimension,))
    scale, spaced = scale_of(space, dimension.path), np.geomspace if dimension.log else np.linspace
    tried = [value for value in space.axes[0] if not dimension.off or value != scale.off_value]
    strengths = sorted({*spaced(dimension.low, dimension.high, POINTS).tolist(), *tried})
    values, before = [], None
    for strength in reversed(strengths):  # each from the one before it, as the path is usually walked
        before = _solved(x, y, *_penalties(space.experiment({dimension.path: strength})), before)
        values.append(before)
    off = _solved(x, y, *_penalties(space.experiment({dimension.path: scale.off_value}))) if dimension.off else None
    places = np.array([scale.at(strength) for strength in strengths])
    return Peer(STRENGTHS[dimension.path], places, np.array(values[::-1]), off)


def _penalties(experiment: Experiment) -> tuple[float, float]:
    """All of sum |w| and all of sum w² that an experiment charges."""
    net = experiment.regularizer(ElasticNet)
    l1 = experiment.regularizer(L1).l1 + experiment.regularizer(ProximalL1).l1 + net.l1
    return l1, experiment.regularizer(L2).l2 + net.l2


def _solved(x: Array, y: Array, l1: float, l2: float, start: Array | None = None) -> Array:
    """The weights [F] that minimise the mean squared error + l1 * sum |w| + l2 * sum w², with a free intercept.

    Ridge alpha = n * l2; ElasticNet alpha = l1 / 2 + l2 with l1_ratio = (l1 / 2) / alpha.
    """
    from sklearn.linear_model import Ridge, enet_path

    if not l1:
        weights: Array = Ridge(alpha=len(y) * l2, solver="svd").fit(x, y).coef_
        return weights
    alpha = l1 / 2 + l2
    centred, less = x - x.mean(axis=0), y - y.mean()
    begin = None if start is None else start.copy()  # it is written into
    options = {"tol": TOLERANCE, "max_iter": MOST_STEPS, "coef_init": begin}
    _, weights, _ = enet_path(np.asfortranarray(centred), less, l1_ratio=l1 / 2 / alpha, alphas=[alpha], **options)
    return np.asarray(weights[:, 0])
