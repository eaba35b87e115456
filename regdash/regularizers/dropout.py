"""Dropout on the hidden layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class Dropout:
    """Each activation is kept with probability 1 - rate and then scaled by 1 / (1 - rate), in training only.

    Source: Srivastava et al., JMLR 15 (2014) 1929-1958, in the inverted form that Keras uses.
    """

    name: ClassVar[str] = "dropout"
    label: ClassVar[str] = "Dropout"
    help: ClassVar[str] = "Switches units off at random in every step, so that none can rely on another."
    station: ClassVar[Where] = "activations"

    rate: float = param(
        0.0,
        "Dropout",
        "The share of hidden units switched off at random in each training step. 0 is off; 0.5 is strong. "
        "When the network is judged, all units are on.",
        low=0.0,
        high=0.9,
        step=0.05,
        symbol="p",
        stack=True,
        strength=1,
    )
    rates: tuple[float, ...] = param(
        (),
        "Dropout per layer",
        "A rate of its own for each hidden layer, in their order. Empty: the same rate for all.",
        kind="numbers",
        low=0.0,
        high=0.9,
        longest=6,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return bool(self.rates) or self.rate > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def per_layer(self, layers: int) -> tuple[float, ...]:
        """The rate of each hidden layer."""
        return self.rates or (self.rate,) * layers
