"""Data loss and scores over a stack: z [R, N, O] are logits or values, y [R or 1, N, O] targets.

A program may have room for more rows than there are: share [N] is 1 / (number of rows) for a row, and 0 after them.
"""

from typing import Any

from regdash.datasets import Task
from regdash.training.backend import ops

NEAR_ZERO = 1e-3

SCORES: dict[Task, tuple[str, ...]] = {
    "binary": ("accuracy", "precision", "recall", "f1"),
    "multiclass": ("accuracy", "precision", "recall", "f1"),
    "regression": ("mae", "r2"),
}


def row_losses(task: Task, z: Any, y: Any) -> Any:
    """The loss of every row [..., N].

    binary: log(1 + exp(z)) - y * z, the cross-entropy of a logit; its derivative is sigmoid(z) - y, also at z = 0;
    multiclass: logsumexp(z) - sum y * z, with y one-hot or any shares that add up to 1; regression: (z - y)^2.
    """
    if task == "binary":
        return (ops.softplus(z) - y * z)[..., 0]
    if task == "multiclass":
        return ops.logsumexp(z, axis=-1) - ops.sum(y * z, axis=-1)
    return ops.square(z - y)[..., 0]


def scores(task: Task, z: Any, y: Any, share: Any) -> tuple[Any, ...]:
    """The scores named in SCORES, per member [R].

    accuracy: the share of rows on the right side of 0 or with the largest logit at the right class; precision, recall
    and f1: means over the classes (macro), 0 where a class is never answered or never there;
    mae: mean |z - y|; r2: 1 - sum (z - y)^2 / sum (y - mean y)^2.
    """
    if task == "regression":
        share = share[:, None]
        mean = ops.sum(y * share, axis=1, keepdims=True)
        spread = ops.sum(ops.square(y - mean) * share, axis=(1, 2))
        mae = ops.sum(ops.abs(z - y) * share, axis=(1, 2)) / z.shape[-1]
        return mae, 1 - ops.sum(ops.square(z - y) * share, axis=(1, 2)) / ops.maximum(spread, 1e-12)
    if task == "binary":
        said, there = ops.concatenate([z <= 0, z > 0], axis=-1), ops.concatenate([y <= 0.5, y > 0.5], axis=-1)
    else:
        classes = z.shape[-1]
        said, there = (ops.one_hot(ops.argmax(a, axis=-1), classes, dtype="bool") for a in (z, y))
    real = (share > 0)[:, None]
    return _classified(said & real, there & real)


def _classified(said: Any, there: Any) -> tuple[Any, ...]:
    """From which class was said and which was there, [R, N, C] of booleans."""
    right = ops.sum(ops.cast(said & there, "float32"), axis=1)
    answered = ops.sum(ops.cast(said, "float32"), axis=1)
    present = ops.sum(ops.cast(there, "float32"), axis=1)
    rows = ops.sum(answered, axis=-1)
    tables = (
        right / ops.maximum(answered, 1),
        right / ops.maximum(present, 1),
        2 * right / ops.maximum(answered + present, 1),
    )
    return ops.sum(right, axis=-1) / rows, *(ops.mean(table, axis=-1) for table in tables)
