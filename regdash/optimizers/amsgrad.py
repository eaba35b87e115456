"""AMSGrad."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, beta_1_param, beta_2_param, learning_rate_param


@dataclass(frozen=True)
class AMSGrad:
    """Adam with u, the largest v so far, in place of v: w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(u) + e).

    e is Keras' epsilon. As keras.optimizers.Adam(amsgrad=True). Source: Reddi, Kale and Kumar, arXiv 1904.09237.
    """

    name: ClassVar[str] = "amsgrad"
    label: ClassVar[str] = "AMSGrad"
    help: ClassVar[str] = "Adam that never forgets the largest gradients, so that its steps cannot grow again."
    slots: ClassVar[int] = 3

    learning_rate: float = learning_rate_param(0.01)
    beta_1: float = beta_1_param()
    beta_2: float = beta_2_param()

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, beta_1: Any, beta_2: Any
    ) -> tuple[Any, ...]:
        m, v, largest = slots
        m = m + (g - m) * (1 - beta_1)
        v = v + (ops.square(g) - v) * (1 - beta_2)
        largest = ops.maximum(largest, v)
        rate = lr * ops.sqrt(1 - ops.power(beta_2, t)) / (1 - ops.power(beta_1, t))
        return w - rate * m / (ops.sqrt(largest) + EPSILON), m, v, largest

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Adam(learning_rate, self.beta_1, self.beta_2, amsgrad=True, weight_decay=weight_decay)
