"""What is looked at on the way: the answers on a grid of a network with two inputs, and the weights of each layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Samples, Task
from regdash.record import Snapshots
from regdash.training.layout import Layout

GRID = 50
FRAMES = 32
BINS = 61  # odd, so that the middle one holds the weights around 0


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


def snapshots(
    layout: Layout, epochs: NDArray[np.int64], rows: NDArray[np.float32], dead: NDArray[np.float32]
) -> Snapshots:
    """From weights [K, P + Q] and shares of dead units [K, stations] at epochs [K]."""
    spectral, counts, edges = {}, {}, {}
    for layer, (begin, end, shape) in zip(layout.kernel_layers, layout.kernel_places, strict=True):
        kernels = rows[:, begin:end]
        spectral[layer] = spectral_norms(kernels.reshape(len(rows), -1, shape[-1]))
        most = float(np.abs(kernels).max()) or 1.0
        edges[layer] = np.linspace(-most, most, BINS + 1)
        counts[layer] = histograms(kernels, edges[layer])
    linear = len(layout.kernel_places) == 1 and not dead.shape[1]
    begin, end, _ = layout.kernel_places[0]
    return Snapshots(
        epochs=epochs,
        spectral=spectral,
        dead={f"hidden {place}": dead[:, place - 1] for place in range(1, dead.shape[1] + 1)},
        counts=counts,
        edges=edges,
        coefficients=rows[:, begin:end] if linear else None,
    )


def histograms(rows: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many entries of each row [K, P] lie between evenly spaced edges [B + 1], as numpy.histogram counts them."""
    bins = len(edges) - 1
    guess = ((rows - edges[0]) * (bins / (edges[-1] - edges[0]))).astype(np.int64).clip(0, bins - 1)
    guess -= rows < edges[guess]
    guess += (rows >= edges[guess + 1]) & (guess < bins - 1)
    found = guess + bins * np.arange(len(rows))[:, None]
    return np.bincount(found.ravel(), minlength=bins * len(rows)).reshape(len(rows), bins)


def spectral_norms(kernels: NDArray[np.float32]) -> NDArray[np.float64]:
    """The largest singular value of each kernel [K, I, O]: how much a layer can at most lengthen its input.

    Of a convolution it is that of its kernel as a matrix [h * w * I, O].
    """
    wide = kernels.astype(np.float64)
    small = wide if wide.shape[1] >= wide.shape[2] else wide.transpose(0, 2, 1)
    found: NDArray[np.float64] = np.sqrt(np.maximum(np.linalg.eigvalsh(small.transpose(0, 2, 1) @ small)[:, -1], 0))
    return found
