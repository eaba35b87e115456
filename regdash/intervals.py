"""Means over seeds with their 95 % intervals, and whether a change is more than seed noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Array = NDArray[Any]

MOST_SEEDS = 100  # beyond that a difference is too small to be worth deciding


@dataclass(frozen=True)
class Band:
    """A mean curve with its interval: arrays [E]; `low` and `high` are nan where fewer than two runs are left."""

    mean: Array
    low: Array
    high: Array
    count: Array


@dataclass(frozen=True)
class Change:
    """The mean of paired differences (current - baseline) with its interval; nan when nothing can be paired."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def within_noise(self) -> bool | None:
        """True when the interval holds 0; None when fewer than two pairs leave nothing to judge by."""
        if self.count < 2:
            return None
        return self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class Summary:
    """What repeated runs say together: mean, standard deviation s (over n - 1), the mean's interval, and n.

    s, low and high are nan for fewer than two values, the mean as well for none.
    """

    mean: float
    sd: float
    low: float
    high: float
    n: int


def summary(values: Sequence[float], confidence: float = 0.95) -> Summary:
    """Mean +- t(n - 1) * s / sqrt(n) over seeds or folds; values that are not finite are left out and not counted."""
    found = band([np.array([value], float) for value in values if math.isfinite(value)], confidence)
    if not len(found.mean):
        return Summary(math.nan, math.nan, math.nan, math.nan, 0)
    finite = np.array([value for value in values if math.isfinite(value)], float)
    sd = float(finite.std(ddof=1)) if len(finite) > 1 else math.nan
    return Summary(float(found.mean[0]), sd, float(found.low[0]), float(found.high[0]), len(finite))


def seeds_to_decide(differences: Sequence[float], confidence: float = 0.95, most: int = MOST_SEEDS) -> int | None:
    """How many pairs would put 0 outside the interval if mean m and standard deviation s stayed as they are.

    The smallest n with t(n - 1) * s / sqrt(n) < |m|. None when that is more than `most`, when m is 0, or when there
    are fewer than two finite differences to tell s from.
    """
    found = summary(differences, confidence)
    if found.n < 2 or found.mean == 0:
        return None
    counts = np.arange(2, most + 1)
    half = stdtrit(counts - 1, 0.5 + confidence / 2) * found.sd / np.sqrt(counts)
    enough = counts[half < abs(found.mean)]
    return int(enough[0]) if len(enough) else None


def band(curves: Sequence[Array], confidence: float = 0.95) -> Band:
    """Average curves over seeds, epoch by epoch, with Student's t-interval.

    mean +- t(n - 1) * s / sqrt(n), where n counts the runs that still have a finite value at that epoch: curves may
    have different lengths (runs that stopped early) and gaps. Curves [S] of [E_s] give arrays [max E_s].
    """
    length = max((len(curve) for curve in curves), default=0)
    values = np.full((len(curves), length), np.nan)
    for row, curve in zip(values, curves, strict=True):
        row[: len(curve)] = curve
    present = np.isfinite(values)
    count = present.sum(axis=0)
    mean = np.where(present, values, 0.0).sum(axis=0) / np.where(count, count, np.nan)
    squares = np.where(present, values - mean, 0.0) ** 2
    half = _half_width(squares.sum(axis=0), count, confidence)
    return Band(mean, mean - half, mean + half, count)


def paired_change(current: Sequence[float], baseline: Sequence[float], confidence: float = 0.95) -> Change:
    """The change from baseline to current, paired by seed: the k-th run of one with the k-th of the other.

    Equal seeds share initial weights, batches and dropout draws, so the difference of a pair is free of that noise.
    Pairs with a value that is not finite are left out.
    """
    pairs = min(len(current), len(baseline))
    differences = np.asarray(current, float)[:pairs] - np.asarray(baseline, float)[:pairs]
    result = band([np.array([d]) for d in differences if math.isfinite(d)], confidence)
    if len(result.mean) == 0:
        return Change(math.nan, math.nan, math.nan, 0)
    return Change(float(result.mean[0]), float(result.low[0]), float(result.high[0]), int(result.count[0]))


def _half_width(squares: Array, count: Array, confidence: float) -> Array:
    """Half the interval: t * sqrt(sum of squared deviations / (n - 1) / n), nan for n < 2."""
    freedom = np.where(count > 1, count - 1, np.nan)
    half: Array = stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(squares / freedom / np.where(count, count, np.nan))
    return half
