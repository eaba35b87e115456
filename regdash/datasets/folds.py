"""Folds of cross-validation: which row validates in which fold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def fold_of(targets: NDArray[Any], classes: int, folds: int) -> NDArray[np.intp]:
    """The fold [N] in which each row validates; -1 for the fewer than `folds` rows at the end that never do.

    The first folds * floor(N / folds) rows are sorted by class and dealt out one by one like cards. So all folds have
    the same number of rows, and of each class numbers that differ by at most 1. A regression has no classes: its
    rows are dealt out in the order in which they come.
    """
    used = len(targets) - len(targets) % folds
    groups = targets[:used] if classes else np.zeros(used)
    dealt = np.full(len(targets), -1, np.intp)
    dealt[np.argsort(groups, kind="stable")] = np.arange(used) % folds
    return dealt
