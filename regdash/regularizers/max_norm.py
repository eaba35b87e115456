"""A limit for the length of each unit's weights."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where
from regdash.regularizers.norms import EPSILON, unit_norms


@dataclass(frozen=True)
class MaxNorm:
    """w <- w * min(||w||, max_value) / (||w|| + 1e-7) after each optimizer step, w all weights that enter one unit.

    This is keras.constraints.MaxNorm over all axes of the kernel but the last (axis=[0, 1, 2] for convolutions). Biases
    are free. Source: Srebro and Shraibman, COLT 2005; with dropout: Srivastava et al., JMLR 15 (2014) 1929-1958.
    """

    name: ClassVar[str] = "max_norm"
    label: ClassVar[str] = "Max-norm"
    help: ClassVar[str] = "Cuts the weights that enter a unit back to a greatest length. Goes well with dropout."
    station: ClassVar[Where] = "weights"

    max_value: float = param(
        0.0,
        "Max-norm",
        "After each step the weights that enter a unit are scaled back to this length if they are longer. "
        "0 is off; 3 or 4 is usual, 1 is strong.",
        low=0.1,
        high=10.0,
        step=0.1,
        off=0.0,
        stack=True,
        strength=-1,
    )

    @property
    def active(self) -> bool:
        return self.max_value > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"max_norm": self.max_value if self.active else math.inf}

    @staticmethod
    def constrained(kernel: Any, ops: Any, learning_rate: Any, number: Any) -> Any:
        """The kernel with no unit's weights longer than the number; an infinite number leaves it as it is."""
        norms = unit_norms(kernel, ops)
        return ops.where(ops.isinf(number), kernel, kernel * (ops.minimum(norms, number) / (EPSILON + norms)))
