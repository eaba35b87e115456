"""Dropout for networks of selu units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where

DROPPED = -1.6732632423543772 * 1.0507009873554805  # selu's lowest value: -alpha * scale


@dataclass(frozen=True)
class AlphaDropout:
    """y = a * (x if kept else d) + b: dropped units fall to selu's lowest value d = -1.758, in training only.

    a = 1 / sqrt((1 - rate) * (1 + rate * d^2)) and b = -a * d * rate bring activations of mean 0 and variance 1 back to
    mean 0 and variance 1. As keras.layers.AlphaDropout. Source: Klambauer et al., NeurIPS 2017, arXiv 1706.02515.
    """

    name: ClassVar[str] = "alpha_dropout"
    label: ClassVar[str] = "Alpha dropout"
    help: ClassVar[str] = "Dropout for the activation selu: it keeps the mean and the spread of the activations."
    station: ClassVar[Where] = "activations"

    rate: float = param(
        0.0,
        "Alpha dropout",
        "The share of hidden units set to selu's lowest value at random in each training step. Made for the activation "
        "selu, where 0.05 to 0.1 is usual. 0 is off.",
        low=0.01,
        high=0.9,
        step=0.01,
        off=0.0,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.rate > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"alpha_dropout": self.rate}

    @staticmethod
    def affine(kept: Any, rate: Any, ops: Any) -> tuple[Any, Any]:
        """(m, c) of y = m * x + c for units that are kept (1) or not (0); (1, 0) at rate 0."""
        a = 1 / ops.sqrt((1 - rate) * (1 + rate * DROPPED**2))
        return a * kept, a * DROPPED * (1 - kept - rate)
