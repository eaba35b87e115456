"""The L1 penalty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class L1:
    """l1 * sum |w|, over kernels (biases are free), as keras.regularizers.L1.

    Its derivative is l1 * sign(w), and 0 where w = 0. On a linear network: Lasso alpha = l1 / 2.
    """

    name: ClassVar[str] = "l1"
    label: ClassVar[str] = "L1"
    help: ClassVar[str] = "Charges every weight by its size and so drives useless weights towards zero."
    station: ClassVar[Where] = "loss"
    each_kernel: ClassVar[bool] = False
    symbol: ClassVar[str] = "Σ|w|"

    l1: float = param(
        0.0,
        "L1 strength",
        "Adds l1 · Σ|w| to the loss. Every weight is pulled to zero with the same force, so weights that do not "
        "help vanish. 0 is off; 0.001 is mild, 0.1 kills most networks.",
        low=1e-6,
        high=1.0,
        log=True,
        off=0.0,
        symbol="l1",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.l1 > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"l1": self.l1}

    @property
    def strength(self) -> float:
        return self.l1

    @staticmethod
    def penalty(weights: Any, strength: Any, ops: Any) -> Any:
        return ops.sum(strength * ops.abs(weights), axis=-1)

    @staticmethod
    def gradient(weights: Any, strength: Any, ops: Any) -> Any:
        return strength * ops.sign(weights)
