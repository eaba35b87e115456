"""Lion."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class Lion:
    """w -= lr * sign(b1 * m + (1 - b1) * g), and then m = b2 * m + (1 - b2) * g.

    Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", arXiv 2302.06675.
    """

    name: ClassVar[str] = "lion"
    label: ClassVar[str] = "Lion"
    help: ClassVar[str] = (
        "Looks at the signs alone: every weight moves by exactly the learning rate. Take three to ten times less "
        "than for Adam."
    )
    slots: ClassVar[int] = 1

    learning_rate: float = learning_rate_param(0.001)
    beta_1: float = param(
        0.9,
        "Weight of the memory (beta 1)",
        "How much the memory of earlier gradients counts beside the newest one when the direction is chosen.",
        low=0.0,
        high=0.999,
        step=0.01,
        stack=True,
    )
    beta_2: float = param(
        0.99,
        "Memory of gradients (beta 2)",
        "How slowly the mean of the gradients forgets.",
        low=0.0,
        high=0.9999,
        step=0.001,
        stack=True,
    )

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, beta_1: Any, beta_2: Any
    ) -> tuple[Any, ...]:
        m = slots[0]
        direction = ops.sign(beta_1 * m + (1 - beta_1) * g)
        return w - lr * direction, beta_2 * m + (1 - beta_2) * g

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.Lion(learning_rate, self.beta_1, self.beta_2, weight_decay=weight_decay)
