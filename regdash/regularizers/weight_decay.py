"""Decoupled weight decay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class WeightDecay:
    """w -= learning_rate * weight_decay * w before each optimizer step, as Keras' `weight_decay` argument.

    Plain SGD: the same as L2 with l2 = weight_decay / 2; under Adam it is not. Source: Loshchilov and Hutter,
    arXiv 1711.05101.
    """

    name: ClassVar[str] = "weight_decay"
    label: ClassVar[str] = "Weight decay"
    help: ClassVar[str] = "Shrinks every weight by a small share in each step, apart from the gradient."
    station: ClassVar[Where] = "update"

    weight_decay: float = param(
        0.0,
        "Weight decay",
        "Each step shrinks the weights by learning rate x weight decay. Under Adam this differs from L2, which is "
        "divided by the size of the gradients. 0 is off.",
        low=1e-5,
        high=10.0,
        log=True,
        off=0.0,
        stack=True,
        strength=1,
    )
    biases: bool = param(
        False,
        "Decay biases too",
        "Keras decays biases as well unless told otherwise; the usual advice is to leave them alone.",
        stack=True,
    )

    @property
    def active(self) -> bool:
        return self.weight_decay > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"weight_decay": self.weight_decay, "decay_biases": float(self.active and self.biases)}

    @staticmethod
    def decayed(weights: Any, learning_rate: Any, weight_decay: Any) -> Any:
        """The weights after the shrink: w * (1 - learning_rate * weight_decay)."""
        return weights * (1 - learning_rate * weight_decay)
