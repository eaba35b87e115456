"""Strand: what one setting of a comparison draws over the epochs, and the columns it can be read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regdash.charts.compare_smoothing import smoothed
from regdash.charts.group import Curve
from regdash.charts.score import MEASURES
from regdash.comparison import Place, Series
from regdash.intervals import Array, band
from regdash.record import History


@dataclass(frozen=True)
class Column:
    """Something measured at every epoch; `parts` names the column of each part, "" where there is only one.

    `factor` is what 1.0 is drawn as. `positive` says that no value is below 0, so that a log axis makes sense.
    """

    name: str
    title: str
    axis: str
    noun: str
    parts: Mapping[str, str]
    factor: float = 1.0
    limits: Mapping[str, Any] = field(default_factory=dict)
    positive: bool = False

    @property
    def unit(self) -> str:
        """The unit: "%" or nothing."""
        return "%" if self.factor == 100 else ""


def _measured(name: str) -> Column:
    """A column of the score chart."""
    one = MEASURES[name]
    parts = {"": name} if name == "learning_rate" else {"train": name, "validation": f"val_{name}"}
    positive = name in ("mae", "learning_rate")
    return Column(name, one.title, one.axis, one.noun, parts, one.whole, one.limits, positive)


_ZERO = {"rangemode": "tozero"}
_LOSS = {"train": "loss", "validation": "val_loss"}
_BESIDE = (
    Column("gap", "Generalisation gap", "validation loss − training loss", "gap", {"": "gap"}),
    Column("penalty", "Penalty", "L1 and L2 term of the objective", "penalty", {"": "penalty"}, 1, _ZERO, True),
)
COLUMNS: dict[str, Column] = {
    each.name: each
    for each in (
        Column("loss", "Loss", "loss", "loss", _LOSS, 1, _ZERO, True),
        *(_measured(name) for name in MEASURES if name != "learning_rate"),
        *_BESIDE,
        _measured("learning_rate"),
    )
}
"""What can be compared over epochs, in the order of a menu."""


@dataclass(frozen=True)
class Part:
    """One curve of a setting: the mean over its runs with its interval, and every run by its seed and fold."""

    name: str
    mean: Curve
    runs: tuple[tuple[Place, Array], ...]


@dataclass(frozen=True)
class Strand:
    """The curves of one setting at its `place` (from 0) in the comparison; `missing` says why there are none."""

    name: str
    place: int
    parts: tuple[Part, ...] = ()
    missing: str = ""


def curve_names(series: Sequence[Series]) -> tuple[str, ...]:
    """The columns that any of these settings has."""
    found = [history for each in series for history in each.histories.values()]
    there = {name for history in found for name in history} | ({"gap"} if any(map(_has_gap, found)) else set())
    return tuple(name for name, column in COLUMNS.items() if there & set(column.parts.values()))


def loss_axis_name(series: Sequence[Series]) -> str:
    """What the losses are measured in; only "loss" where that is not the same for all."""
    kinds = {_kind(history) for each in series for history in each.histories.values()}
    return kinds.pop() if len(kinds) == 1 else "loss"


def read_strand(one: Series, place: int, column: Column, smoothing: float = 0.0) -> Strand:
    """The curves of one setting: every run is smoothed by itself, then they are averaged."""
    parts = tuple(part for name, key in column.parts.items() if (part := _part(one, name, key, column, smoothing)))
    if any(part.mean.drawn for part in parts):
        return Strand(one.name, place, tuple(part for part in parts if part.mean.drawn))
    return Strand(one.name, place, (), _missing(one, bool(parts), column))


def values(history: History, key: str) -> Array | None:
    """A column of a run as numbers [E]; "gap" is val_loss - loss. None where the run has no such column."""
    if key == "gap":
        return history["val_loss"].astype(float) - history["loss"].astype(float) if _has_gap(history) else None
    return history[key].astype(float) if key in history else None


def average(curves: Sequence[Array]) -> Curve:
    """The mean over runs and its interval."""
    found = band(curves)
    return Curve(found.mean, found.low, found.high, len(curves))


def _part(one: Series, name: str, key: str, column: Column, smoothing: float) -> Part | None:
    found = [(place, values(history, key)) for place, history in sorted(one.histories.items())]
    places = [place for place, curve in found if curve is not None and len(curve)]
    curves = [column.factor * curve for _, curve in found if curve is not None and len(curve)]
    if not curves:
        return None
    curves = smoothed([np.where(np.isfinite(curve), curve, np.nan) for curve in curves], smoothing)
    return Part(name, average(curves), tuple(zip(places, curves, strict=True)))


def _missing(one: Series, measured: bool, column: Column) -> str:
    if measured:
        return "diverged at once"
    return f"has no {column.noun}" if one.histories else "not trained yet"


def _has_gap(history: History) -> bool:
    return "loss" in history and "val_loss" in history


def _kind(history: History) -> str:
    if "r2" in history or "val_r2" in history:
        return "mean squared error"
    return "cross-entropy (nats)" if "accuracy" in history or "val_accuracy" in history else "loss"
