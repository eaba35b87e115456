"""AdamW."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.optimizers.adam import Adam
from regdash.optimizers.base import beta_1_param, beta_2_param, learning_rate_param
from regdash.params import param


@dataclass(frozen=True)
class AdamW:
    """w -= lr * weight_decay * w on all weights, biases included, and then Adam's step, as keras.optimizers.AdamW.

    Source: Loshchilov and Hutter, arXiv 1711.05101.
    """

    name: ClassVar[str] = "adamw"
    label: ClassVar[str] = "AdamW"
    help: ClassVar[str] = (
        "Adam that also shrinks every weight a little in each step, biases included. The regulariser "
        '"Weight decay" is the one that spares biases.'
    )
    slots: ClassVar[int] = 2

    learning_rate: float = learning_rate_param(0.01)
    weight_decay: float = param(
        0.004,
        "Weight decay of AdamW",
        "Each step shrinks all weights by learning rate x weight decay, biases as well; the regulariser of the same "
        "name spares biases and adds to this one. 0 is plain Adam.",
        low=1e-5,
        high=10.0,
        log=True,
        off=0.0,
        stack=True,
        strength=1,
    )
    beta_1: float = beta_1_param()
    beta_2: float = beta_2_param()

    @staticmethod
    def step(
        ops: Any, w: Any, g: Any, slots: tuple[Any, ...], t: Any, lr: Any, weight_decay: Any, beta_1: Any, beta_2: Any
    ) -> tuple[Any, ...]:
        return Adam.step(ops, w * (1 - lr * weight_decay), g, slots, t, lr, beta_1, beta_2)

    def to_keras(self, keras: Any, learning_rate: Any, weight_decay: float | None = None) -> Any:
        """The same optimizer; a further `weight_decay` adds to its own, as Keras knows one for all weights only.

        Two shrinks one after the other differ from their sum by learning_rate * (the one) * (the other).
        """
        both = self.weight_decay + (weight_decay or 0.0)
        return keras.optimizers.AdamW(learning_rate, both, self.beta_1, self.beta_2)
