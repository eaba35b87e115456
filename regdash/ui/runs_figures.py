"""The figures of the Runs page: read from each record once, kept in the memory of the web process."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from regdash.intervals import Array, Summary, summary
from regdash.jobs.queue import Queue
from regdash.jobs.recent import Recent
from regdash.record import RunRecord
from regdash.store.trained import Trained
from regdash.ui.kept import kept
from regdash.ui.runs_rows import Row
from regdash.ui.thumbnails import POINTS

KEPT = 50_000  # figures of single runs, half a kilobyte each
AT_ONCE = 20  # records in one look at the store
PATIENCE = 0.2  # seconds of reading in one rerun; the others come with the next

Curve = tuple[float, ...]


@dataclass(frozen=True)
class Digest:
    """What a row shows of one run; `score` is accuracy or R2. Best is the epoch with the lowest validation loss."""

    measure: str  # accuracy or r2
    epoch: int
    loss_best: float
    loss_last: float
    score_best: float
    score_last: float
    train: Curve  # loss at POINTS epochs
    validation: Curve


@dataclass(frozen=True)
class Figures:
    """The same over all runs of a row: means with their intervals."""

    measure: str
    epoch: float
    loss_best: Summary
    loss_last: Summary
    score_best: Summary
    score_last: Summary
    train: Curve
    validation: Curve


_digests = Recent(KEPT)


def unread(rows: Sequence[Row]) -> list[Trained]:
    """The runs of these rows whose records are still to be read, in their order."""
    return [run for row in rows for run in row.ended if _digests.get(_key(run)) is None]


def read(queue: Queue, new: Sequence[Trained], patience: float = PATIENCE) -> int:
    """Read these records for a moment; returns how many are still to be read."""
    end = time.monotonic() + patience
    done = 0
    while done < len(new) and (not done or time.monotonic() < end):
        part = new[done : done + AT_ONCE]
        for run, view in zip(part, queue.watch([run.run_id for run in part]), strict=True):
            _digests.put(_key(run), (_digest(view.record) if view is not None and view.record else None,))
        done += len(part)
    return len(new) - done


def figures(row: Row) -> Figures | None:
    """The figures of a row, as far as its records have been read; None when there are none."""
    keys = tuple(_key(run) for run in row.ended)
    found = [each for each in map(_digests.get, keys) if each is not None]
    return kept(("run figures", keys, len(found)), lambda: _together([each for (each,) in found if each is not None]))


def _together(found: Sequence[Digest]) -> Figures | None:
    if not found:
        return None
    return Figures(
        measure=found[0].measure,
        epoch=sum(each.epoch for each in found) / len(found),
        loss_best=summary([each.loss_best for each in found]),
        loss_last=summary([each.loss_last for each in found]),
        score_best=summary([each.score_best for each in found]),
        score_last=summary([each.score_last for each in found]),
        train=_mean([each.train for each in found]),
        validation=_mean([each.validation for each in found]),
    )


def _mean(curves: Sequence[Curve]) -> Curve:
    """Point by point, of the runs that have a value there."""
    columns = ([value for value in column if math.isfinite(value)] for column in zip(*curves, strict=True))
    return tuple(sum(column) / len(column) if column else math.nan for column in columns)


def _digest(record: RunRecord) -> Digest:
    history, epoch = record.history, record.best_epoch
    measure = "r2" if "val_r2" in history else "accuracy"
    best, last = (_at(record, place) for place in (epoch - 1 if epoch else None, -1))
    curves = (tuple(_thinned(history.get(name, np.array([])))) for name in ("loss", "val_loss"))
    return Digest(measure, epoch, best[0], last[0], best[1], last[1], *curves)


def _at(record: RunRecord, place: int | None) -> tuple[float, float]:
    """Validation loss and score at one place of the curves."""
    history = record.history
    name = "val_r2" if "val_r2" in history else "val_accuracy"
    if place is None or not len(history.epochs):
        return math.nan, math.nan
    return float(history["val_loss"][place]), float(history[name][place]) if name in history else math.nan


def _thinned(curve: Array) -> Iterator[float]:
    for place in np.linspace(0, max(len(curve) - 1, 0), POINTS).round().astype(int):
        yield float(curve[place]) if len(curve) else math.nan


def _key(run: Trained) -> tuple[str, int, int]:
    return run.run_id, run.attempt, run.version
