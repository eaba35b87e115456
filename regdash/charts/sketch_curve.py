"""The smooth curve through the three points of a sketch; predict_sketch.js draws it by the same formula."""

from collections.abc import Sequence

import numpy as np

from regdash.intervals import Array

Points = Sequence[tuple[float, float]]


def sketched(points: Points, at: Array) -> Array:
    """A sketch (x, y) at the places `at` [G]: monotone cubic (PCHIP), level before the first point and after the last.

    Between two points it is the cubic with their values and slopes; it rises and falls where the points do and has no
    extremum beside them.

    Source: Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300-304.
    """
    x, y = np.array(points, float).T
    slopes = slopes_of(points)
    inside = np.clip(np.asarray(at, float), x[0], x[-1])
    left = np.clip(np.searchsorted(x, inside, side="right") - 1, 0, len(x) - 2)
    width = x[left + 1] - x[left]
    t = (inside - x[left]) / width
    found: Array = (
        (1 + 2 * t) * (1 - t) ** 2 * y[left]
        + t**2 * (3 - 2 * t) * y[left + 1]
        + t * (1 - t) ** 2 * width * slopes[left]
        - t**2 * (1 - t) * width * slopes[left + 1]
    )
    return found


def slopes_of(points: Points) -> Array:
    """The slope at each of three points.

    In the middle the weighted harmonic mean of the chords' slopes, 0 where these differ in sign; at the ends the
    parabola's slope, 0 where it points the other way and at most 3 chords where the next chord turns.
    """
    (x0, y0), (x1, y1), (x2, y2) = points
    before, after = x1 - x0, x2 - x1
    left, right = (y1 - y0) / before, (y2 - y1) / after
    middle = 0.0
    if left * right > 0:
        first, second = 2 * after + before, after + 2 * before
        middle = (first + second) / (first / left + second / right)
    return np.array([_end(before, after, left, right), middle, _end(after, before, right, left)])


def _end(near: float, far: float, chord: float, other: float) -> float:
    slope = ((2 * near + far) * chord - near * other) / (near + far)
    if slope * chord <= 0:
        return 0.0
    return 3 * chord if chord * other <= 0 and abs(slope) > 3 * abs(chord) else slope
