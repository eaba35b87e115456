"""The scores of trials as charts need them: in the metric's unit, with intervals, and the part worth looking at."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from regdash.charts.screen import plain
from regdash.charts.search_axes import labels_of, scale_of
from regdash.charts.theme import Theme
from regdash.intervals import Array, band
from regdash.search import Plan, Trial

NOTHING = "No trial has ended yet."
FEW = 300  # trials whose settings are told on hover
FAILED = "None of the trials that have ended has a score: all failed. Try smaller strengths or learning rates."
MOST_NUMBERS = 40  # trials that one mark names
GOLDEN = 0.6180339887  # multiples of it fill [0, 1) evenly
STRETCH = 3.0  # of the distance from the best to the median is told apart by colour and height

# Cividis without its darkest end: told apart with every colour blindness and in grey; brighter is better.
SHADES = ("#2c3f6d", "#4a546c", "#66696f", "#7f7c75", "#9a9173", "#b8a76a", "#d7bf5b", "#fee838")
STEPS = tuple((turn / (len(SHADES) - 1), shade) for turn, shade in enumerate(SHADES))
ORDERED: dict[Theme, tuple[tuple[float, str], ...]] = {
    "light": ((0.0, "#c4d8e6"), (0.5, "#5ea0cc"), (1.0, "#00466f")),
    "dark": ((0.0, "#2c4a63"), (0.5, "#3f87bb"), (1.0, "#b5e0fb")),
    "print": ((0.0, "#c4d8e6"), (0.5, "#5ea0cc"), (1.0, "#00466f")),
}  # from the first trial to the last


@dataclass(frozen=True)
class Scores:
    """Ended trials [T] in the order of their numbers with the mean, low and high of their scores, nan where failed."""

    trials: tuple[Trial, ...]
    mean: Array
    low: Array
    high: Array
    label: str
    better: int
    suffix: str  # behind a number

    @cached_property
    def good(self) -> Array:
        """The places [G] of trials that have a score."""
        return np.flatnonzero(np.isfinite(self.mean))

    @property
    def failed(self) -> Array:
        """The places of trials that have none."""
        return np.flatnonzero(~np.isfinite(self.mean))

    @cached_property
    def judged(self) -> Array:
        """The places of trials that can be the best: with halving only those with the most epochs so far."""
        most = max((self.trials[place].epochs for place in self.good), default=0)
        return np.array([place for place in self.good if self.trials[place].epochs == most], int)

    @property
    def best(self) -> int | None:
        """The place of the best trial; the first of equal ones."""
        judged = self.judged
        return int(judged[np.argmax(self.better * self.mean[judged])]) if len(judged) else None

    @property
    def axis(self) -> str:
        """The metric with its unit and the direction that is better."""
        unit = " (%)" if self.suffix else ""
        return f"{self.label}{unit}"

    @cached_property
    def window(self) -> tuple[float, float]:
        """From the worse to the better end of what is told apart."""
        return window_of(self.mean[self.good], self.better)

    @cached_property
    def best_so_far(self) -> Array:
        """The best score among the first 1, 2, ... T trials; nan before there is one."""
        losses = np.full(len(self.trials), np.inf)
        losses[self.judged] = -self.better * self.mean[self.judged]
        lowest = np.minimum.accumulate(losses) if len(losses) else losses
        return np.where(np.isfinite(lowest), -self.better * lowest, np.nan)

    @cached_property
    def improved(self) -> Array:
        """The places of trials that were better than all before them."""
        so_far = self.best_so_far
        before = np.concatenate([[np.nan], so_far[:-1]])[: len(so_far)]
        return np.flatnonzero(np.isfinite(so_far) & (so_far != before))

    def word(self, place: int) -> str:
        """A trial's score with its interval, for people."""
        return said(self.mean[place], self.low[place], self.high[place], self.suffix)


def scores_of(plan: Plan, trials: Sequence[Trial], every_rung: bool = False) -> Scores:
    """The scores of all ended trials; with halving of each point only the one with the most epochs, or `every_rung`."""
    ended = [_with_tuples(each) for each in trials if each.told]
    if plan.halving and not every_rung:
        ended = list({each.origin if each.origin >= 0 else each.number: each for each in ended}.values())
    metric = plan.objective.measure
    times = 100.0 if metric.percent else 1.0
    runs = [each.outcome.scores if each.outcome else () for each in ended]
    mean, low, high = intervals(runs, times)
    return Scores(tuple(ended), mean, low, high, metric.label, metric.better, " %" if metric.percent else "")


def _with_tuples(trial: Trial) -> Trial:
    """A trial that was read from JSON has lists where the space has tuples."""
    if not any(isinstance(value, list) for value in trial.values.values()):
        return trial
    values = {path: tuple(value) if isinstance(value, list) else value for path, value in trial.values.items()}
    return replace(trial, values=values)


def intervals(runs: Sequence[Sequence[float] | Array], times: float = 1.0) -> tuple[Array, Array, Array]:
    """Mean, low and high [T] of each trial's figures over its runs; nan for none, low and high for fewer than two."""
    most = max((len(each) for each in runs), default=0)
    table = np.full((max(most, 1), len(runs)), np.nan)
    for turn, each in enumerate(runs):
        table[: len(each), turn] = each
    found = band(list(times * table))
    return found.mean, found.low, found.high


def window_of(scores: Array, better: int) -> tuple[float, float]:
    """From the worse to the better end of scores; far outliers among the bad ones are left out."""
    turned = better * scores
    best, worst, middle = (float(each) for each in (turned.max(), turned.min(), np.median(turned)))
    worst = max(worst, best - STRETCH * (best - middle)) if best > middle else worst
    if worst == best:
        worst -= max(abs(best), 1e-3) * 0.05
    return better * worst, better * best


def within(scores: Array, window: tuple[float, float]) -> Array:
    """Scores with those beyond the worse end of the window put on it; nan (failed) as well."""
    worse = window[0]
    return np.clip(np.where(np.isfinite(scores), scores, worse), min(window), max(window))


def reach(window: tuple[float, float], share: float = 0.06) -> list[float]:
    """The range of an axis that shows the window with a little room."""
    low, high = min(window), max(window)
    return [float(f"{end:.5g}") for end in (low - share * (high - low), high + share * (high - low))]


def said(mean: float, low: float, high: float, suffix: str = "") -> str:
    """A mean with its interval, where it has one."""
    between = f" ({low:.3g} to {high:.3g})" if math.isfinite(low) else ""
    return f"{mean:.4g}{suffix}{between}"


def named(numbers: Sequence[int]) -> list[int]:
    """The trials behind a mark, at most so many."""
    return [int(number) for number in numbers[:MOST_NUMBERS]]


def settings_of(plan: Plan, trials: Sequence[Trial]) -> list[str]:
    """The searched settings of each trial in words, one under the other."""
    labels = labels_of(plan.space)
    scales = {path: scale_of(plan.space, path) for path in labels}
    return [
        plain("\n".join(f"{label} {scales[path].word(each.values[path])}" for path, label in labels.items())).replace(
            "\n", "<br>"
        )
        for each in trials
    ]


def and_others(labels: Sequence[str]) -> str:
    """A list in words: "A", "A and B", "A and 3 others"."""
    if len(labels) < 3:
        return " and ".join(labels)
    return f"{labels[0]} and {len(labels) - 1} others"
