"""Mirrored images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ImageFlip:
    """Each training image is mirrored left to right with probability 1/2, drawn anew in every epoch."""

    name: ClassVar[str] = "image_flip"
    label: ClassVar[str] = "Mirror images"
    help: ClassVar[str] = "Shows every second image mirrored, so that left and right do not matter."
    station: ClassVar[Where] = "inputs"

    on: bool = param(
        False,
        "Mirror images",
        "Half of the training images are mirrored left to right, others in every epoch. Right for clothes and animals, "
        "wrong for digits: a mirrored 3 is no 3. Only images can be mirrored.",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.on

    @property
    def numbers(self) -> Mapping[str, float]:
        return {}

    def draw(self, chance: np.random.Generator, rows: int) -> NDArray[np.float32]:
        """1 for each image that is mirrored, else 0 [N, 1]; zeros when it is off."""
        return np.asarray((chance.random((rows, 1)) < 0.5) & self.on, np.float32)
