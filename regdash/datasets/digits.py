"""Handwritten digits of 8 x 8 pixels."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.bundled import bundled_points, rows_param
from regdash.datasets.samples import Points


@dataclass(frozen=True)
class Digits:
    """Handwritten digits 0 to 9 as small grey images.

    inputs [1797, 64]: 8 x 8 pixels from 0 (white) to 16 (black), row by row. Source: Alpaydin and Kaynak (1998), in the
    UCI repository, as bundled with scikit-learn.
    """

    name: ClassVar[str] = "digits"
    label: ClassVar[str] = "Digits"
    help: ClassVar[str] = "Handwritten digits of 8 x 8 pixels: few rows or wrong labels make every network overfit."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 64
    image: ClassVar[tuple[int, int, int]] = (8, 8, 1)
    classes: ClassVar[int] = 10

    rows: int = rows_param(1_797, "images", low=50)

    def points(self, seed: int) -> Points:
        """The rows as they stand in the file, in a random order."""
        return bundled_points("digits", self.classes, self.rows, seed)
