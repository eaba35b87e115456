"""Dropout on the inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class InputDropout:
    """Each input is kept with probability 1 - rate and scaled by 1 / (1 - rate), in training only.

    On a linear network with standardised inputs it is ridge regression in expectation, with l2 = rate / (1 - rate).
    """

    name: ClassVar[str] = "input_dropout"
    label: ClassVar[str] = "Input dropout"
    help: ClassVar[str] = "Hides inputs at random in every step, so that no single feature is relied on."
    station: ClassVar[Where] = "activations"

    rate: float = param(
        0.0,
        "Input dropout",
        "The share of inputs hidden at random in each training step. 0 is off; 0.2 is usual for images. "
        "With two inputs even 0.1 hides much.",
        low=0.0,
        high=0.9,
        step=0.05,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.rate > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}
