"""Dropout by Gaussian noise instead of switching off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class GaussianDropout:
    """Each activation is multiplied by 1 + sqrt(rate / (1 - rate)) * z with z ~ N(0, 1), in training only.

    The factor has the mean and the variance of dropout's with the same rate. As keras.layers.GaussianDropout.
    Source: Srivastava et al., JMLR 15 (2014) 1929-1958, section 10.
    """

    name: ClassVar[str] = "gaussian_dropout"
    label: ClassVar[str] = "Gaussian dropout"
    help: ClassVar[str] = "Makes the hidden units louder or quieter at random in every step instead of off."
    station: ClassVar[Where] = "activations"

    rate: float = param(
        0.0,
        "Gaussian dropout",
        "As strong as dropout of the same rate, but each unit is multiplied by a random factor around 1 instead of by "
        "0. 0 is off; 0.5 is strong.",
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
        return {"gaussian_dropout": self.rate}

    @staticmethod
    def multiplier(normal: Any, rate: Any, ops: Any) -> Any:
        """The factors of standard normal draws; 1 at rate 0."""
        return 1 + normal * ops.sqrt(rate / (1 - rate))
