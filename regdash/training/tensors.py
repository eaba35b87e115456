"""The numbers of a stack as tensors: the rows, the state before the first step, and what each member brings."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples
from regdash.experiment import Experiment
from regdash.optimizers import ReduceOnPlateau, numbers
from regdash.regularizers import MONITORS, Dropout, EarlyStopping, InputDropout
from regdash.training.backend import capacity, on_device
from regdash.training.form import PLATEAU, PLATEAU_COUNTS, PLATEAU_NUMBERS, Form
from regdash.training.layout import Layout
from regdash.training.probes import grid

OWN = ("train_x", "train_y", "val_x", "val_y", "grid")  # tables with a part for each member, or one for all
Brought = dict[str, Any]


def targets(part: Samples, y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Targets as the network answers them [N, O]: one-hot for several classes, else one column."""
    if part.task == "multiclass":
        return np.eye(part.outputs, dtype=np.float32)[y.astype(np.intp)]
    return y[:, None]


def data_of(parts: Sequence[Samples], probed: bool) -> dict[str, Any]:
    """The rows of some parts: those of training one after another, and all of them part by part."""
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


def seen_rows(parts: Sequence[NDArray[np.float32]]) -> tuple[Any, Any]:
    """Some rows [K, N, F] to be answered, and which of them count [N]."""
    rows = on_device(np.stack([_with_room(part) for part in parts]))
    return rows, on_device(_with_room(np.ones(len(parts[0]), np.float32)))


def _with_room(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows, and zeros after them where a program has room for more."""
    return np.pad(rows, [(0, capacity(len(rows)) - len(rows)), *[(0, 0)] * (rows.ndim - 1)])


def first_state(weights: NDArray[np.float32], form: Form, layout: Layout, validation: int) -> dict[str, Any]:
    """The state of members [R, P + Q] that have not begun, as arrays of the host."""
    members = len(weights)
    w, moving = np.split(weights, [layout.size], axis=1)
    state = {
        "w": w,
        "moving": moving,
        "slots": tuple(np.zeros_like(w) for _ in range(form.slots)),
        "best_w": w,
        "best_moving": moving,
        "best": np.full(members, np.inf, np.float32),
        "waited": np.zeros(members, np.int32),
        "lowest": np.full(members, np.inf, np.float32),
        "lowest_z": np.zeros((members, capacity(validation), form.outputs), np.float32),
        "active": np.ones(members, np.bool_),
    }
    return with_plateau(state, form)


def with_plateau(state: dict[str, Any], form: Form) -> dict[str, Any]:
    """A state of the host as the form has it: with the memory of a schedule that looks back, or without."""
    if PLATEAU not in form.extras:
        return {name: table for name, table in state.items() if name != "plateau"}
    if "plateau" in state:
        return state
    members = len(state["active"])
    return state | {
        "plateau": {
            "best": np.full(members, np.inf, np.float32),
            "waited": np.zeros(members, np.int32),
            "cooling": np.zeros(members, np.int32),
            "share": np.ones(members, np.float32),
        }
    }


def brought(experiment: Experiment, form: Form) -> Brought:
    """The numbers of one member that flow through the program."""
    stopping, own = experiment.regularizer(EarlyStopping), numbers(experiment.optimizer)
    count, real = np.int32, np.float32
    found: Brought = {
        "numbers": {name: np.full(1, _sum_of(experiment, form, name), real) for name in form.numbers},
        "rates": np.array(station_rates(experiment, form), real),
        "optimizer": {name: np.full(1, own[name], real) for name in form.optimizer_numbers},
        "patience": count(stopping.patience),
        "start_epoch": count(stopping.start_epoch),
        "monitor": count(MONITORS.index(stopping.monitor)),
        "min_delta": real(stopping.min_delta),
        "seed": count(experiment.training.seed),
        "epochs": count(experiment.training.epochs),
    }
    if PLATEAU in form.extras:
        rule = experiment.schedule if isinstance(experiment.schedule, ReduceOnPlateau) else None
        found["plateau"] = {name: real(getattr(rule, name, 1.0)) for name in PLATEAU_NUMBERS} | {
            name: count(getattr(rule, name, 1)) for name in PLATEAU_COUNTS
        }
    return found


def members_of(rows: Sequence[Brought]) -> Brought:
    """The numbers of several members as tables on the device."""
    found: Brought = placed(merged(rows, np.stack))
    return found


def _sum_of(experiment: Experiment, form: Form, name: str) -> float:
    """A number of a member: equal names of two regularisers are added."""
    found = [experiment.regularizer(kind).numbers for kind in form.kinds]
    return float(sum(each[name] for each in found if name in each))


def station_rates(experiment: Experiment, form: Form) -> tuple[float, ...]:
    """The dropout rate at each station that the form masks: the input, where it does so, and the hidden ones."""
    hidden = len(experiment.network.stations(form.inputs)) - 1
    rates = experiment.regularizer(Dropout).per_layer(hidden)
    return (experiment.regularizer(InputDropout).rate, *rates) if form.uses(InputDropout) else rates


def merged(trees: Sequence[Any], join: Callable[[list[Any]], Any]) -> Any:
    """One tree from several of the same shape: `join` makes a leaf from theirs."""
    first = trees[0]
    if isinstance(first, dict):
        return {name: merged([tree[name] for tree in trees], join) for name in first}
    if isinstance(first, tuple):
        return tuple(merged(branches, join) for branches in zip(*trees, strict=True))
    return join(list(trees))


def chosen_rows(tree: Any, positions: NDArray[np.intp]) -> Any:
    """The rows at these positions of all tables, as arrays of the host."""
    return merged([tree], lambda leaf: np.asarray(leaf[0])[positions])


def placed(tree: Any) -> Any:
    """All tables on the device."""
    return merged([tree], lambda leaf: on_device(leaf[0]))
