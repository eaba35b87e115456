"""Plain gradient descent on mini-batches."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.base import learning_rate_param


@dataclass(frozen=True)
class SGD:
    """w -= lr * g. On mini-batches this is stochastic gradient descent, on all rows at once gradient descent."""

    name: ClassVar[str] = "sgd"
    label: ClassVar[str] = "SGD"
    help: ClassVar[str] = (
        "Goes straight down the gradient of each mini-batch. With all training rows in one batch "
        '(batch size "all") it is plain gradient descent.'
    )
    slots: ClassVar[int] = 0

    learning_rate: float = learning_rate_param(0.1)

    @staticmethod
    def step(ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any) -> tuple[Any, ...]:
        return (w - lr * g,)

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        return keras.optimizers.SGD(learning_rate, weight_decay=weight_decay)
