"""Gradient descent with momentum."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class Momentum:
    """v = momentum * v - lr * g; then w += v, or with Nesterov w += momentum * v - lr * g."""

    name: ClassVar[str] = "momentum"
    label: ClassVar[str] = "Momentum"
    help: ClassVar[str] = "SGD that keeps rolling in the direction of earlier steps."
    slots: ClassVar[int] = 1

    learning_rate: float = learning_rate_param(0.05)
    momentum: float = param(
        0.9,
        "Momentum",
        "The share of the last step that is kept. 0 is plain SGD; at 0.9 steps grow up to ten times longer.",
        low=0.0,
        high=0.99,
        step=0.01,
        stack=True,
    )
    nesterov: bool = param(
        False,
        "Nesterov",
        "Looks ahead along the momentum before it takes the gradient's step.",
        stack=True,
    )

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, momentum: Any, nesterov: Any
    ) -> tuple[Any, ...]:
        v = momentum * slots[0] - lr * g
        return w + nesterov * (momentum * v - lr * g) + (1 - nesterov) * v, v

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.SGD(learning_rate, self.momentum, self.nesterov, weight_decay=weight_decay)
