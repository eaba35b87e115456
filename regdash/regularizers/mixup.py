"""Training on mixtures of two rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class Mixup:
    """lam * (x, y) + (1 - lam) * (x', y') with lam ~ Beta(alpha, alpha), one lam for each step, in training only.

    Small alpha mixes rarely (lam near 0 or 1), alpha = 1 draws every mixture alike.
    Source: Zhang et al., ICLR 2018, arXiv 1710.09412.
    """

    name: ClassVar[str] = "mixup"
    label: ClassVar[str] = "Mixup"
    help: ClassVar[str] = "Trains on blends of two rows and of their targets: between two points the answer is a blend."
    station: ClassVar[Where] = "inputs"

    alpha: float = param(
        0.0,
        "Mixup",
        "How strongly two rows are blended: 0.2 mostly keeps one of them, 1 draws every blend alike, above 1 halves "
        "are most likely. 0 is off.",
        low=0.05,
        high=2.0,
        step=0.05,
        off=0.0,
        symbol="α",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.alpha > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def weights(self, chance: np.random.Generator, steps: int) -> NDArray[np.float32]:
        """The share lam [steps] of the first row in each step; all ones when it is off."""
        if not self.active:
            return np.ones(steps, np.float32)
        return chance.beta(self.alpha, self.alpha, steps).astype(np.float32)

    @staticmethod
    def mixed(a: Any, b: Any, lam: Any, ops: Any) -> Any:
        """Lam * a + (1 - lam) * b, for inputs and for targets alike; `lam` broadcasts against them."""
        return lam * a + (1 - lam) * b
