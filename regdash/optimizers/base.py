"""What an optimizer and a schedule are: frozen values with one update rule."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

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
    """How the learning rate changes: learning_rate * factor(step), with step = 0, 1, 2, ..."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]

    def factor(self, step: Any) -> Any:
        """The factor at each step, as a NumPy array of float64."""

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        """What a Keras optimizer takes as `learning_rate`: a number or a schedule."""


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


def numbers(optimizer: Optimizer) -> dict[str, float]:
    """The numbers of the update rule besides the learning rate, such as {"rho": 0.9}."""
    names = (each.name for each in params_of(type(optimizer)) if each.name != "learning_rate")
    return {name: float(getattr(optimizer, name)) for name in names}
