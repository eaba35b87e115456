"""What an optimizer and a schedule are: frozen values with one update rule."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.params import param, params_of

EPSILON = 1e-7  # Keras' default


class Optimizer(Protocol):
    """An update rule over weights w and gradients g, both [R, P] (or any one shape), with `slots` arrays of memory.

    Every number comes as an array that broadcasts against w, so each member of a stack may have its own.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    slots: ClassVar[int]

    @property
    def learning_rate(self) -> float: ...

    @property
    def step(self) -> Callable[..., tuple[Any, ...]]:
        """The rule, called as `step(ops, w, g, slots, t, lr, **numbers)`; gives (new w, *new slots).

        t = 1, 2, ... counts the steps; the slots start at zero.
        """

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        """The same optimizer as a keras.Optimizer; `learning_rate` is a number or a Keras schedule."""


class Schedule(Protocol):
    """How the learning rate changes: learning_rate * factor(step), step = 0, 1, 2, ... counted after the warm-up."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]

    @property
    def warmup(self) -> int: ...

    def factor(self, step: Any) -> Any:
        """The factor at each step after the warm-up, as a NumPy array of float64."""

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        """What a Keras optimizer takes as `learning_rate`: a number or a schedule, warm-up and all."""


def learning_rate_param(default: float) -> Any:
    """The learning rate, declared once for all optimizers."""
    return param(
        default,
        "Learning rate",
        "The length of each step downhill. Too small learns slowly; too large jumps about or flies off to infinity.",
        low=1e-5,
        high=10.0,
        log=True,
        symbol="η",
        stack=True,
    )


def beta_1_param() -> Any:
    """The memory of gradients, declared once for Adam and its relatives."""
    return param(
        0.9, "Memory of gradients (beta 1)", "How slowly the mean of the gradients forgets.",
        low=0.0, high=0.999, step=0.01, stack=True,
    )  # fmt: skip


def beta_2_param() -> Any:
    """The memory of squared gradients, declared once for Adam and its relatives."""
    return param(
        0.999, "Memory of squares (beta 2)", "How slowly the mean of the squared gradients forgets.",
        low=0.0, high=0.9999, step=0.001, stack=True,
    )  # fmt: skip


def warmup_param() -> Any:
    """The warm-up, declared once for all schedules."""
    return param(
        0,
        "Warm-up",
        "The learning rate grows evenly to its full size over so many optimizer steps (mini-batches, not epochs) "
        "before the schedule begins, so that the first steps do no harm. 0 is off.",
        low=1,
        high=100_000,
        off=0,
        unit="steps",
        stack=True,
    )


def numbers(optimizer: Optimizer) -> dict[str, float]:
    """The numbers of the update rule besides the learning rate, such as {"rho": 0.9}."""
    names = (each.name for each in params_of(type(optimizer)) if each.name != "learning_rate")
    return {name: float(getattr(optimizer, name)) for name in names}


def learning_rates(optimizer_lr: float, schedule: Schedule, steps: ArrayLike) -> NDArray[np.float64]:
    """The learning rate in force at each of the steps 0, 1, 2, ...

    lr * (step + 1) / warmup while step < warmup, then lr * factor(step - warmup): the first step of a warm-up takes
    lr / warmup, its last one lr, and so does the first step of the schedule.
    """
    at = np.asarray(steps, np.float64)
    ramp = (at + 1) / max(schedule.warmup, 1)
    after = np.asarray(schedule.factor(np.maximum(at - schedule.warmup, 0)), np.float64)
    return optimizer_lr * np.where(at < schedule.warmup, ramp, after)
