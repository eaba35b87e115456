"""Adadelta."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class Adadelta:
    """v = rho * v + (1 - rho) * g^2; d = g * sqrt(u + epsilon) / sqrt(v + epsilon); w -= lr * d.

    u is the running mean of d^2 with the same rho, before this step. Source: Zeiler, arXiv 1212.5701, where the
    learning rate is 1 (Keras' default of 0.001 hardly moves).
    """

    name: ClassVar[str] = "adadelta"
    label: ClassVar[str] = "Adadelta"
    help: ClassVar[str] = "Finds the length of its steps from the steps before; a learning rate of 1 is as published."
    slots: ClassVar[int] = 2

    learning_rate: float = learning_rate_param(1.0)
    rho: float = param(
        0.95,
        "Decay of the squares (rho)",
        "How slowly the running means of squared gradients and squared steps forget.",
        low=0.0,
        high=0.999,
        step=0.01,
        stack=True,
    )

    @staticmethod
    def step(ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, rho: Any) -> tuple[Any, ...]:
        v = rho * slots[0] + (1 - rho) * ops.square(g)
        d = g * ops.sqrt(slots[1] + EPSILON) / ops.sqrt(v + EPSILON)
        return w - lr * d, v, rho * slots[1] + (1 - rho) * ops.square(d)

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Adadelta(learning_rate, self.rho, weight_decay=weight_decay)
