"""The measures by which settings are compared: one number of each run that has ended."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from regdash.comparison.series import Place, Series
from regdash.record import History

When = Literal["best", "last"]


@dataclass(frozen=True)
class Measure:
    """One number of a run: a column of its history at its best or its last epoch, less another column if named.

    `better` is -1 where less of it is better, 1 where more is, and 0 where neither can be said. The best epoch is the
    one with the lowest validation loss.
    """

    name: str
    label: str  # within a sentence
    head: str  # above a column
    column: str
    when: When
    better: int
    less: str = ""
    share: bool = False

    def of(self, history: History) -> float:
        """The number; nan where the history does not hold it."""
        if self.column not in history or (self.less and self.less not in history):
            return math.nan
        place = _epoch(history, self.when) - 1
        if place < 0:
            return math.nan
        subtracted = float(history[self.less][place]) if self.less else 0.0
        return float(history[self.column][place]) - subtracted

    def written(self, value: float) -> str:
        """The number for people."""
        if not math.isfinite(value):
            return "–"
        return f"{100 * value:.1f} %".replace("-", "−") if self.share else number(value)

    def written_size(self, change: float) -> str:
        """The size of a difference for people, without its unit."""
        if not math.isfinite(change):
            return "–"
        return f"{100 * change if self.share else change:#.2g}".removesuffix(".").replace("-", "−")

    @property
    def unit(self) -> str:
        """What stands behind the size of a difference."""
        return " percentage points" if self.share else ""


MEASURES = (
    Measure("best_loss", "best validation loss", "Best validation loss", "val_loss", "best", -1),
    Measure("last_loss", "last validation loss", "Last validation loss", "val_loss", "last", -1),
    Measure(
        "best_accuracy",
        "validation accuracy at the best epoch",
        "Accuracy, best epoch",
        "val_accuracy",
        "best",
        1,
        share=True,
    ),
    Measure("last_accuracy", "last validation accuracy", "Accuracy, last epoch", "val_accuracy", "last", 1, share=True),
    Measure("best_r2", "validation R² at the best epoch", "R², best epoch", "val_r2", "best", 1),
    Measure("last_r2", "last validation R²", "R², last epoch", "val_r2", "last", 1),
    Measure("gap", "generalisation gap", "Gap, last epoch", "val_loss", "last", -1, less="loss"),
)
"""What a verdict can be about. The gap is the validation loss less the training loss at the last epoch."""

EXTRAS = (
    Measure("norm", "weight norm", "Weight norm", "l2_norm/all", "last", 0),
    Measure("near_zero", "share of near-zero weights", "Near-zero weights", "near_zero/all", "last", 0, share=True),
)
"""What else a table of results holds; neither more nor less of it is better."""

BY_NAME: Mapping[str, Measure] = {each.name: each for each in (*MEASURES, *EXTRAS)}


def offered(series: Sequence[Series]) -> tuple[Measure, ...]:
    """The measures that at least one of the settings has, or both losses while there are no curves."""
    held = {column for each in series for history in each.histories.values() for column in history}
    found = tuple(each for each in MEASURES if each.column in held and (not each.less or each.less in held))
    return found or MEASURES[:2]


def ended(series: Series) -> Mapping[Place, History]:
    """The curves that will not grow any more: those of finished records, and imported ones."""
    if series.experiment is None:
        return series.histories
    return {place: record.history for place, record in series.records.items()}


def figures(series: Series, measure: Measure) -> dict[Place, float]:
    """The measure of every run that has ended, by its place; runs without a finite one are left out."""
    values = {place: measure.of(history) for place, history in ended(series).items()}
    return {place: value for place, value in values.items() if math.isfinite(value)}


def best_epochs(series: Series) -> list[float]:
    """The epochs (from 1) with the lowest validation loss, of the runs that have ended and have one."""
    found = [_epoch(history, "best") for history in ended(series).values()]
    return [float(epoch) for epoch in found if epoch]


def number(value: float) -> str:
    """A number for people with three significant digits and a true minus sign."""
    return f"{value:.3g}".replace("-", "−")


def _epoch(history: History, when: When) -> int:
    """The epoch from 1; 0 where there is none."""
    if when == "last":
        return len(history.epochs)
    losses = history["val_loss"] if "val_loss" in history else np.zeros(0)
    return int(np.nanargmin(losses)) + 1 if np.isfinite(losses).any() else 0
