"""Handwritten digits of 28 x 28 pixels."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.images import image_rows_param
from regdash.datasets.samples import Points
from regdash.datasets.sources import downloaded_points, is_downloaded

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class MNIST:
    """Handwritten digits 0 to 9 as grey images, about 7,000 of each.

    inputs [N, 784]: 28 x 28 pixels from 0 (black) to 1, row by row, out of 70,000. It is downloaded once through Keras.
    Source: LeCun, Bottou, Bengio and Haffner, Proceedings of the IEEE 86 (1998) 2278-2324.
    """

    name: ClassVar[str] = "mnist"
    label: ClassVar[str] = "MNIST"
    help: ClassVar[str] = "Handwritten digits, 28 x 28 pixels: the best known of all data sets."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 784
    classes: ClassVar[int] = 10
    image: ClassVar[tuple[int, int, int]] = (28, 28, 1)

    rows: int = image_rows_param(70_000)

    @property
    def available(self) -> bool:
        return is_downloaded(self.name)

    def points(self, seed: int) -> Points:
        """Some of the images, in a random order; DataMissing while they are not on this machine."""
        return downloaded_points(self.name, DIGITS, self.rows, seed)
