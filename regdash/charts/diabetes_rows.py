"""The diabetes data as the figures use them: every column and the target with mean 0 and standard deviation 1."""

from functools import cache

import numpy as np

from regdash.datasets import Diabetes
from regdash.intervals import Array


@cache
def diabetes_rows() -> tuple[Array, Array]:
    """Inputs [442, 10] and targets [442], standardised over all rows, always in the same random order."""
    points = Diabetes().points(0)
    x, y = np.asarray(points.inputs, float), np.asarray(points.targets, float).ravel()
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
