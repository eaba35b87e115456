"""Three surfaces of two weights on which optimizers can be watched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.intervals import Array

LONG, STEEP = 1.0, 20.0  # the valley's two curvatures


@dataclass(frozen=True)
class Landscape:
    """f(x, y), its gradient at a point [2], where the descent starts, its minima [M, 2] and what is drawn of it."""

    value: Callable[[Any, Any], Any]
    gradient: Callable[[Array], Array]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    says: str


def _valley(x: Any, y: Any) -> Any:
    return (LONG * x**2 + STEEP * y**2) / 2


def _quartic(x: Any, y: Any) -> Any:
    return (x**4 + y**4) / 4


def _saddle(x: Any, y: Any) -> Any:
    """The saddle is at (0, 0); the minima, f = -1/4, are at (0, 1) and (0, -1)."""
    return x**2 / 2 - y**2 / 2 + y**4 / 4


LANDSCAPES: Mapping[str, Landscape] = {
    "valley": Landscape(
        _valley,
        lambda w: np.array([LONG, STEEP]) * w,
        (-3.0, 1.2),
        ((0.0, 0.0),),
        (-3.6, 2.6),
        (-1.7, 1.7),
        "a valley that is 20 times as steep across as along",
    ),
    "saddle": Landscape(
        _saddle,
        lambda w: np.array([w[0], w[1] ** 3 - w[1]]),
        (-2.0, 0.001),
        ((0.0, 1.0), (0.0, -1.0)),
        (-2.4, 2.0),
        (-1.7, 1.7),
        "a saddle between two minima, from a start almost on its ridge",
    ),
    "quartic": Landscape(
        _quartic,
        lambda w: w**3,
        (-2.0, 1.2),
        ((0.0, 0.0),),
        (-2.4, 2.0),
        (-1.7, 1.7),
        "a bowl of the fourth degree, flat around its minimum",
    ),
}
