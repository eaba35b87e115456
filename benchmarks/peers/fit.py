"""A problem of benchmarks/problems.py with keras.Model.fit, as everybody writes it or tuned: seconds of one training.

    python -m benchmarks.peers.fit [--problem moons] [--tuned] [--runs 3] [--json]

Tuned: the steps of an epoch in one call (steps_per_execution) and the validation rows in one batch. The rows are those
of the problem; model, dropout, penalty and optimizer are Keras' own.
"""

import argparse
import statistics
import time
from typing import Any

from benchmarks import printed
from benchmarks.problems import PROBLEMS
from regdash.api import L2, Dropout, Experiment, samples
from regdash.datasets import shape_of
from regdash.networks import Hooks, build
from regdash.training.backend import keras


def model_of(experiment: Experiment) -> Any:
    """The problem's network with Keras' dropout layers and penalties."""
    rates = (0.0, *experiment.regularizer(Dropout).per_layer(experiment.hidden_places))
    hooks = Hooks(lambda x, place: keras.layers.Dropout(rates[place])(x) if rates[place] else x)
    outputs = samples(experiment.data, experiment.split).outputs
    model = build(experiment.network, keras, shape_of(experiment.data), outputs, hooks=hooks)
    strength = experiment.regularizer(L2).l2
    for layer in model.layers:
        if strength and hasattr(layer, "kernel"):
            layer.kernel.regularizer = keras.regularizers.L2(strength)
    return model


def fit(experiment: Experiment, tuned: bool) -> float:
    """The seconds of one call of fit on a new model."""
    rows, model = samples(experiment.data, experiment.split), model_of(experiment)
    losses = keras.losses
    loss = losses.BinaryCrossentropy if rows.task == "binary" else losses.SparseCategoricalCrossentropy
    batch = experiment.training.batch_size
    optimizer = experiment.optimizer.to_keras(keras, experiment.optimizer.learning_rate)
    faster = {"steps_per_execution": -(-len(rows.train) // batch)} if tuned else {}
    model.compile(optimizer, loss(from_logits=True), metrics=["accuracy"], **faster)
    began = time.perf_counter()
    model.fit(
        rows.train.x,
        rows.train.y,
        batch_size=batch,
        epochs=experiment.training.epochs,
        validation_data=(rows.validation.x, rows.validation.y),
        validation_batch_size=len(rows.validation) if tuned else None,
        verbose=0,
    )
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--problem", choices=PROBLEMS, default="moons")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    options = parser.parse_args()
    experiment = PROBLEMS[options.problem]()
    taken = [fit(experiment, options.tuned) for _ in range(options.runs)]
    printed({"seconds": statistics.median(taken)}, options.json)


if __name__ == "__main__":
    main()
