"""A stack: R members and all their numbers, advanced segment by segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples, samples, shape_of
from regdash.experiment import Experiment
from regdash.optimizers import ReduceOnPlateau, learning_rates, numbers
from regdash.regularizers import MONITORS, Dropout, EarlyStopping, InputDropout, Mixup
from regdash.training.backend import EPOCHS_AT_ONCE, capacity, on_device, padded
from regdash.training.form import IMAGES, PLATEAU, Form
from regdash.training.layout import initial_weights
from regdash.training.probes import grid
from regdash.training.program import PLATEAU_COUNTS, PLATEAU_NUMBERS, WARPS, Program, program_for

MIXUP, *WARP_STREAMS = range(1, 2 + len(IMAGES))  # streams of chance on the host, beside the order of the rows


@dataclass(frozen=True)
class Segment:
    """What a segment produced: history columns [E, R], and of the K probed members the details of some epochs.

    Details are answers on the grid [D, K, G, O], weights [D, K, P + Q] and shares of dead units [D, K, stations]
    of the D epochs `looked` (from 0 in the segment).
    """

    history: dict[str, NDArray[np.float32]]
    was_active: NDArray[np.bool_]  # [E, R]
    finite: NDArray[np.bool_]  # [E, R]
    looked: NDArray[np.intp]  # [D]
    details: tuple[NDArray[np.float32], ...]


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
        self.probed = np.array([place for place, i in enumerate(index) if i in probed], np.int32)
        self.program: Program = program_for(experiments, parts[0], shared, bool(len(self.probed)))
        self.form: Form = self.program.form
        self._which = [0] * len(parts) if shared else list(range(len(parts)))
        self._data = _data(parts[:1] if shared else parts, self.form.planar and bool(len(self.probed)))
        given = weights or [
            initial_weights(e.network, shape_of(e.data), p.outputs, e.training.seed)
            for e, p in zip(experiments, parts, strict=True)
        ]
        self._state = _first_state(np.stack(given), self.program, parts[0])
        self._places: list[int] = []
        self._fill(np.arange(len(experiments)))

    def _fill(self, positions: NDArray[np.intp]) -> None:
        """Take the rows at these positions, and idle ones after them where the program wants more."""
        idle = 0 if self.form.alone else padded(len(positions), len(self._places)) - len(positions)
        chosen = np.concatenate([positions, np.repeat(positions[:1], idle)])
        self._state = _rows(self._state, chosen)
        self._state["active"] = on_device(np.asarray(self._state["active"]) & (np.arange(len(chosen)) < len(positions)))
        self._members = _members([*self.experiments, *self.experiments[:1] * idle], self.form)
        self._places = [*range(len(positions)), *[0] * idle]
        if not self.form.shared:
            own = {name: self._data[name] for name in ("train_x", "train_y", "val_x", "val_y", "grid")}
            self._data |= _rows(own, chosen)

    @property
    def rows(self) -> int:
        """N, the training rows of each member."""
        return len(self.samples.train)

    @property
    def active(self) -> NDArray[np.bool_]:
        return np.asarray(self._state["active"])[: len(self.index)]

    @property
    def weights(self) -> NDArray[np.float32]:
        """[R, P + Q] now."""
        return self._both("w", "moving")

    @property
    def best_weights(self) -> NDArray[np.float32]:
        """[R, P + Q] of each member's epoch that early stopping holds to be the best."""
        return self._both("best_w", "best_moving")

    @property
    def has_best(self) -> NDArray[np.bool_]:
        """[R] whether early stopping has seen an epoch that counts as the best so far."""
        found: NDArray[np.bool_] = np.isfinite(np.asarray(self._state["best"]))[: len(self.index)]
        return found

    @property
    def lowest_outputs(self) -> NDArray[np.float32]:
        """[R, N, O] on the validation rows at each member's epoch with the lowest val_loss."""
        return np.asarray(self._state["lowest_z"])[: len(self.index), : len(self.samples.validation)]

    def _both(self, *names: str) -> NDArray[np.float32]:
        return np.concatenate([np.asarray(self._state[name]) for name in names], axis=1)[: len(self.index)]

    def advance(self, epochs: int, probe: NDArray[np.bool_]) -> Segment:
        """Train all members through some epochs; `probe` [E] says after which the grid is asked."""
        wanted = probe & bool(len(self.probed))
        step = EPOCHS_AT_ONCE or epochs
        pieces = [self._advance(wanted[begin : begin + step], step) for begin in range(0, epochs, step)]
        table = np.concatenate([np.asarray(history)[:count] for count, history, _, _ in pieces])
        seen = [[np.asarray(each)[looked] for each in details] for _, _, details, looked in pieces if len(looked)]
        return Segment(
            history={name: table[:, row] for row, name in enumerate(self.program.columns)},
            was_active=table[:, -2] > 0,
            finite=table[:, -1] > 0,
            looked=np.flatnonzero(wanted),
            details=tuple(np.concatenate(parts) for parts in zip(*seen, strict=True)),
        )

    def _advance(self, probe: NDArray[np.bool_], room: int) -> tuple[int, Any, Any, NDArray[np.intp]]:
        """One call of the program, with room for so many epochs: how many there were, their history and details."""
        plan = self._plan(len(probe), probe, room)
        self._state, history, details = self.program.segment(self._state, self._members, self._data, plan)
        self.epoch += len(probe)
        looked = np.flatnonzero(probe)
        return len(probe), history, details if len(looked) else (), looked

    def predict(self, weights: NDArray[np.float32], part: str) -> NDArray[np.float32]:
        """Logits or values [R, N, O] of weights [R, P + Q] on "train_x", "val_x" or "grid"."""
        w, moving = np.split(weights[self._places], [self.program.layout.size], axis=1)
        counted = self._data[f"{part.removesuffix('_x')}_counted"]
        found = self.program.predict(on_device(w), on_device(moving), self._data[part], counted)
        return np.asarray(found)[: len(self.index), : int(np.asarray(counted).sum())]

    def keep(self, positions: NDArray[np.intp]) -> None:
        """Go on with the members at these positions only."""
        self.index = self.index[positions]
        if not len(positions):
            return
        self.experiments = [self.experiments[i] for i in positions]
        self._which = [self._which[i] for i in positions]
        moved = {old: new for new, old in enumerate(positions)}
        self.probed = np.array([moved[i] for i in self.probed if i in moved], np.int32)
        self._fill(positions)

    def _plan(self, epochs: int, probe: NDArray[np.bool_], room: int) -> dict[str, Any]:
        """What the segment needs of each epoch: the order of the rows, learning rates, and what the host draws.

        There may be room for more epochs, steps and rows than there are.
        """
        most = capacity(self.rows)
        batch = batch_rows(self.experiments[0], most)
        steps, shape = -(-self.rows // batch), (room, len(self._places), -(-most // batch), batch)
        order = np.zeros((room, len(self._places), shape[2] * batch), np.int32)
        drawn: dict[int, NDArray[np.int32]] = {}
        for row, place in enumerate(self._places):
            seed = self.experiments[place].training.seed
            if seed not in drawn:
                drawn[seed] = batch_orders(seed, self.epoch, epochs, self.rows)
            order[:epochs, row, : self.rows] = drawn[seed] + self._which[place] * most
        at = self.epoch * steps + np.arange(epochs * steps)
        each = [learning_rates(e.optimizer.learning_rate, e.schedule, at) for e in self.experiments]
        rates = np.zeros((room, shape[2], len(self._places), 1), np.float32)
        for row, place in enumerate(self._places):
            rates[:epochs, :steps, row, 0] = each[place].reshape(epochs, steps)
        row_weights = (np.arange(shape[2] * batch) < self.rows).astype(np.float32)
        plan: dict[str, Any] = {
            "epochs": on_device(np.int32(epochs)),
            "steps": on_device(np.int32(steps)),
            "order": on_device(order.reshape(shape)),
            "row_weights": on_device(row_weights.reshape(shape[2:])),
            "learning_rate": on_device(rates),
            "epoch": on_device(np.full(len(self._places), self.epoch, np.int32)),
            "probe": on_device(np.pad(probe, (0, room - epochs))),
            "probed": on_device(self._looked_at()),
        }
        if self.form.uses(*IMAGES):
            plan["warp"] = self._warps(epochs, shape)
        if self.form.uses(Mixup):
            plan["partner"], plan["share"] = self._mixed(epochs, steps, shape)
        return plan

    def _looked_at(self) -> NDArray[np.int32]:
        """The rows whose details are wanted, at least two where the program is written for many."""
        if self.form.alone:
            return np.zeros(1, np.int32)
        return np.resize(self.probed, padded(len(self.probed))) if len(self.probed) else np.zeros(2, np.int32)

    def _warps(self, epochs: int, shape: tuple[int, ...]) -> dict[str, Any]:
        """How each image of each epoch is changed, by the names of WARPS: [E, R, S, B, k]."""
        flat = (*shape[:2], shape[2] * shape[3])
        found = {name: np.zeros((*flat, k), np.float32) for name, k in WARPS.items()}
        for place, experiment in enumerate(self.experiments):
            for (name, k), stream, kind in zip(WARPS.items(), WARP_STREAMS, IMAGES, strict=True):
                change = experiment.regularizer(kind)
                for e in range(epochs):
                    chance = np.random.default_rng([experiment.training.seed, self.epoch + e, stream])
                    found[name][e, place, : self.rows] = change.draw(chance, self.rows).reshape(self.rows, k)
        return {name: on_device(table.reshape(*shape, -1)) for name, table in found.items()}

    def _mixed(self, epochs: int, steps: int, shape: tuple[int, ...]) -> tuple[Any, Any]:
        """With which row of its batch each row is mixed [E, R, S, B], and how much of it stays itself [E, R, S]."""
        partner, share = np.zeros(shape, np.int32), np.ones(shape[:3], np.float32)
        sizes = [min(shape[3], self.rows - step * shape[3]) for step in range(steps)]
        for place, experiment in enumerate(self.experiments):
            mixup = experiment.regularizer(Mixup)
            for e in range(epochs):
                chance = np.random.default_rng([experiment.training.seed, self.epoch + e, MIXUP])
                share[e, place, :steps] = mixup.weights(chance, steps)
                for step, size in enumerate(sizes):
                    partner[e, place, step, :size] = chance.permutation(size)
        return on_device(partner), on_device(share)


def batch_rows(experiment: Experiment, rows: int) -> int:
    """B: the rows of one step; the batch size 0 stands for all of them."""
    return experiment.training.batch_size or rows


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
    if len(parts) > 1:
        parts = [*parts, *[parts[0]] * (padded(len(parts)) - len(parts))]
    names = ("train", "validation")
    train_x, val_x = (np.stack([_with_room(getattr(p, name).x) for p in parts]) for name in names)
    train_y, val_y = (np.stack([_with_room(targets(p, getattr(p, name).y)) for p in parts]) for name in names)
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
        "train_counted": on_device(_with_room(np.ones(len(parts[0].train), np.float32))),
        "val_counted": on_device(_with_room(np.ones(len(parts[0].validation), np.float32))),
        "grid_counted": on_device(np.ones(len(points[0]), np.float32)),
    }


def _with_room(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows, and zeros after them where a program has room for more."""
    return np.pad(rows, [(0, capacity(len(rows)) - len(rows)), *[(0, 0)] * (rows.ndim - 1)])


def _first_state(weights: NDArray[np.float32], program: Program, data: Samples) -> dict[str, Any]:
    members, form = len(weights), program.form
    w, moving = np.split(weights, [program.layout.size], axis=1)

    def full(value: float, dtype: type) -> Any:
        return on_device(np.full(members, value, dtype))

    state = {
        "w": on_device(w),
        "moving": on_device(moving),
        "slots": tuple(on_device(np.zeros_like(w)) for _ in range(form.slots)),
        "best_w": on_device(w),
        "best_moving": on_device(moving),
        "best": full(np.inf, np.float32),
        "waited": full(0, np.int32),
        "lowest": full(np.inf, np.float32),
        "lowest_z": on_device(np.zeros((members, capacity(len(data.validation)), form.outputs), np.float32)),
        "active": full(True, np.bool_),
    }
    if PLATEAU in form.extras:
        state["plateau"] = {
            "best": full(np.inf, np.float32),
            "waited": full(0, np.int32),
            "cooling": full(0, np.int32),
            "share": full(1, np.float32),
        }
    return state


def _members(experiments: Sequence[Experiment], form: Form) -> dict[str, Any]:
    stopping = [e.regularizer(EarlyStopping) for e in experiments]
    found = {
        "numbers": {name: _column([_sum_of(e, form, name) for e in experiments]) for name in form.numbers},
        "rates": on_device(np.array([station_rates(e, form) for e in experiments], np.float32)),
        "optimizer": {
            name: _column([numbers(e.optimizer)[name] for e in experiments]) for name in form.optimizer_numbers
        },
        "patience": _counts([each.patience for each in stopping]),
        "start_epoch": _counts([each.start_epoch for each in stopping]),
        "monitor": _counts([MONITORS.index(each.monitor) for each in stopping]),
        "min_delta": on_device(np.array([each.min_delta for each in stopping], np.float32)),
        "seed": _counts([e.training.seed for e in experiments]),
        "epochs": _counts([e.training.epochs for e in experiments]),
    }
    if PLATEAU in form.extras:
        rules = [e.schedule if isinstance(e.schedule, ReduceOnPlateau) else None for e in experiments]
        found["plateau"] = {
            name: on_device(np.array([getattr(rule, name, 1.0) for rule in rules], np.float32))
            for name in PLATEAU_NUMBERS
        } | {name: _counts([getattr(rule, name, 1) for rule in rules]) for name in PLATEAU_COUNTS}
    return found


def _sum_of(experiment: Experiment, form: Form, name: str) -> float:
    """A number of a member: equal names of two regularisers are added."""
    found = [experiment.regularizer(kind).numbers for kind in form.kinds]
    return float(sum(each[name] for each in found if name in each))


def _counts(values: Sequence[int]) -> Any:
    return on_device(np.array(values, np.int32))


def station_rates(experiment: Experiment, form: Form) -> tuple[float, ...]:
    """The dropout rate at each station that the form masks: the input, where it does so, and the hidden ones."""
    hidden = len(experiment.network.stations(form.inputs)) - 1
    rates = experiment.regularizer(Dropout).per_layer(hidden)
    return (experiment.regularizer(InputDropout).rate, *rates) if form.uses(InputDropout) else rates


def _column(values: Sequence[float]) -> Any:
    return on_device(np.array(values, np.float32)[:, None])


def _rows(tree: Any, positions: NDArray[np.intp]) -> Any:
    if isinstance(tree, dict):
        return {name: _rows(branch, positions) for name, branch in tree.items()}
    if isinstance(tree, tuple):
        return tuple(_rows(branch, positions) for branch in tree)
    return on_device(np.asarray(tree)[positions])
