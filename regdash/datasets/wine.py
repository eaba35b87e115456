"""Wines by their chemistry."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.bundled import bundled_points, rows_param
from regdash.datasets.samples import Points

CULTIVARS = ("cultivar 1", "cultivar 2", "cultivar 3")


@dataclass(frozen=True)
class Wine:
    """Wines of three cultivars from one region, told apart by a chemical analysis.

    inputs [178, 13], each in its own unit; 59, 71 and 48 wines. Source: Forina et al., PARVUS, in the UCI repository,
    as bundled with scikit-learn.
    """

    name: ClassVar[str] = "wine"
    label: ClassVar[str] = "Wine"
    help: ClassVar[str] = "Three cultivars and thirteen measurements in very different units."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 13
    classes: ClassVar[int] = 3

    rows: int = rows_param(178, "wines")

    def points(self, seed: int) -> Points:
        """The rows as they stand in the file, in a random order."""
        return bundled_points("wine", self.classes, self.rows, seed, class_names=CULTIVARS)
