"""Tumours by the shape of their cells."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.bundled import bundled_points, rows_param
from regdash.datasets.samples import Points


@dataclass(frozen=True)
class BreastCancer:
    """Tumours, malignant or benign, described by the cell nuclei in an image.

    inputs [569, 30]: mean, standard error and worst value of ten shape measurements; 212 malignant and 357 benign.
    Source: Wolberg, Street and Mangasarian (1995), in the UCI repository, as bundled with scikit-learn.
    """

    name: ClassVar[str] = "breast_cancer"
    label: ClassVar[str] = "Breast cancer"
    help: ClassVar[str] = "Thirty measurements of cell nuclei, many of them saying nearly the same: L1 keeps a few."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 30
    classes: ClassVar[int] = 2

    rows: int = rows_param(569, "tumours")

    def points(self, seed: int) -> Points:
        """The rows as they stand in the file, in a random order."""
        return bundled_points("breast_cancer", self.classes, self.rows, seed)
