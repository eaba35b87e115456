"""The moons problem of benchmarks/engine.py with keras.Model.fit, as everybody writes it or tuned.

    python -m benchmarks.peers.fit [--tuned] [--runs 3] [--json]

Tuned: the steps of an epoch in one call (steps_per_execution) and the validation rows in one batch.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from sklearn.datasets import make_moons

from benchmarks import printed


def fit(tuned: bool) -> float:
    """The seconds of one call of fit on a new model."""
    x, y = make_moons(500, noise=0.2, random_state=0)
    layers = keras.layers
    penalty = keras.regularizers.L2(1e-3)
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(64, "relu", kernel_regularizer=penalty),
            layers.Dropout(0.2),
            layers.Dense(64, "relu", kernel_regularizer=penalty),
            layers.Dropout(0.2),
            layers.Dense(1, kernel_regularizer=penalty),
        ]
    )
    faster = {"steps_per_execution": 8} if tuned else {}
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"], **faster)
    began = time.perf_counter()
    model.fit(
        x[:250],
        y[:250],
        batch_size=32,
        epochs=100,
        validation_data=(x[250:], y[250:]),
        validation_batch_size=250 if tuned else None,
        verbose=0,
    )
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    options = parser.parse_args()
    printed({"seconds": statistics.median(fit(options.tuned) for _ in range(options.runs))}, options.json)


if __name__ == "__main__":
    main()
