"""Adam."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, beta_1_param, beta_2_param, learning_rate_param


@dataclass(frozen=True)
class Adam:
    """m and v are running means of g and g^2; w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon).

    This is the form of Keras, with epsilon beside sqrt(v). Source: Kingma and Ba, arXiv 1412.6980.
    """

    name: ClassVar[str] = "adam"
    label: ClassVar[str] = "Adam"
    help: ClassVar[str] = "Momentum and a step size of its own for each weight. Works nearly everywhere."
    slots: ClassVar[int] = 2

    learning_rate: float = learning_rate_param(0.01)
    beta_1: float = beta_1_param()
    beta_2: float = beta_2_param()

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, beta_1: Any, beta_2: Any
    ) -> tuple[Any, ...]:
        m, v = slots
        m = m + (g - m) * (1 - beta_1)
        v = v + (ops.square(g) - v) * (1 - beta_2)
        rate = lr * ops.sqrt(1 - ops.power(beta_2, t)) / (1 - ops.power(beta_1, t))
        return w - rate * m / (ops.sqrt(v) + EPSILON), m, v

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Adam(learning_rate, self.beta_1, self.beta_2, weight_decay=weight_decay)
