"""The numbers of a stack as tensors: the rows, the state before the first step, and what each member brings."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples
from regdash.experiment import Experiment
from regdash.optimizers import ReduceOnPlateau, numbers
from regdash.regularizers import MONITORS, Dropout, EarlyStopping, InputDropout
from regdash.training.backend import capacity, on_device, padded
from regdash.training.form import PLATEAU, Form
from regdash.training.probes import grid
from regdash.training.program import PLATEAU_COUNTS, PLATEAU_NUMBERS, Program


def targets(part: Samples, y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Targets as the network answers them [N, O]: one-hot for several classes, else one column."""
    if part.task == "multiclass":
        return np.eye(part.outputs, dtype=np.float32)[y.astype(np.intp)]
    return y[:, None]


def data_of(parts: Sequence[Samples], probed: bool) -> dict[str, Any]:
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


def first_state(weights: NDArray[np.float32], program: Program, data: Samples) -> dict[str, Any]:
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


def members_of(experiments: Sequence[Experiment], form: Form) -> dict[str, Any]:
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


def chosen_rows(tree: Any, positions: NDArray[np.intp]) -> Any:
    if isinstance(tree, dict):
        return {name: chosen_rows(branch, positions) for name, branch in tree.items()}
    if isinstance(tree, tuple):
        return tuple(chosen_rows(branch, positions) for branch in tree)
    return on_device(np.asarray(tree)[positions])
