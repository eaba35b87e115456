"""Data loss and scores over a stack: z [R, N, O] are logits or values, y [R or 1, N, O] targets."""

from typing import Any

from regdash.datasets import Task
from regdash.training.backend import ops

NEAR_ZERO = 1e-3

SCORES: dict[Task, tuple[str, ...]] = {
    "binary": ("accuracy",),
    "multiclass": ("accuracy",),
    "regression": ("mae", "r2"),
}


def row_losses(task: Task, z: Any, y: Any) -> Any:
    """The loss of every row [..., N].

    binary: log(1 + exp(z)) - y * z, the cross-entropy of a logit; its derivative is sigmoid(z) - y, also at z = 0;
    multiclass: logsumexp(z) - sum y * z with one-hot y; regression: (z - y)^2.
    """
    if task == "binary":
        return (ops.softplus(z) - y * z)[..., 0]
    if task == "multiclass":
        return ops.logsumexp(z, axis=-1) - ops.sum(y * z, axis=-1)
    return ops.square(z - y)[..., 0]


def scores(task: Task, z: Any, y: Any) -> tuple[Any, ...]:
    """The scores named in SCORES, per member [R].

    accuracy: the share of rows on the right side of 0 or with the largest logit at the right class;
    mae: mean |z - y|; r2: 1 - sum (z - y)^2 / sum (y - mean y)^2.
    """
    if task == "binary":
        return (_mean((z > 0) == (y > 0.5)),)
    if task == "multiclass":
        return (_mean(ops.argmax(z, axis=-1) == ops.argmax(y, axis=-1)),)
    spread = ops.sum(ops.square(y - ops.mean(y, axis=1, keepdims=True)), axis=(1, 2))
    mae = ops.mean(ops.abs(z - y), axis=(1, 2))
    return mae, 1 - ops.sum(ops.square(z - y), axis=(1, 2)) / ops.maximum(spread, 1e-12)


def _mean(hits: Any) -> Any:
    return ops.mean(ops.cast(hits, "float32"), axis=tuple(range(1, len(hits.shape))))
