"""What the data sets that come with scikit-learn share: how they are read, and a choice of some of their rows."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.chance import ROWS, stratified_order, stream
from regdash.datasets.samples import Points
from regdash.params import param


def rows_param(total: int, what: str, low: int = 20) -> Any:
    """How many rows are used, declared once for all bundled data sets; the default is all of them."""
    return param(
        total,
        "Rows",
        f"How many of the {total} {what} are used. Fewer rows are easier to learn by heart.",
        low=low,
        high=total,
        unit="rows",
        stack=True,
    )


def first_rows(targets: NDArray[Any], classes: int, rows: int, seed: int) -> NDArray[np.intp]:
    """The places of the rows in use, with the classes in their proportions; more rows only add to them."""
    return stratified_order(targets, classes, stream(seed, ROWS))[:rows]


def bundled_points(file: str, classes: int, rows: int, seed: int, **facts: Any) -> Points:
    """Some rows of scikit-learn's `load_<file>`; `facts` go into the Points, class names come from the file else."""
    table = _table(file)
    kept = first_rows(table.target, classes, rows, seed)
    named = {"class_names": tuple(str(name) for name in table.target_names)} if classes else {}
    return Points(
        inputs=table.data[kept],
        targets=table.target[kept],
        feature_names=tuple(str(name).replace("_", " ") for name in table.feature_names),
        **named | facts,
    )


@cache
def _table(file: str) -> Any:
    import sklearn.datasets

    options = {"scaled": False} if file == "diabetes" else {}  # in the units they were measured in
    return getattr(sklearn.datasets, f"load_{file}")(**options)
