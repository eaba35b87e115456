"""Two groups of runs that cannot be paired: Welch's t interval, and how many runs would decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from regdash.intervals import MOST_SEEDS, Change, summary

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A difference with its interval, the two-sided p-value of "no difference", and how many runs would decide it.

    `needed` counts runs of each setting (pairs, when paired); None for more than `intervals.MOST_SEEDS`, or when
    fewer than two runs leave nothing to tell it from.
    """

    change: Change
    p: float
    needed: int | None


def paired(differences: Sequence[float], needed: int | None) -> Estimate:
    """Student's t of paired differences: t = mean / (s / sqrt(n)) with n - 1 degrees of freedom."""
    found = summary(differences, CONFIDENCE)
    change = Change(found.mean, found.low, found.high, found.n)
    if found.n < 2:
        return Estimate(change, math.nan, None)
    return Estimate(change, _p(found.mean, found.sd / math.sqrt(found.n), found.n - 1), needed)


def unpaired(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """Welch's t of mean(first) - mean(second), with se^2 = s1^2 / n1 + s2^2 / n2.

    Its degrees of freedom are se^4 / ((s1^2 / n1)^2 / (n1 - 1) + (s2^2 / n2)^2 / (n2 - 1)). The change counts the
    runs of the smaller group.
    """
    one, two = summary(first, CONFIDENCE), summary(second, CONFIDENCE)
    count, mean = min(one.n, two.n), one.mean - two.mean
    if count < 2:
        return Estimate(Change(mean, math.nan, math.nan, count), math.nan, None)
    error, freedom = _welch(one.sd, two.sd, one.n, two.n)
    half = float(stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * error
    change = Change(mean, mean - half, mean + half, count)
    return Estimate(change, _p(mean, error, freedom), _runs_to_decide(mean, one.sd, two.sd))


def _welch(s1: float, s2: float, n1: int, n2: int) -> tuple[float, float]:
    """The standard error of the difference and its degrees of freedom."""
    a, b = s1**2 / n1, s2**2 / n2
    below = a**2 / (n1 - 1) + b**2 / (n2 - 1)
    return math.sqrt(a + b), (a + b) ** 2 / below if below > 0 else float(n1 + n2 - 2)


def _runs_to_decide(mean: float, s1: float, s2: float) -> int | None:
    """The smallest n with t(df) * sqrt((s1^2 + s2^2) / n) < |mean|, were mean and spread to stay as they are."""
    if mean == 0:
        return None
    for n in range(2, MOST_SEEDS + 1):
        error, freedom = _welch(s1, s2, n, n)
        if float(stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * error < abs(mean):
            return n
    return None


def _p(mean: float, error: float, freedom: float) -> float:
    """The two-sided p-value of t = mean / error; without any spread it is 0, or 1 for no difference."""
    if error == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stdtr(freedom, -abs(mean / error)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values: in rising order max over i <= j of min(1, (k - i + 1) * p_i); nan counts as no test.

    S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6, 1979.
    """
    given = np.asarray(p_values, float)
    adjusted = np.full(len(given), np.nan)
    there = np.flatnonzero(np.isfinite(given))
    order = there[np.argsort(given[there], kind="stable")]
    factors = len(order) - np.arange(len(order))
    adjusted[order] = np.maximum.accumulate(np.minimum(1.0, factors * given[order]))
    return [float(value) for value in adjusted]
