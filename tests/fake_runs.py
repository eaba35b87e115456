"""Made-up runs with the columns that the engine writes."""

import numpy as np

from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.record import History, Probe, RunRecord


def history(epochs=20, seed=0, layers=("hidden 1", "output"), regression=False, **columns):
    """Falling losses, rising scores; any column can be given instead."""
    chance, e = np.random.default_rng(seed), np.arange(1, epochs + 1)
    loss = np.exp(-e / 8) + 0.1 + chance.uniform(0, 0.01, epochs)
    table = {"loss": loss, "val_loss": loss + 0.1, "penalty": 0.01 * e, "running_loss": loss + 0.05}
    scores = {"mae": loss, "r2": 1 - loss} if regression else {"accuracy": 1 - loss / 2}
    table |= scores | {f"val_{name}": column - 0.05 for name, column in scores.items()}
    for layer in (*layers, "all"):
        table |= {f"l1_norm/{layer}": e * 1.0, f"l2_norm/{layer}": 2 + 0.1 * e, f"near_zero/{layer}": e / (2 * epochs)}
    return History(table | columns)


def diverged(epochs=20, good=0):
    """A run whose numbers are nan or infinite after the first `good` epochs."""
    table = {name: column.astype(float).copy() for name, column in history(epochs).items()}
    for place, column in enumerate(table.values()):
        column[good:] = (np.nan, np.inf)[place % 2]
    return History(table)


def record(experiment=Experiment(), outputs=None, noise=1.0, seed=0):  # noqa: B008
    """A finished run that answers nearly right on the validation rows."""
    rows = samples(experiment.data, experiment.split)
    y, chance = rows.validation.y, np.random.default_rng(seed)
    if rows.task == "multiclass":
        clean = 2 * np.eye(rows.outputs)[y.astype(int)]
    else:
        clean = (y if rows.task == "regression" else 4 * y - 2)[:, None]
    answers = clean + noise * chance.standard_normal(clean.shape) if outputs is None else outputs
    return RunRecord(experiment, "finished", history(regression=rows.task == "regression"), (), answers, answers)


def probe(frames=3, grid=5, outputs=1):
    """Answers that run through all 256 values."""
    answers = np.arange(frames * grid * grid * outputs) % 256
    ticks = np.linspace(-2, 2, grid)
    shape = (frames, grid, grid, outputs)
    return Probe(10 * np.arange(frames), answers.astype(np.uint8).reshape(shape), ticks, ticks)
