"""Clothes on 28 x 28 pixels."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.images import image_rows_param
from regdash.datasets.samples import Points
from regdash.datasets.sources import downloaded_points, is_downloaded

KINDS = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


@dataclass(frozen=True)
class FashionMNIST:
    """Grey pictures of clothes, bags and shoes from a shop, ten kinds with 7,000 pictures each.

    inputs [N, 784]: 28 x 28 pixels from 0 (black) to 1, row by row, out of 70,000. It is downloaded once through Keras.
    Source: Xiao, Rasul and Vollgraf (2017), arXiv 1708.07747.
    """

    name: ClassVar[str] = "fashion_mnist"
    label: ClassVar[str] = "Fashion-MNIST"
    help: ClassVar[str] = "Pictures of clothes, 28 x 28 pixels: shirts and pullovers are hard to tell apart."
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
        return downloaded_points(self.name, KINDS, self.rows, seed)
