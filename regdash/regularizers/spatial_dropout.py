"""Dropout of whole feature maps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class SpatialDropout:
    """Each feature map of a row is kept as a whole with probability 1 - rate and scaled by 1 / (1 - rate), in training.

    As keras.layers.SpatialDropout2D, with one draw [B, 1, 1, C] for activations [B, H, W, C]; where there is only one
    number per map it is ordinary dropout. Source: Tompson et al., CVPR 2015, arXiv 1411.4280.
    """

    name: ClassVar[str] = "spatial_dropout"
    label: ClassVar[str] = "Spatial dropout"
    help: ClassVar[str] = "Switches whole feature maps of a convolution off, since neighbouring pixels say the same."
    station: ClassVar[Where] = "activations"

    rate: float = param(
        0.0,
        "Spatial dropout",
        "The share of feature maps switched off at random in each training step of a convolutional network. Ordinary "
        "dropout of single pixels is easily seen through. 0 is off; 0.2 is usual.",
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
        return {"spatial_dropout": self.rate}

    @staticmethod
    def multiplier(kept: Any, rate: Any, ops: Any) -> Any:
        """The factors of maps that are kept (1) or not (0); 1 at rate 0."""
        return kept / (1 - rate)
