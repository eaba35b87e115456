"""Nadam."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import EPSILON, beta_1_param, beta_2_param, learning_rate_param


@dataclass(frozen=True)
class Nadam:
    """Adam with Nesterov's look ahead: with u_t = b1 * (1 - 0.96^t / 2), U_t = u_1 * ... * u_t, and m and v as in Adam,
    w -= lr * (u_{t+1} * m / (1 - U_{t+1}) + (1 - u_t) * g / (1 - U_t)) / (sqrt(v / (1 - b2^t)) + epsilon).

    The third slot keeps 1 - U_t, which starts at zero. Source: Dozat, "Incorporating Nesterov Momentum into Adam",
    2016, with the figures of Keras.
    """

    name: ClassVar[str] = "nadam"
    label: ClassVar[str] = "Nadam"
    help: ClassVar[str] = "Adam that looks ahead along its momentum before it takes the gradient's step."
    slots: ClassVar[int] = 3

    learning_rate: float = learning_rate_param(0.01)
    beta_1: float = beta_1_param()
    beta_2: float = beta_2_param()

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, beta_1: Any, beta_2: Any
    ) -> tuple[Any, ...]:
        m, v, missing = slots
        now = beta_1 * (1 - 0.5 * ops.power(0.96, t))
        following = beta_1 * (1 - 0.5 * ops.power(0.96, t + 1))
        m = m + (g - m) * (1 - beta_1)
        v = v + (ops.square(g) - v) * (1 - beta_2)
        missing = 1 - (1 - missing) * now
        ahead = following * m / (1 - (1 - missing) * following) + (1 - now) * g / missing
        size = ops.sqrt(v / (1 - ops.power(beta_2, t))) + EPSILON
        return w - lr * ahead / size, m, v, missing

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Nadam(learning_rate, self.beta_1, self.beta_2, weight_decay=weight_decay)
