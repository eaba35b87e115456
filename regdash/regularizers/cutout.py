"""Images with a hole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class Cutout:
    """A square of `size` pixels of each training image is set to 0, at a place drawn anew in every epoch.

    Its centre is any pixel, so at the border a part of the square lies outside. Source: DeVries and Taylor,
    arXiv 1708.04552.
    """

    name: ClassVar[str] = "cutout"
    label: ClassVar[str] = "Cutout"
    help: ClassVar[str] = "Hides a square of each image, another one in every epoch, so that no single part decides."
    station: ClassVar[Where] = "inputs"

    size: int = param(
        0,
        "Cutout",
        "The side of the square that is blackened in each training image. 0 is off; a quarter to a half of the "
        "image's side is usual. Only images can be cut.",
        low=1,
        high=16,
        off=0,
        unit="pixels",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.size > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def draw(self, chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        """(u, v, side) of each image's square [N, 3]: its centre across and down in [0, 1), its side in pixels."""
        centres = chance.random((rows, 2), dtype=np.float32)
        return np.concatenate([centres, np.full((rows, 1), self.size, np.float32)], axis=1)
