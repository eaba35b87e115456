"""Adagrad."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class Adagrad:
    """a = initial_accumulator_value + the sum of all g^2 so far; w -= lr * g / sqrt(a + epsilon).

    The slot keeps a without its start. Source: Duchi, Hazan and Singer, JMLR 12 (2011) 2121-2159, with Keras' place
    of epsilon.
    """

    name: ClassVar[str] = "adagrad"
    label: ClassVar[str] = "Adagrad"
    help: ClassVar[str] = (
        "Shortens each weight's steps by all the gradients it has seen. It never forgets, so it slows."
    )
    slots: ClassVar[int] = 1

    learning_rate: float = learning_rate_param(0.05)
    initial_accumulator_value: float = param(
        0.1,
        "Start of the sum",
        "What the sum of squared gradients begins with. A larger start makes the first steps shorter.",
        low=0.0,
        high=1.0,
        step=0.05,
        stack=True,
    )

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, initial_accumulator_value: Any
    ) -> tuple[Any, ...]:
        total = slots[0] + ops.square(g)
        return w - lr * g / ops.sqrt(initial_accumulator_value + total + EPSILON), total

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Adagrad(learning_rate, self.initial_accumulator_value, weight_decay=weight_decay)
