"""Noise on the inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class InputNoise:
    """x + stddev * z with z ~ N(0, 1), drawn anew for each input in every step, in training only.

    On a linear network it is ridge regression in expectation, with l2 = stddev^2. As keras.layers.GaussianNoise.
    Source: Bishop, Neural Computation 7 (1995) 108-116.
    """

    name: ClassVar[str] = "input_noise"
    label: ClassVar[str] = "Input noise (jitter)"
    help: ClassVar[str] = "Shakes the inputs a little in every step, so that nearby points get similar answers."
    station: ClassVar[Where] = "inputs"

    stddev: float = param(
        0.0,
        "Input noise (jitter)",
        "The standard deviation of the noise added to each input in training. Tables are standardised, so 0.1 is a "
        "tenth of an input's own spread; pixels lie between 0 and 1. 0 is off.",
        low=0.01,
        high=2.0,
        step=0.01,
        off=0.0,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.stddev > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"input_noise": self.stddev}

    @staticmethod
    def noisy(x: Any, normal: Any, stddev: Any, ops: Any) -> Any:
        """The inputs with the noise of standard normal draws in their shape."""
        return x + stddev * normal
