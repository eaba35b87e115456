"""Group: the runs of one setting, and their curves averaged over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regdash.charts.theme import Role
from regdash.intervals import Array, band
from regdash.record import History, Snapshots


@dataclass(frozen=True)
class Group:
    """The seeds of one setting: a name for people, the role that gives the colour, and a history per seed.

    `snapshots` are those of the runs that have ended and kept some.
    """

    name: str
    role: Role
    histories: tuple[History, ...]
    snapshots: tuple[Snapshots, ...] = ()


@dataclass(frozen=True)
class Curve:
    """One curve over epochs 1..E: the mean over seeds and its interval; `runs` seeds take part.

    A curve that was looked at only now and then names its epochs in `at`.
    """

    mean: Array
    low: Array
    high: Array
    runs: int
    at: Array | None = None

    @property
    def epochs(self) -> Array:
        """1, 2, ..., E, or those in `at`."""
        return np.arange(1, len(self.mean) + 1) if self.at is None else self.at

    @property
    def drawn(self) -> bool:
        """Whether there is anything finite to draw."""
        return bool(np.isfinite(self.mean).any())

    @property
    def last(self) -> float:
        """The last finite value; nan when there is none."""
        finite = self.mean[np.isfinite(self.mean)]
        return float(finite[-1]) if len(finite) else float("nan")


def curve(group: Group, column: str, scale: float = 1.0) -> Curve:
    """The mean of one column over the group's seeds, times `scale`; empty when no run has that column."""
    columns = [scale * history[column].astype(float) for history in group.histories if column in history]
    result = band(columns)
    return Curve(result.mean, result.low, result.high, len(columns))


def seen_curve(snapshots: Sequence[Snapshots], columns: Sequence[Array], scale: float = 1.0) -> Curve:
    """The mean of one column [K] per run at the epochs that all of them were looked at, times `scale`."""
    common = sorted(set.intersection(*(set(each.epochs.tolist()) for each in snapshots))) if snapshots else []
    kept = [
        scale * np.asarray(column, float)[np.isin(each.epochs, common)]
        for each, column in zip(snapshots, columns, strict=True)
    ]
    result = band(kept)
    return Curve(result.mean, result.low, result.high, len(kept), np.array(common, int))


def best_epoch(group: Group) -> int:
    """The epoch (from 1) where the mean validation loss is lowest; 0 when there is none yet.

    Only epochs that every run reached count, or the mean would fall merely because poor runs have stopped.
    """
    columns = [history["val_loss"] for history in group.histories if len(history.get("val_loss", ()))]
    common = min((len(column) for column in columns), default=0)
    mean = band([column[:common].astype(float) for column in columns]).mean
    return int(np.nanargmin(mean)) + 1 if np.isfinite(mean).any() else 0


def has(groups: Sequence[Group], column: str) -> bool:
    """Whether any run has this column."""
    return any(column in history for group in groups for history in group.histories)
