"""Made-up settings of a comparison, with records as the engine writes them."""

from dataclasses import replace

import numpy as np
from fake_runs import history, record

from regdash.comparison import Series
from regdash.datasets import Moons, samples
from regdash.experiment import Experiment
from regdash.record import History, Probe, Snapshots

LAYERS = ("hidden_1", "output")
MOONS = Experiment(data=Moons(samples=120))


def setting(name, place=0, seeds=3, epochs=20, experiment=MOONS, **columns):
    """A setting all of whose runs have ended; the losses of each place (from 0) lie 0.05 above the one before."""
    records = {(seed, 0): _record(experiment, place, seed, epochs, columns) for seed in range(seeds)}
    histories = {at: each.history for at, each in records.items()}
    return Series(name, experiment, seeds, histories, records, seeds)


def going(name, epochs=5):
    """A setting under way: curves and no record yet."""
    return Series(name, MOONS, 2, {(0, 0): history(epochs, 0, LAYERS)}, {}, 2)


def waiting(name):
    """A setting of which nothing is known yet."""
    return Series(name, MOONS, 2, {}, {}, 2)


def imported(name, epochs=12):
    """Curves of somebody else: a validation loss and nothing else."""
    return Series(name, None, 1, {(0, 0): History({"val_loss": np.exp(-np.arange(epochs) / 9)})}, {}, 1)


def lost(name, good=0, epochs=10):
    """A setting whose only run diverged after so many good epochs."""
    one = setting(name, seeds=1, epochs=epochs)
    broken = {key: np.where(np.arange(epochs) < good, column, np.nan) for key, column in one.histories[0, 0].items()}
    ended = replace(one.records[0, 0], history=History(broken), probe=None, snapshots=None)
    return replace(one, histories={(0, 0): History(broken)}, records={(0, 0): ended})


def _record(experiment, place, seed, epochs, columns):
    rows = samples(experiment.data, experiment.split)
    regression = rows.task == "regression"
    run = history(epochs, 10 * place + seed, LAYERS, regression)
    higher = {"val_loss": run["val_loss"] + 0.05 * place + np.linspace(0, 0.1 * (seed + 1), epochs)}
    norms = {key: column * (1 + 0.2 * place + 0.05 * seed) for key, column in run.items() if "norm/" in key}
    made = record(experiment, seed=seed)
    return replace(
        made,
        history=History({**run, **higher, **norms, **columns}),
        probe=None if regression or rows.features != 2 else _probe(place, max(1, rows.outputs)),
        snapshots=_snapshots(place, epochs),
    )


def _probe(place, outputs, grid=50):
    x, y = np.linspace(-1.5, 2.5, grid), np.linspace(-1.2, 1.7, grid)
    across, up = np.meshgrid(x, y)
    sure = 1 / (1 + np.exp(-(4 - place) * (np.sin(2 * across) - up + 0.3)))
    answers = np.stack([sure] * outputs if outputs == 1 else [sure, 1 - sure, *[0 * sure] * (outputs - 2)], axis=-1)
    return Probe(np.array([1, 20]), np.stack([answers * 0.5, answers * 255]).astype(np.uint8), x, y)


def _snapshots(place, epochs, frames=5, bins=41):
    at = np.unique(np.linspace(1, epochs, frames).astype(int))
    edges = np.linspace(-1, 1, bins + 1) * (0.5 + 0.3 * place)
    middle = (edges[1:] + edges[:-1]) / 2
    wide = np.exp(-((middle[None] / (0.1 + 0.06 * np.arange(len(at))[:, None])) ** 2))
    counts = {layer: (200 * wide).astype(int) for layer in LAYERS}
    return Snapshots(at, {}, {}, counts, dict.fromkeys(LAYERS, edges))
