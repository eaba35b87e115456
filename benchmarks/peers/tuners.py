"""Grid search as others do it, on a part of the benchmark's grid: seconds of one training, all in all.

    python -m benchmarks.peers.tuners [--peer keras-tuner|optuna] [--tuned] [--points 2] [--seeds 3] [--epochs 100]

`keras-tuner` is Keras Tuner's GridSearch with `executions_per_trial`, `optuna` an Optuna study with GridSampler
around a loop over seeds. Both call keras.Model.fit, plain or tuned (the steps of an epoch in one call, one validation
batch). What is counted is the search alone: the framework is loaded before. Keras Tuner is no dependency of Regdash:

    python -m pip install --target build/peers --no-deps keras-tuner kt-legacy tensorboard
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import printed
from benchmarks.problems import MOONS
from regdash.api import samples

PLACE = Path("build/peers")
PACKAGES = "keras-tuner kt-legacy tensorboard"
HOW = f"Keras Tuner is not installed: python -m pip install --target {PLACE} --no-deps {PACKAGES}"
DROPOUTS = tuple(np.linspace(0.0, 0.7, 8).round(3).tolist())
STRENGTHS = (0.0, *np.geomspace(1e-5, 0.1, 7).round(9).tolist())


def compiled(keras: Any, dropout: float, l2: float, tuned: bool) -> Any:
    """2-64-64-1 with Keras' own dropout layers and penalties."""
    penalty = keras.regularizers.L2(l2) if l2 else None
    model = keras.Sequential([keras.Input((2,))])
    for _ in range(2):
        model.add(keras.layers.Dense(64, activation="relu", kernel_regularizer=penalty))
        model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(1, kernel_regularizer=penalty))
    steps = -(-len(samples(MOONS.data, MOONS.split).train) // MOONS.training.batch_size)
    model.compile(
        keras.optimizers.Adam(0.001),
        keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=["accuracy"],
        **({"steps_per_execution": steps} if tuned else {}),
    )
    return model


def fitting(epochs: int, tuned: bool) -> dict[str, Any]:
    """What both hand to `fit`."""
    rows = samples(MOONS.data, MOONS.split)
    facts: dict[str, Any] = {"x": rows.train.x, "y": rows.train.y, "batch_size": MOONS.training.batch_size}
    facts |= {"validation_data": (rows.validation.x, rows.validation.y), "epochs": epochs, "verbose": 0}
    return facts | ({"validation_batch_size": len(rows.validation)} if tuned else {})


def keras_tuner_seconds(keras: Any, points: int, seeds: int, epochs: int, tuned: bool) -> float:
    """GridSearch over the first points of the grid."""
    sys.path.append(str(PLACE.resolve()))
    try:
        tuner_module = importlib.import_module("keras_tuner")
    except ModuleNotFoundError:
        sys.exit(HOW)

    def build(chosen: Any) -> Any:
        dropout = chosen.Choice("dropout", list(DROPOUTS))
        return compiled(keras, dropout, chosen.Choice("l2", list(STRENGTHS)), tuned)

    with tempfile.TemporaryDirectory() as folder:
        tuner = tuner_module.GridSearch(
            build, "val_loss", max_trials=points, executions_per_trial=seeds, directory=folder, project_name="grid"
        )
        began = time.perf_counter()
        tuner.search(**fitting(epochs, tuned))
        taken = time.perf_counter() - began
        if any(each.score is None for each in tuner.oracle.trials.values()):
            sys.exit("Keras Tuner has not finished its trials.")
        return taken


def optuna_seconds(keras: Any, points: int, seeds: int, epochs: int, tuned: bool) -> float:
    """A study whose objective is the mean best validation loss over seeds."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    grid: Mapping[str, Any] = {"dropout": list(DROPOUTS), "l2": list(STRENGTHS)}

    def objective(trial: Any) -> float:
        dropout, l2 = (trial.suggest_categorical(name, values) for name, values in grid.items())
        found = []
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            history = compiled(keras, dropout, l2, tuned).fit(**fitting(epochs, tuned)).history
            found.append(min(history["val_loss"]))
        return float(np.mean(found))

    study = optuna.create_study(sampler=optuna.samplers.GridSampler(grid, seed=0))
    began = time.perf_counter()
    study.optimize(objective, n_trials=points)
    return time.perf_counter() - began


PEERS = {"keras-tuner": keras_tuner_seconds, "optuna": optuna_seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", choices=PEERS, default="keras-tuner")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--points", type=int, default=2, help="of the 64 of the grid")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from regdash.training.backend import keras

    compiled(keras, 0.1, 0.001, options.tuned).fit(**fitting(1, options.tuned))  # what is loaded only when it is used
    taken = PEERS[options.peer](keras, options.points, options.seeds, options.epochs, options.tuned)
    printed({"seconds": taken / options.points / options.seeds}, options.json)


if __name__ == "__main__":
    main()
