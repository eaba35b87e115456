"""A stack: R members and all their numbers, advanced segment by segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples, samples
from regdash.experiment import Experiment
from regdash.optimizers import numbers
from regdash.regularizers import Dropout, EarlyStopping, InputDropout, WeightDecay
from regdash.training.backend import on_device
from regdash.training.layout import initial_weights
from regdash.training.probes import grid
from regdash.training.program import PENALTIES, Program, program_for


@dataclass(frozen=True)
class Segment:
    """What a segment produced: history columns [E, R] and probes [E, K, G, O]."""

    history: dict[str, NDArray[np.float32]]
    was_active: NDArray[np.bool_]  # [E, R]
    finite: NDArray[np.bool_]  # [E, R]
    probes: NDArray[np.float32]


class Stack:
    """The members that are still training; the index of each in the caller's list is in `index`."""

    def __init__(
        self,
        index: NDArray[np.intp],
        experiments: Sequence[Experiment],
        probed: Sequence[int] = (),
        weights: Sequence[NDArray[np.float32]] | None = None,
    ) -> None:
        self.experiments = list(experiments)
        self.index = index
        self.epoch = 0
        parts = [samples(e.data, e.split) for e in experiments]
        self.samples = parts[0]
        shared = all(part is parts[0] for part in parts)
        self.program: Program = program_for(
            experiments[0], parts[0].task, parts[0].outputs, len(experiments) == 1, shared
        )
        self._which = [0] * len(parts) if shared else list(range(len(parts)))
        planar = [part.features == 2 and part.task != "regression" for part in parts]
        self.probed = np.array([place for place, i in enumerate(index) if i in probed and planar[place]], np.int32)
        self._data = _data(parts[:1] if shared else parts, bool(len(self.probed)))
        given = weights or [
            initial_weights(e.network, p.features, p.outputs, e.training.seed)
            for e, p in zip(experiments, parts, strict=True)
        ]
        self._state = _first_state(np.stack(given), type(experiments[0].optimizer).slots)
        self._members = _members(self.experiments)

    @property
    def rows(self) -> int:
        """N, the training rows of each member."""
        return len(self.samples.train)

    @property
    def active(self) -> NDArray[np.bool_]:
        return np.asarray(self._state["active"])

    @property
    def weights(self) -> NDArray[np.float32]:
        """[R, P] now."""
        return np.asarray(self._state["w"])

    @property
    def best_weights(self) -> NDArray[np.float32]:
        """[R, P] of each member's epoch with the lowest val_loss."""
        return np.asarray(self._state["best_w"])

    def advance(self, epochs: int, probe: NDArray[np.bool_]) -> Segment:
        """Train all members through some epochs; `probe` [E] says after which the grid is asked."""
        plan = self._plan(epochs, probe)
        self._state, history, probes = self.program.segment(self._state, self._members, self._data, plan)
        self.epoch += epochs
        table = np.asarray(history)
        return Segment(
            history={name: table[:, row] for row, name in enumerate(self.program.columns)},
            was_active=table[:, -2] > 0,
            finite=table[:, -1] > 0,
            probes=np.asarray(probes) if probe.any() and len(self.probed) else np.zeros((epochs, 0, 0, 1), np.float32),
        )

    def predict(self, weights: NDArray[np.float32], part: str) -> NDArray[np.float32]:
        """Logits or values [R, N, O] of weights [R, P] on "train_x", "val_x" or "grid"."""
        return np.asarray(self.program.predict(on_device(weights), self._data[part]))

    def keep(self, positions: NDArray[np.intp]) -> None:
        """Go on with the members at these positions only."""
        self.index = self.index[positions]
        if not len(positions):
            return
        self.experiments = [self.experiments[i] for i in positions]
        self._which = [self._which[i] for i in positions]
        moved = {old: new for new, old in enumerate(positions)}
        self.probed = np.array([moved[i] for i in self.probed if i in moved], np.int32)
        self._state = _rows(self._state, positions)
        self._members = _members(self.experiments)
        if not self.program.shared:
            own = {name: self._data[name] for name in ("train_x", "train_y", "val_x", "val_y", "grid")}
            self._data |= _rows(own, positions)

    def _plan(self, epochs: int, probe: NDArray[np.bool_]) -> dict[str, Any]:
        batch = self.experiments[0].training.batch_size
        steps = -(-self.rows // batch)
        order = np.zeros((epochs, len(self.experiments), steps * batch), np.int32)
        drawn: dict[int, NDArray[np.int32]] = {}
        for place, experiment in enumerate(self.experiments):
            seed = experiment.training.seed
            if seed not in drawn:
                drawn[seed] = batch_orders(seed, self.epoch, epochs, self.rows)
            order[:, place, : self.rows] = drawn[seed] + self._which[place] * self.rows
        at = self.epoch * steps + np.arange(epochs * steps)
        rates = np.stack([e.optimizer.learning_rate * e.schedule.factor(at) for e in self.experiments], axis=1)
        row_weights = (np.arange(steps * batch) < self.rows).astype(np.float32)
        return {
            "order": on_device(order.reshape(epochs, -1, steps, batch)),
            "row_weights": on_device(row_weights.reshape(steps, batch)),
            "learning_rate": on_device(rates.astype(np.float32).reshape(epochs, steps, -1, 1)),
            "epoch": on_device(np.full(len(self.experiments), self.epoch, np.int32)),
            "probe": on_device(probe & bool(len(self.probed))),
            "probed": on_device(np.zeros(1, np.int32) if self.program.alone else self.probed),
        }


def batch_orders(seed: int, first: int, epochs: int, rows: int) -> NDArray[np.int32]:
    """The order of the rows in epochs first, first + 1, ... (from 0): default_rng([seed, epoch]).permutation(N)."""
    found = [np.random.default_rng([seed, first + e]).permutation(rows) for e in range(epochs)]
    return np.stack(found).astype(np.int32)


def targets(part: Samples, y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Targets as the network answers them [N, O]: one-hot for several classes, else one column."""
    if part.task == "multiclass":
        return np.eye(part.outputs, dtype=np.float32)[y.astype(np.intp)]
    return y[:, None]


def _data(parts: Sequence[Samples], probed: bool) -> dict[str, Any]:
    train_x, val_x = (np.stack([getattr(p, name).x for p in parts]) for name in ("train", "validation"))
    train_y, val_y = (np.stack([targets(p, getattr(p, name).y) for p in parts]) for name in ("train", "validation"))
    nothing = np.zeros((0, parts[0].features), np.float32)
    points = [grid(part)[2] if probed else nothing for part in parts]
    return {
        "x": on_device(train_x.reshape(-1, train_x.shape[-1])),
        "y": on_device(train_y.reshape(-1, train_y.shape[-1])),
        "train_x": on_device(train_x),
        "train_y": on_device(train_y),
        "val_x": on_device(val_x),
        "val_y": on_device(val_y),
        "grid": on_device(np.stack(points)),
    }


def _first_state(weights: NDArray[np.float32], slots: int) -> dict[str, Any]:
    members = len(weights)
    return {
        "w": on_device(weights),
        "slots": tuple(on_device(np.zeros_like(weights)) for _ in range(slots)),
        "best_w": on_device(weights),
        "best": on_device(np.full(members, np.inf, np.float32)),
        "waited": on_device(np.zeros(members, np.int32)),
        "active": on_device(np.ones(members, bool)),
    }


def _members(experiments: Sequence[Experiment]) -> dict[str, Any]:
    stopping = [e.regularizer(EarlyStopping) for e in experiments]
    decay = [e.regularizer(WeightDecay) for e in experiments]
    return {
        "strengths": {k.name: _column([e.regularizer(k).strength for e in experiments]) for k in PENALTIES},
        "decay": _column([each.weight_decay for each in decay]),
        "decay_biases": _column([float(each.biases) for each in decay]),
        "rates": on_device(np.array([station_rates(e) for e in experiments], np.float32)),
        "optimizer": {
            name: _column([numbers(e.optimizer)[name] for e in experiments])
            for name in numbers(experiments[0].optimizer)
        },
        "patience": on_device(np.array([each.patience for each in stopping], np.int32)),
        "min_delta": on_device(np.array([each.min_delta for each in stopping], np.float32)),
        "seed": on_device(np.array([e.training.seed for e in experiments], np.int32)),
        "epochs": on_device(np.array([e.training.epochs for e in experiments], np.int32)),
    }


def station_rates(experiment: Experiment) -> tuple[float, ...]:
    """The dropout rate at the input and at each hidden layer."""
    hidden = len(experiment.network.widths_at(1)) - 1
    return experiment.regularizer(InputDropout).rate, *experiment.regularizer(Dropout).per_layer(hidden)


def _column(values: Sequence[float]) -> Any:
    return on_device(np.array(values, np.float32)[:, None])


def _rows(tree: Any, positions: NDArray[np.intp]) -> Any:
    if isinstance(tree, dict):
        return {name: _rows(branch, positions) for name, branch in tree.items()}
    if isinstance(tree, tuple):
        return tuple(_rows(branch, positions) for branch in tree)
    return on_device(np.asarray(tree)[positions])
