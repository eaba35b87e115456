"""The diabetes table as a least-squares problem, for figures of linear models."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from regdash.charts.diabetes_rows import diabetes_rows
from regdash.datasets import Diabetes
from regdash.intervals import Array


@dataclass(frozen=True)
class LeastSquares:
    """Standardised inputs [N, 10] and targets [N]; `matrix` = X'X / N, `vector` = X'y / N, and the inputs' names."""

    x: Array
    y: Array
    matrix: Array
    vector: Array
    names: tuple[str, ...]

    def ridge(self, l2: float) -> Array:
        """The minimum [10] of the mean squared error + l2 sum w^2: (X'X / N + l2 I) w = X'y / N."""
        return np.asarray(np.linalg.solve(self.matrix + l2 * np.eye(len(self.vector)), self.vector))


@cache
def diabetes() -> LeastSquares:
    """All 442 rows as a least-squares problem."""
    x, y = diabetes_rows()
    return LeastSquares(x, y, x.T @ x / len(x), x.T @ y / len(x), Diabetes().points(0).feature_names)
