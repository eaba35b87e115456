"""The elastic net: L1 and L2 in one penalty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ElasticNet:
    """strength * (l1_ratio * sum |w| + (1 - l1_ratio) * sum w^2), over kernels (biases are free).

    It is L1 with l1 = strength * l1_ratio plus L2 with l2 = strength * (1 - l1_ratio), as keras.regularizers.L1L2, and
    adds to them. On a linear network scikit-learn's ElasticNet has alpha = l1 / 2 + l2 = strength * (1 - l1_ratio / 2)
    and its own l1_ratio = (l1 / 2) / alpha = l1_ratio / (2 - l1_ratio), for it halves the squares and not the sizes.
    Source: Zou and Hastie, J. R. Stat. Soc. B 67 (2005) 301-320.
    """

    name: ClassVar[str] = "elastic_net"
    label: ClassVar[str] = "Elastic net"
    help: ClassVar[str] = (
        "L1 and L2 with one strength: drops useless weights and keeps groups of similar ones together."
    )
    station: ClassVar[Where] = "loss"

    strength: float = param(
        0.0,
        "Elastic net strength",
        "Adds strength · (ratio · Σ|w| + (1 - ratio) · Σw²) to the loss, on top of L1 and L2. 0 is off; 0.001 is mild, "
        "0.1 kills most networks unless the ratio is small.",
        low=1e-6,
        high=1.0,
        log=True,
        off=0.0,
        stack=True,
        strength=1,
    )
    l1_ratio: float = param(
        0.5,
        "Share of L1",
        "1 is pure L1, which drops weights; 0 is pure L2, which only shrinks them. In between, inputs that say the "
        "same share their weight instead of one taking it all.",
        low=0.0,
        high=1.0,
        step=0.05,
        stack=True,
    )

    @property
    def active(self) -> bool:
        return self.strength > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"l1": self.l1, "l2": self.l2}

    @property
    def l1(self) -> float:
        """What it adds to the strength of L1."""
        return self.strength * self.l1_ratio

    @property
    def l2(self) -> float:
        """What it adds to the strength of L2."""
        return self.strength * (1 - self.l1_ratio)
