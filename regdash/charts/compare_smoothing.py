"""Smoothing as TensorBoard does it: an exponential mean without the pull towards 0 at its beginning."""

from collections.abc import Sequence

import numpy as np

from regdash.intervals import Array


def smoothed(curves: Sequence[Array], weight: float) -> list[Array]:
    """Each curve [E_s] smoothed by itself.

    m_t = weight * m_(t-1) + (1 - weight) * x_t with m_0 = 0; shown is m_t / (1 - weight^n), where n counts the finite
    values so far. What is not finite stays as it is and leaves m alone. Weight 0 changes nothing.
    """
    return [_smoothed(np.asarray(curve, float), weight) for curve in curves]


def _smoothed(curve: Array, weight: float) -> Array:
    there = np.isfinite(curve)
    values = curve[there]
    if not weight or not len(values):
        return curve
    shown = curve.copy()
    shown[there] = (1 - weight) * _decaying(values, weight) / (1 - weight ** np.arange(1, len(values) + 1))
    return shown


def _decaying(values: Array, weight: float) -> Array:
    """s_t = x_t + weight * s_(t-1), by doubling: each pass reaches back twice as far as the one before."""
    found, reach = values.copy(), 1
    while reach < len(values):
        found[reach:] = found[reach:] + weight**reach * found[:-reach]
        reach *= 2
    return found
