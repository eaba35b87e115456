"""Colour pictures of animals and vehicles."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.images import image_rows_param
from regdash.datasets.samples import Points
from regdash.datasets.sources import downloaded_points, is_downloaded

THINGS = (
    "airplane", "automobile", "bird", "cat", "deer",
    "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


@dataclass(frozen=True)
class CIFAR10:
    """Colour pictures of six kinds of animals and four kinds of vehicles, 6,000 of each.

    inputs [N, 3072]: 32 x 32 pixels of red, green and blue from 0 (dark) to 1, row by row, out of 60,000. It is
    downloaded once through Keras. Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009).
    """

    name: ClassVar[str] = "cifar10"
    label: ClassVar[str] = "CIFAR-10"
    help: ClassVar[str] = (
        "Tiny colour pictures of animals and vehicles, 32 x 32 pixels: dense networks overfit, convolutions help."
    )
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 3_072
    classes: ClassVar[int] = 10
    image: ClassVar[tuple[int, int, int]] = (32, 32, 3)

    rows: int = image_rows_param(60_000)

    @property
    def available(self) -> bool:
        return is_downloaded(self.name)

    def points(self, seed: int) -> Points:
        """Some of the images, in a random order; DataMissing while they are not on this machine."""
        return downloaded_points(self.name, THINGS, self.rows, seed)
