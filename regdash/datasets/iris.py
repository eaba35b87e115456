"""Fisher's irises."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.bundled import bundled_points, rows_param
from regdash.datasets.samples import Points


@dataclass(frozen=True)
class Iris:
    """Three kinds of iris, told apart by the length and width of their sepals and petals.

    inputs [150, 4] in centimetres, 50 flowers of each kind. Source: Fisher, Annals of Eugenics 7 (1936) 179-188, as
    bundled with scikit-learn.
    """

    name: ClassVar[str] = "iris"
    label: ClassVar[str] = "Iris"
    help: ClassVar[str] = "Three kinds of flowers and four measurements: easy, small and famous."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 4
    classes: ClassVar[int] = 3

    rows: int = rows_param(150, "flowers")

    def points(self, seed: int) -> Points:
        """The rows as they stand in the file, in a random order."""
        return bundled_points("iris", self.classes, self.rows, seed)
