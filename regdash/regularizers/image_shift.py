"""Shifted images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ImageShift:
    """Each training image moves by (dx, dy) whole pixels, drawn anew in every epoch from -pixels .. pixels.

    What moves out is lost and what moves in is 0; see `images.augmented`.
    """

    name: ClassVar[str] = "image_shift"
    label: ClassVar[str] = "Shift images"
    help: ClassVar[str] = "Moves each image a little in every epoch, so that the place of a stroke does not matter."
    station: ClassVar[Where] = "inputs"

    pixels: int = param(
        0,
        "Shift images",
        "Each training image is moved by up to so many pixels sideways and up or down. 0 is off; on 8 x 8 digits 1 is "
        "much. Only images can be shifted.",
        low=1,
        high=4,
        off=0,
        unit="pixels",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.pixels > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def draw(self, chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        """(dx to the right, dy downwards) of each image [N, 2]; zeros when it is off.

        The chance is used up alike whatever the pixels are, so that two settings see the same draws.
        """
        uniform = chance.random((rows, 2))
        return np.asarray(np.floor(uniform * (2 * self.pixels + 1)) - self.pixels, np.float32)
