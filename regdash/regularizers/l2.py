"""The L2 penalty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class L2:
    """l2 * sum w^2, over kernels (biases are free), as keras.regularizers.L2: there is no factor 1/2.

    Its derivative is 2 * l2 * w. On a linear network: Ridge alpha = n * l2.
    """

    name: ClassVar[str] = "l2"
    label: ClassVar[str] = "L2"
    help: ClassVar[str] = "Charges large weights most and so keeps all weights small."
    station: ClassVar[Where] = "loss"
    each_kernel: ClassVar[bool] = False
    symbol: ClassVar[str] = "Σw²"

    l2: float = param(
        0.0,
        "L2 strength",
        "Adds l2 · Σw² to the loss. Large weights are pulled hardest, so the function becomes smoother. "
        "0 is off; 0.001 is mild, 0.1 flattens most networks.",
        low=1e-6,
        high=10.0,
        log=True,
        off=0.0,
        symbol="l2",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.l2 > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"l2": self.l2}

    @property
    def strength(self) -> float:
        return self.l2

    @staticmethod
    def penalty(weights: Any, strength: Any, ops: Any) -> Any:
        return ops.sum(strength * ops.square(weights), axis=-1)

    @staticmethod
    def gradient(weights: Any, strength: Any, ops: Any) -> Any:
        return 2 * strength * weights
