"""The stacked engine against keras.Model.fit on the moons problem: seconds per model.

The problem: 250 training and 250 validation rows of moons, a 2-64-64-1 network, batch 32, 100 epochs, Adam,
dropout 0.2, L2 0.001. All figures are medians of one run on one machine, so only their ratios mean anything.

    python -m benchmarks.engine [--json] [--runs 5]
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks import printed
from regdash.api import L2, MLP, Adam, Dropout, Experiment, Moons, Split, Training, samples, train
from regdash.training.backend import device, keras
from regdash.training.program import trace_count

SIZES = (1, 8, 64, 256)
PROBLEM = Experiment(
    data=Moons(samples=750, noise=0.2),
    split=Split(train=1 / 3),
    network=MLP(widths=(64, 64)),
    regularizers=(Dropout(0.2), L2(1e-3)),
    optimizer=Adam(0.001),
    training=Training(epochs=100, batch_size=32),
)


def multiplications(experiment: Experiment) -> float:
    """Floating-point operations of the matrix products of one model's training and evaluation.

    2 * I * O per row and layer forwards, twice that again backwards (the first layer needs no gradient by its
    input), and once forwards for every row that is judged at the end of an epoch.
    """
    rows = samples(experiment.data, experiment.split)
    widths = (*experiment.network.widths_at(rows.features), rows.outputs)
    forward = sum(2 * i * o for i, o in pairwise(widths))
    backward = 2 * forward - 2 * widths[0] * widths[1]
    n, judged = len(rows.train), len(rows.train) + len(rows.validation)
    return experiment.training.epochs * (n * (forward + backward) + judged * forward)


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median time of some runs, after one that is not counted."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def gemm_rate(runs: int) -> float:
    """What the machine reaches on one large matrix product with all its cores, in operations per second."""
    a = np.random.default_rng(0).standard_normal((2048, 2048)).astype(np.float32)
    return 2 * 2048**3 / seconds(lambda: a @ a, runs)


def stack(size: int) -> list[Experiment]:
    """The problem with as many seeds."""
    return [PROBLEM.with_values({"training.seed": seed}) for seed in range(size)]


def fit_seconds(tuned: bool, runs: int) -> float:
    """The seconds of keras.Model.fit in a process of its own, with the framework's own settings for threads."""
    command = [sys.executable, "-m", "benchmarks.peers.fit", "--runs", str(runs), *(["--tuned"] if tuned else [])]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is taken")
    options = parser.parse_args()
    per_model = {size: seconds(lambda s=size: train(stack(s)), options.runs) / size for size in SIZES}
    before = trace_count()
    train(PROBLEM.with_values({"dropout.rate": 0.45, "l1.l1": 1e-4, "l2.l2": 0.02, "optimizer.learning_rate": 0.005}))
    retraces = trace_count() - before
    rate = gemm_rate(2 * options.runs)
    plain, tuned = (fit_seconds(tuned, min(3, options.runs)) for tuned in (False, True))
    figures: dict[str, Any] = {
        "one_model_vs_tuned_fit": tuned / per_model[1],
        "one_model_vs_plain_fit": plain / per_model[1],
        "per_model_at_64_vs_tuned_fit": tuned / per_model[64],
        "gemm_share_at_64": multiplications(PROBLEM) / per_model[64] / rate,
        "gemm_gflops": rate / 1e9,
        "retraces_on_slider_move": retraces,
        "tuned_fit_seconds": tuned,
        "plain_fit_seconds": plain,
    }
    figures |= {f"seconds_per_model_{size}": value for size, value in per_model.items()}
    figures |= {"device": device(), "keras": keras.__version__, "numpy": np.__version__}
    printed(figures, options.json)


if __name__ == "__main__":
    main()
