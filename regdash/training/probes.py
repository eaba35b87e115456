"""The grid on which a network of two inputs is asked, and the epochs at which it is asked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples, Task

GRID = 50
FRAMES = 32


def grid(samples: Samples, size: int = GRID) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Ticks x [G] and y [G] in the units of the data, and the grid's points [G * G, 2] as the network sees them."""
    points = np.vstack([samples.train.x, samples.validation.x])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.08 * (high - low)
    x, y = (np.linspace(a, b, size) for a, b in zip(low - margin, high + margin, strict=True))
    first, second = np.meshgrid(x, y)
    seen = np.stack([first.ravel(), second.ravel()], axis=1).astype(np.float32)
    ticks = (samples.input_mean[i] + samples.input_scale[i] * t for i, t in enumerate((x, y)))
    return next(ticks), next(ticks), seen


def frames(epochs: int, count: int = FRAMES) -> NDArray[np.int64]:
    """At most `count` epochs (from 1) to look at: the first few, where most happens, then evenly to the last."""
    first = np.arange(1, min(5, epochs) + 1)
    rest = np.linspace(1, epochs, max(count - len(first), 1)).round().astype(np.int64)
    return np.unique(np.concatenate([first, rest, [epochs]]))


def answers(task: Task, z: NDArray[Any]) -> NDArray[np.uint8]:
    """Logits or values [..., O] as round(255 * probability); values of a regression are not probabilities."""
    if task == "binary":
        p = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
    elif task == "multiclass":
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        p = e / e.sum(axis=-1, keepdims=True)
    else:
        raise ValueError("a regression has no class probabilities")
    rounded: NDArray[np.uint8] = np.round(255 * p).astype(np.uint8)
    return rounded
