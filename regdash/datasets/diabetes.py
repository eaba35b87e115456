"""How diabetes progressed within a year."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.bundled import bundled_points, rows_param
from regdash.datasets.samples import Points


@dataclass(frozen=True)
class Diabetes:
    """The progression of diabetes one year after ten measurements were taken.

    inputs [442, 10] in their own units: age in years, sex, body mass index, blood pressure, six blood values s1 to s6.
    The target is a number from 25 to 346 for how far the disease went on. They are the raw values; scikit-learn's
    scaled ones are the same after standardising. Source: Efron, Hastie, Johnstone and Tibshirani, Annals of
    Statistics 32 (2004) 407-499, as bundled with scikit-learn.
    """

    name: ClassVar[str] = "diabetes"
    label: ClassVar[str] = "Diabetes"
    help: ClassVar[str] = "Ten measurements and a noisy target: a straight line is hard to beat."
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 10
    classes: ClassVar[int] = 0

    rows: int = rows_param(442, "patients")

    def points(self, seed: int) -> Points:
        """The rows as they stand in the file, in a random order."""
        return bundled_points("diabetes", self.classes, self.rows, seed, target_name="disease progression")
