"""Training a stack from its first segment to its records."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.record import History, Probe, RunRecord, Snapshots
from regdash.regularizers import EarlyStopping
from regdash.training.backend import LANES, LARGEST_PART, device, versions
from regdash.training.groups import stack_bytes, work
from regdash.training.plan import batch_rows
from regdash.training.probes import answers, frames, grid, snapshots
from regdash.training.stack import Segment, Stack

FIRST_SEGMENT = 5  # epochs, while nothing is known about the speed
HEAVY_WORK, MANY_STEPS = 2**27, 500  # in an epoch, above which the first segment has only one
LONGEST_SEGMENT = 200
STACK_BYTES = 2**31  # for what the members of all lanes hold in memory while they train
DETAIL_NUMBERS = 2**24  # of the probed members in one segment: 64 MiB


@dataclass(frozen=True)
class Progress:
    """One member so far."""

    epochs_done: int
    epochs_total: int
    history: History
    probe: Probe | None


Watcher = Callable[[Mapping[int, Progress]], Collection[int] | None]


def train_stack(
    experiments: Sequence[Experiment],
    *,
    probed: Collection[int] = (),
    on_progress: Watcher | None = None,
    segment_seconds: float = 0.2,
    weights: Sequence[NDArray[np.float32]] | None = None,
) -> list[RunRecord]:
    """Train experiments that share a `stack_key` together; one record for each, in their order.

    After each segment `on_progress` gets the members still training, by index, and returns those to cancel.
    `weights` gives initial weights [P] per member instead of those of the initialiser.
    """
    started = time.perf_counter()
    lanes = [Lane(part, experiments, probed, weights) for part in parts(len(experiments), largest_part(experiments[0]))]
    with ThreadPoolExecutor(at_once(experiments[0])) as pool:
        alive = lanes
        while alive:
            list(pool.map(lambda lane: lane.segment(segment_seconds), alive))
            progress = {index: lane.progress(index) for lane in alive for index in lane.going}
            cancelled = set((on_progress(progress) if on_progress else None) or ())
            for lane in alive:
                lane.leave(cancelled)
            alive = [lane for lane in alive if len(lane.stack.index)]
    seconds = (time.perf_counter() - started) / len(experiments)
    return [lane.record(int(index), seconds) for lane in lanes for index in lane.part]


def parts(members: int, most: int = LARGEST_PART) -> list[NDArray[np.intp]]:
    """Cut R members into parts of nearly equal size: at least one for each lane, none above `most`."""
    rounds = -(-members // (LANES * most))
    return [part for part in np.array_split(np.arange(members), LANES * rounds) if len(part)]


def at_once(experiment: Experiment) -> int:
    """How many lanes run at the same time.

    Image networks take turns: convolutions that TensorFlow 2.21 ran in two threads at once on a busy CPU gave nan,
    about once in some hundred trainings.
    """
    return 1 if experiment.network.images else LANES


def largest_part(experiment: Experiment) -> int:
    """How many members of this shape one lane takes at once, so that all lanes fit the memory."""
    return int(max(1, min(LARGEST_PART, STACK_BYTES // (stack_bytes(experiment) * LANES))))


class Lane:
    """The part of a stack that one thread trains, and what it has produced so far, by the index of the member."""

    def __init__(
        self,
        part: NDArray[np.intp],
        experiments: Sequence[Experiment],
        probed: Collection[int],
        weights: Sequence[NDArray[np.float32]] | None,
    ) -> None:
        self.part = part
        self.experiments = {int(i): experiments[i] for i in part}
        given = [weights[i] for i in part] if weights is not None else None
        self.stack = Stack(part, [experiments[i] for i in part], [i for i in part if i in probed], given)
        self.curves: dict[int, list[dict[str, NDArray[np.float32]]]] = {int(i): [] for i in part}
        looked_at = [int(i) for i in self.stack.index[self.stack.probed]]
        self.probes: dict[int, list[tuple[int, NDArray[np.uint8]]]] = {i: [] for i in looked_at}
        self.weights: dict[int, list[tuple[int, NDArray[np.float32], NDArray[np.float32]]]] = {i: [] for i in looked_at}
        self.ended: dict[int, tuple[str, NDArray[np.float32]]] = {}
        self.outputs: dict[int, tuple[NDArray[np.float32], ...]] = {}
        self.longest = max(experiments[i].training.epochs for i in part)
        self.frames = {i: frames(experiments[i].training.epochs) for i in self.probes}
        self.asked = np.unique(np.concatenate([*self.frames.values(), np.zeros(0, np.int64)]))
        planar = self.probes if self.stack.form.planar else ()
        self.ticks = {i: grid(samples(experiments[i].data, experiments[i].split))[:2] for i in planar}

    @property
    def going(self) -> list[int]:
        """The members that go on after the segment."""
        return [int(i) for i in self.stack.index[self.stack.active]]

    def segment(self, seconds: float) -> None:
        """Train all members through one segment of about so many seconds."""
        stack, known = self.stack, self.stack.program.seconds_per_epoch
        size = len(stack.index), stack.rows
        guess = int(seconds / known[size]) if size in known else self.first_segment()
        epochs = min(max(guess, 1), self.most_epochs(), self.longest - stack.epoch)
        first = stack.epoch
        began = time.perf_counter()
        result = stack.advance(epochs, np.isin(np.arange(first + 1, first + epochs + 1), self.asked))
        known[size] = (time.perf_counter() - began) / epochs
        for place, index in enumerate(stack.index):
            self._note(int(index), place, result)
        if len(result.looked):
            self._note_details(first, result)

    def most_epochs(self) -> int:
        """The epochs of the longest segment; fewer where the weights of probed members are many."""
        details = len(self.stack.probed) * (self.stack.program.layout.size + self.stack.program.layout.moving_size)
        return min(LONGEST_SEGMENT, max(1, DETAIL_NUMBERS // max(details, 1)))

    def first_segment(self) -> int:
        """Epochs while nothing is known about the speed: few enough that a cancel is soon seen."""
        example = self.stack.experiments[0]
        steps = self.stack.rows / batch_rows(example, self.stack.rows)
        heavy = steps > MANY_STEPS or len(self.stack.index) * work(example) > HEAVY_WORK
        return 1 if heavy else FIRST_SEGMENT

    def _note(self, index: int, place: int, result: Segment) -> None:
        kept = result.was_active[:, place] & result.finite[:, place]
        self.curves[index].append({name: table[kept, place] for name, table in result.history.items()})
        lost = result.was_active[:, place] & ~result.finite[:, place]
        if lost.any():
            epoch = len(self.history(index).epochs) + 1
            self.ended[index] = (f"diverged at epoch {epoch}", self.stack.weights[place].copy())

    def _note_details(self, first: int, result: Segment) -> None:
        """Keep what was seen of the probed members after the epochs that belong to their frames."""
        points, weights, dead = result.details
        for row, place in enumerate(self.stack.probed[: weights.shape[1]]):
            index = int(self.stack.index[place])
            for d, e in enumerate(result.looked):
                epoch = first + int(e) + 1
                if epoch in self.frames[index] and result.was_active[e, place] and result.finite[e, place]:
                    self.weights[index].append((epoch, weights[d, row].copy(), dead[d, row].copy()))
                    if index in self.ticks:
                        self.probes[index].append((epoch, answers(self.stack.samples.task, points[d, row])))

    def leave(self, cancelled: Collection[int]) -> None:
        """Let finished, stopped, diverged and cancelled members leave the stack."""
        stack, active = self.stack, self.stack.active
        stays = active & ~np.isin(stack.index, list(cancelled))
        if stays.all():
            return
        for place in np.flatnonzero(~stays):
            self._end(int(stack.index[place]), int(place), bool(active[place]))
        self._answer(np.flatnonzero(~stays))
        stack.keep(np.flatnonzero(stays))

    def _end(self, index: int, place: int, cancelled: bool) -> None:
        experiment, done = self.experiments[index], len(self.history(index).epochs)
        stopping = experiment.regularizer(EarlyStopping)
        best = stopping.active and stopping.restore_best and self.stack.has_best[place]
        weights = (self.stack.best_weights if best else self.stack.weights)[place]
        if cancelled:
            status = f"cancelled at epoch {done}"
        elif index in self.ended:
            status = self.ended[index][0]
        else:
            status = "finished" if done == experiment.training.epochs else f"stopped early at epoch {done}"
        self.ended[index] = (status, weights.copy())  # a view would keep the weights of all members in memory

    def _answer(self, places: NDArray[np.intp]) -> None:
        """The answers of the leaving members at their final weights, and a last frame for the grid."""
        stack = self.stack
        final = stack.weights.copy()
        for place in places:
            final[place] = self.ended[int(stack.index[place])][1]
        found = stack.predict(final, "train_x"), stack.predict(final, "val_x"), stack.lowest_outputs
        for place in places:
            self.outputs[int(stack.index[place])] = tuple(part[place].copy() for part in found)
        leaving = [place for place in stack.probed if place in places and stack.form.planar]
        late = stack.predict(stack.weights, "grid") if leaving else None
        for place in leaving:
            index = int(stack.index[place])
            done = len(self.history(index).epochs)
            if late is not None and done and (not self.probes[index] or self.probes[index][-1][0] != done):
                self.probes[index].append((done, answers(self.stack.samples.task, late[place])))

    def history(self, index: int) -> History:
        """The curves of a member so far."""
        pieces = self.curves[index]
        merged = {name: np.concatenate([piece[name] for piece in pieces]) for name in self.stack.program.columns}
        self.curves[index] = [merged]
        return History(merged)

    def probe(self, index: int) -> Probe | None:
        """The grid's answers of a member so far."""
        found = self.probes.get(index)
        if not found:
            return None
        x, y = self.ticks[index]
        table = np.stack([frame for _, frame in found])
        return Probe(np.array([e for e, _ in found]), table.reshape(len(found), len(y), len(x), -1), x, y)

    def snapshots(self, index: int) -> Snapshots | None:
        """What the weights of a member looked like on the way."""
        found = self.weights.get(index)
        if not found:
            return None
        epochs, rows, dead = (np.stack([np.asarray(frame[part]) for frame in found]) for part in range(3))
        return snapshots(self.stack.program.layout, epochs, rows, dead)

    def progress(self, index: int) -> Progress:
        history = self.history(index)
        total = self.experiments[index].training.epochs
        return Progress(len(history.epochs), total, history, self.probe(index))

    def record(self, index: int, seconds: float) -> RunRecord:
        status, weights = self.ended[index]
        train_outputs, val_outputs, best_outputs = self.outputs[index]
        return RunRecord(
            experiment=self.experiments[index],
            status=status,
            history=self.history(index),
            weights=self.stack.program.layout.arrays(weights),
            train_outputs=train_outputs,
            val_outputs=val_outputs,
            best_outputs=best_outputs,
            probe=self.probe(index),
            snapshots=self.snapshots(index),
            seconds=seconds,
            versions=versions() | {"device": device()},
        )
