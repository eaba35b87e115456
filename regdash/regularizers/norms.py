"""The length of the weights that enter each unit."""

from typing import Any

EPSILON = 1e-7  # added to a length before a division, as Keras does


def unit_norms(kernel: Any, ops: Any) -> Any:
    """sqrt(sum w^2) over all axes but the member's and the last: [R, 1, O] of [R, I, O], [R, 1, 1, 1, O] of filters."""
    axes = tuple(range(1, len(kernel.shape) - 1))
    return ops.sqrt(ops.sum(ops.square(kernel), axis=axes, keepdims=True))
