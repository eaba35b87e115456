"""What the data sets that come with scikit-learn share: a choice of some of their rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.samples import ROWS, stratified_order, stream
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
