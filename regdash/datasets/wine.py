"""Wines by their chemistry."""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal

from regdash.datasets.bundled import first_rows, rows_param
from regdash.datasets.samples import Points


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
        table = _table()
        kept = first_rows(table.target, self.classes, self.rows, seed)
        return Points(
            inputs=table.data[kept],
            targets=table.target[kept],
            feature_names=tuple(name.replace("_", " ") for name in table.feature_names),
            class_names=("cultivar 1", "cultivar 2", "cultivar 3"),
        )


@cache
def _table() -> Any:
    from sklearn.datasets import load_wine

    return load_wine()
