"""What one member has produced so far, from its first segment to its record."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Task
from regdash.record import History, Probe, RunRecord, Snapshots
from regdash.regularizers import EarlyStopping
from regdash.training.backend import device, versions
from regdash.training.layout import Layout
from regdash.training.probes import answers, grid, snapshots
from regdash.training.seat import Seat

Frames = tuple[tuple[int, NDArray[np.uint8]], ...]


@dataclass(frozen=True)
class Progress:
    """One member so far; its curves and its boundary are put together when they are asked for."""

    epochs_done: int
    epochs_total: int
    columns: tuple[str, ...]
    rows: NDArray[np.float32]  # [E, M]
    frames: Frames
    ticks: tuple[NDArray[np.float64], NDArray[np.float64]] | None

    @cached_property
    def history(self) -> History:
        """The curves so far."""
        return History(dict(zip(self.columns, np.ascontiguousarray(self.rows.T), strict=True)))

    @cached_property
    def probe(self) -> Probe | None:
        """The grid's answers so far."""
        if not self.frames or self.ticks is None:
            return None
        x, y = self.ticks
        table = np.stack([frame for _, frame in self.frames])
        return Probe(np.array([e for e, _ in self.frames]), table.reshape(len(table), len(y), len(x), -1), x, y)


class Trail:
    """The curves, looks and end of the member in a seat."""

    def __init__(self, ticket: int, seat: Seat, columns: tuple[str, ...], planar: bool) -> None:
        self.ticket = ticket
        self.seat = seat
        self.attained = 0.0  # seconds of the turns that it took part in
        self.own_seconds = 0.0  # the same, divided by the members of each turn
        self.going = True  # on after the last segment
        self.diverged = False
        self._columns = columns
        self._table = np.zeros((0, len(columns)), np.float32)
        self._rows: list[NDArray[np.float32]] = []
        self._frames: list[tuple[int, NDArray[np.uint8]]] = []
        self._weights: list[tuple[int, NDArray[np.float32], NDArray[np.float32]]] = []
        self._ticks = grid(seat.samples)[:2] if seat.probed and planar else None

    @property
    def task(self) -> Task:
        return self.seat.samples.task

    @property
    def done(self) -> int:
        """Epochs of which there is a finite row."""
        return len(self._whole())

    @property
    def finished(self) -> bool:
        return self.done == self.seat.experiment.training.epochs

    def _whole(self) -> NDArray[np.float32]:
        if self._rows:
            self._table = np.concatenate([self._table, *self._rows])
            self._rows = []
        return self._table

    def note(self, rows: NDArray[np.float32], lost: bool, going: bool) -> None:
        """Keep the history [E, M] of a segment; `lost` says that after it the numbers were no longer finite."""
        self._rows.append(rows)
        self.going = going
        self.diverged = self.diverged or lost

    def look(self, epoch: int, points: NDArray[Any], weights: NDArray[np.float32], dead: NDArray[np.float32]) -> None:
        """Keep what was seen after an epoch (from 1): answers [G, O] on the grid, weights and dead units."""
        self._weights.append((epoch, weights, dead))
        if self._ticks is not None:
            self._frames.append((epoch, points))

    @property
    def wants_last_look(self) -> bool:
        """Whether the answers on the grid after its last epoch are missing."""
        done = self.done
        return self._ticks is not None and bool(done) and (not self._frames or self._frames[-1][0] != done)

    def last_look(self, z: NDArray[np.float32]) -> None:
        """Logits [G, O] on the grid after the last epoch."""
        self._frames.append((self.done, answers(self.task, z)))

    @property
    def progress(self) -> Progress:
        """The member so far."""
        rows, total = self._whole(), self.seat.experiment.training.epochs
        return Progress(len(rows), total, self._columns, rows, tuple(self._frames), self._ticks)

    def status(self, cut: str) -> str:
        """How it ended; `cut` is what ended it from outside, as in "cancelled", or nothing."""
        if self.diverged:
            return f"diverged at epoch {self.done + 1}"
        if cut and self.going:
            return f"{cut} at epoch {self.done}"
        return "finished" if self.finished else f"stopped early at epoch {self.done}"

    def keeps_best(self, has_best: bool) -> bool:
        """Whether its final weights are those of its best epoch."""
        stopping = self.seat.experiment.regularizer(EarlyStopping)
        return stopping.active and stopping.restore_best and has_best

    def knows_lowest(self, has_best: bool) -> bool:
        """Whether its best weights are those of the epoch with the lowest validation loss."""
        return has_best and self.seat.experiment.regularizer(EarlyStopping).watches_lowest

    def record(
        self, status: str, weights: NDArray[np.float32], outputs: tuple[NDArray[np.float32], ...], layout: Layout
    ) -> RunRecord:
        """The record of a member with these final weights [P + Q] and answers at them."""
        train_outputs, val_outputs, best_outputs, test_outputs, best_test_outputs = outputs
        whole = self.progress
        return RunRecord(
            experiment=self.seat.experiment,
            status=status,
            history=whole.history,
            weights=layout.arrays(weights),
            train_outputs=train_outputs,
            val_outputs=val_outputs,
            best_outputs=best_outputs,
            test_outputs=test_outputs,
            best_test_outputs=best_test_outputs,
            probe=whole.probe,
            snapshots=self._snapshots(layout),
            seconds=self.own_seconds,
            versions=versions() | {"device": device()},
        )

    def _snapshots(self, layout: Layout) -> Snapshots | None:
        """What the weights looked like on the way."""
        if not self._weights:
            return None
        epochs, rows, dead = (np.stack([np.asarray(frame[part]) for frame in self._weights]) for part in range(3))
        return snapshots(layout, epochs, rows, dead)
