"""RMSprop."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class RMSprop:
    """v = rho * v + (1 - rho) * g^2; w -= lr * g / sqrt(v + epsilon), with Keras' place of epsilon."""

    name: ClassVar[str] = "rmsprop"
    label: ClassVar[str] = "RMSprop"
    help: ClassVar[str] = "Divides each weight's step by the recent size of its gradient."
    slots: ClassVar[int] = 1

    learning_rate: float = learning_rate_param(0.001)
    rho: float = param(
        0.9,
        "Decay of the squares (rho)",
        "How slowly the running mean of squared gradients forgets.",
        low=0.0,
        high=0.999,
        step=0.01,
        stack=True,
    )

    @staticmethod
    def step(ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, rho: Any) -> tuple[Any, ...]:
        v = rho * slots[0] + (1 - rho) * ops.square(g)
        return w - lr * g / ops.sqrt(v + EPSILON), v

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.RMSprop(learning_rate, self.rho, weight_decay=weight_decay)
