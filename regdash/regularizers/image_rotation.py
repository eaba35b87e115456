"""Turned images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ImageRotation:
    """Each training image turns about its centre by an angle drawn anew in every epoch from -degrees .. degrees.

    Pixels are interpolated between their four neighbours, with 0 outside the image; see `images.augmented`.
    """

    name: ClassVar[str] = "image_rotation"
    label: ClassVar[str] = "Turn images"
    help: ClassVar[str] = "Turns each image a little in every epoch, so that a slant does not matter."
    station: ClassVar[Where] = "inputs"

    degrees: float = param(
        0.0,
        "Turn images",
        "Each training image is turned by up to so many degrees either way. 0 is off; 10 to 15 is usual for digits, "
        "45 makes a 7 look like a 1. Only images can be turned.",
        low=1.0,
        high=45.0,
        step=1.0,
        off=0.0,
        unit="degrees",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.degrees > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def draw(self, chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        """The angle of each image in radians, anticlockwise [N, 1]; zeros when it is off."""
        return np.asarray((2 * chance.random((rows, 1)) - 1) * np.deg2rad(self.degrees), np.float32)
