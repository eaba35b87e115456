"""Scores of a network's answers, from its outputs alone; NumPy only, no engine needed.

Everywhere z [N, O] are outputs as the network gives them (one logit for two classes, C logits for more, a value for
a regression) and y [N] the class numbers or true values. Of no rows at all every score is nan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Task = Literal["binary", "multiclass", "regression"]

NAN = float("nan")
BINS = 15  # of the reliability diagram, as in Guo et al.


@dataclass(frozen=True)
class Curve:
    """The ROC curve: at each threshold the share of false and of true alarms, [T] each, from (0, 0) to (1, 1)."""

    false_positive: Array
    true_positive: Array
    thresholds: Array


@dataclass(frozen=True)
class Calibration:
    """Rows by the probability of their likeliest class: per bin [M] how many, their mean probability, share right.

    Bin m holds the rows with edges[m] < probability <= edges[m + 1]; an empty bin has nan.
    """

    edges: Array
    count: Array
    confidence: Array
    accuracy: Array

    @property
    def ece(self) -> float:
        """Expected calibration error: sum over bins of count / N * |accuracy - confidence|."""
        filled = self.count > 0
        gaps = np.abs(self.accuracy - self.confidence)[filled] * self.count[filled]
        return float(gaps.sum() / self.count.sum()) if filled.any() else NAN


@dataclass(frozen=True)
class ScoreReport:
    """All scores that a task has; those it has not are nan, or empty arrays.

    precision, recall and f1 are per class [C]; `confusion` [C, C] has the true classes in its rows.
    """

    task: Task
    rows: int
    class_names: tuple[str, ...]
    confusion: Array
    precision: Array
    recall: Array
    f1: Array
    macro_precision: float = NAN  # the mean over the classes, each counting the same
    macro_recall: float = NAN
    macro_f1: float = NAN
    accuracy: float = NAN
    log_loss: float = NAN
    roc_auc: float = NAN  # two classes only
    ece: float = NAN
    mse: float = NAN
    mae: float = NAN
    r2: float = NAN


def report(task: Task, z: Array, y: Array, class_names: Sequence[str] = ()) -> ScoreReport:
    """Every score that applies; an output that is not finite makes them all nan, for such a network has no scores."""
    z, y = _checked(task, z, y)
    names = tuple(class_names)
    counts = confusion(task, z, y, len(names)) if names else np.zeros((0, 0), int)
    each = (precision(counts), recall(counts), f1(counts))
    counted = ScoreReport(task, len(y), names, counts, *each)
    if task == "regression":
        return replace(counted, mse=mse(z, y), mae=mae(z, y), r2=r2(z, y))
    if not np.isfinite(z).all():
        nothing = np.full(len(names), NAN)
        return replace(counted, precision=nothing, recall=nothing, f1=nothing)
    return replace(
        counted,
        macro_precision=macro(each[0]),
        macro_recall=macro(each[1]),
        macro_f1=macro(each[2]),
        accuracy=accuracy(task, z, y),
        log_loss=log_loss(task, z, y),
        roc_auc=roc_auc(z[:, 0], y) if task == "binary" else NAN,
        ece=ece(task, z, y),
    )


def answers(task: Task, z: Array) -> Array:
    """The class answered for each row [N]: the second of two where its logit is above 0, else the largest logit."""
    z = np.asarray(z)
    return (z[:, 0] > 0).astype(int) if task == "binary" else z.argmax(axis=1)


def probabilities(task: Task, z: Array) -> Array:
    """The probabilities of all classes [N, C]: sigmoid for two classes, softmax for more."""
    z = np.asarray(z, float)
    if task == "binary":
        z = np.concatenate([np.zeros_like(z), z], axis=1)
    sizes = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(sizes / sizes.sum(axis=1, keepdims=True))


def confusion(task: Task, z: Array, y: Array, classes: int) -> Array:
    """How many rows of each true class (rows) got each answer (columns): [C, C]; rows not finite are not counted."""
    z, y = _checked(task, z, y)
    finite = np.isfinite(z).all(axis=1)
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y[finite].astype(int), answers(task, z[finite])), 1)
    return counts


def accuracy(task: Task, z: Array, y: Array) -> float:
    """The share of rows answered rightly."""
    z, y = _checked(task, z, y)
    return _mean(np.where(np.isfinite(z).all(axis=1), answers(task, z) == y, np.nan))


def precision(counts: Array) -> Array:
    """Of the rows answered as a class, the share that is of it, [C]; 0 / 0 is 0, as scikit-learn's zero_division=0."""
    return _share(np.diag(counts), counts.sum(axis=0))


def recall(counts: Array) -> Array:
    """Of the rows of a class, the share that was answered as it, [C]; 0 where a class has no rows."""
    return _share(np.diag(counts), counts.sum(axis=1))


def f1(counts: Array) -> Array:
    """2 * precision * recall / (precision + recall) = 2 * right / (answered + true), [C]; 0 where that is 0 / 0."""
    return _share(2 * np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1))


def macro(per_class: Array) -> float:
    """The mean over all classes, also over those that have no row."""
    return _mean(per_class)


def roc_auc(scores: Array, y: Array) -> float:
    """The chance that a row of class 1 has a larger score than one of class 0; a tie counts half.

    (sum of the ranks of class 1 - P (P + 1) / 2) / (P * Q) with P rows of class 1 and Q of class 0. scores [N],
    y [N] in {0, 1}; nan when a class has no row or a score is not finite. Source: Mann and Whitney, 1947.
    """
    scores, second = np.asarray(scores, float), np.asarray(y) > 0.5
    ones, zeros = int(second.sum()), int((~second).sum())
    if not ones or not zeros or not np.isfinite(scores).all():
        return NAN
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return float((ranks[second].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def roc_curve(scores: Array, y: Array) -> Curve:
    """Answering 1 from a threshold on: one point per different score, from the largest down, after (0, 0) at infinity.

    scores [N], y [N] in {0, 1}; the share of a class without rows is nan.
    """
    scores, second = np.asarray(scores, float), np.asarray(y) > 0.5
    order = np.argsort(-scores, kind="stable")
    falling, hits = scores[order], second[order]
    last = np.flatnonzero(np.append(np.diff(falling) != 0, True)) if len(scores) else np.zeros(0, int)
    true, false = (np.append(0, np.cumsum(kind)[last]) for kind in (hits, ~hits))
    return Curve(false / (false[-1] or NAN), true / (true[-1] or NAN), np.append(np.inf, falling[last]))


def calibration(task: Task, z: Array, y: Array, bins: int = BINS) -> Calibration:
    """The reliability diagram: are answers given with 80 % right in 80 % of the cases?

    Rows fall into equal bins of the probability of their likeliest class; rows that are not finite are left out.
    Source: Guo, Pleiss, Sun and Weinberger, arXiv 1706.04599.
    """
    z, y = _checked(task, z, y)
    finite = np.isfinite(z).all(axis=1)
    top = probabilities(task, z[finite]).max(axis=1)
    right = answers(task, z[finite]) == y[finite]
    edges = np.arange(bins + 1) / bins
    place = np.clip(np.searchsorted(edges, top, side="left") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    filled = np.where(count, count, np.nan)
    confidence, share = (np.bincount(place, values, minlength=bins) / filled for values in (top, right))
    return Calibration(edges, count, confidence, share)


def ece(task: Task, z: Array, y: Array, bins: int = BINS) -> float:
    """The expected calibration error: the mean over rows of |share right - mean probability| of their bin."""
    return calibration(task, z, y, bins).ece


def log_loss(task: Task, z: Array, y: Array) -> float:
    """The mean cross-entropy, stable for logits of any size.

    binary: log(1 + exp(z)) - y * z; multiclass: logsumexp(z) - z of the right class.
    """
    z, y = _checked(task, z, y)
    if not np.isfinite(z).all():
        return NAN
    if task == "binary":
        return _mean(np.logaddexp(0, z[:, 0]) - y * z[:, 0])
    right = z[np.arange(len(y)), y.astype(int)]
    return _mean(np.logaddexp.reduce(z, axis=1) - right)


def mse(z: Array, y: Array) -> float:
    """The mean of (z - y)²."""
    z, y = _checked("regression", z, y)
    return _mean((z[:, 0] - y) ** 2)


def mae(z: Array, y: Array) -> float:
    """The mean of |z - y|."""
    z, y = _checked("regression", z, y)
    return _mean(np.abs(z[:, 0] - y))


def r2(z: Array, y: Array) -> float:
    """1 - sum (z - y)² / sum (y - mean y)²; nan when all targets are the same."""
    z, y = _checked("regression", z, y)
    if not len(y) or (y == y[0]).all():
        return NAN
    return float(1 - ((z[:, 0] - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def _checked(task: Task, z: Array, y: Array) -> tuple[Array, Array]:
    z, y = np.asarray(z, float), np.asarray(y, float)
    if z.ndim != 2 or y.shape != z.shape[:1]:
        raise ValueError(f"outputs must be [N, O] and targets [N] with the same N, got {z.shape} and {y.shape}")
    if task != "multiclass" and z.shape[1] != 1:
        raise ValueError(f"a {task} network must have one output per row, got {z.shape[1]}")
    return z, y


def _mean(values: Array) -> float:
    return float(np.mean(values)) if len(values) else NAN


def _share(part: Array, whole: Array) -> Array:
    return np.asarray(part / np.where(whole > 0, whole, 1))
