"""The stacked engine against keras.Model.fit and against the machine's own matrix product.

The problems are in benchmarks/problems.py: moons (2-64-64-1), digits (64-256-10), d2l's MLP (784-256-256-10) and a
convolutional network on digits. All figures are medians of one run on one machine, so only their ratios mean anything.

    python -m benchmarks.engine [--json] [--runs 5] [--only moons,d2l] [--both] [--sizes 1,8,64]

The backend is the one of REGDASH_BACKEND (TensorFlow unless told otherwise). With --both the other one is measured as
well, in a process of its own; its figures end in _jax.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import printed
from benchmarks.problems import CONVOLUTION, DIGITS, MOONS, d2l, operations, random_images
from regdash.api import Experiment, train
from regdash.settings import settings

PARTS = ("moons", "digits", "d2l", "convolution", "memory")


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


def per_model(problem: Experiment, members: int, runs: int) -> float:
    """Seconds per model of a stack of so many seeds."""
    stack = [problem.with_values({"training.seed": seed}) for seed in range(members)]
    return seconds(lambda: train(stack), runs) / members


def fit_seconds(problem: str, tuned: bool, runs: int) -> float:
    """The seconds of keras.Model.fit in a process of its own, with the framework's own settings for threads."""
    command = [sys.executable, "-m", "benchmarks.peers.fit", "--problem", problem, "--runs", str(runs)]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("REGDASH_BACKEND", "KERAS_BACKEND")
    }
    ended = subprocess.run(
        [*command, *(["--tuned"] if tuned else [])], capture_output=True, text=True, check=True, env=environment
    )
    return float(ended.stdout.split()[-1])


def memory_growth(trainings: int = 1_000, before: int = 50) -> float:
    """How many MiB a process grows from training `before` to training `trainings`, each with other settings."""
    command = [sys.executable, "-m", "benchmarks.memory", "--trainings", str(trainings), "--before", str(before)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


def moons(runs: int, sizes: tuple[int, ...], rate: float) -> dict[str, Any]:
    from regdash.training.program import trace_count

    taken = {size: per_model(MOONS, size, runs) for size in sizes}
    train(MOONS)
    before = trace_count()
    train(MOONS.with_values({"dropout.rate": 0.45, "l1.l1": 1e-4, "l2.l2": 0.02, "optimizer.learning_rate": 0.005}))
    plain, tuned = (fit_seconds("moons", tuned, min(3, runs)) for tuned in (False, True))
    found: dict[str, Any] = {"retraces_on_slider_move": trace_count() - before}
    found |= {"moons_tuned_fit_seconds": tuned, "moons_plain_fit_seconds": plain}
    found |= {f"moons_{size}_seconds_per_model": value for size, value in taken.items()}
    found |= {f"moons_{size}_vs_tuned_fit": tuned / value for size, value in taken.items() if size > 1}
    found |= {f"moons_{size}_gemm_share": operations(MOONS) / value / rate for size, value in taken.items()}
    return found | {"one_model_vs_tuned_fit": tuned / taken[1], "one_model_vs_plain_fit": plain / taken[1]}


def digits(runs: int, sizes: tuple[int, ...], rate: float) -> dict[str, Any]:
    taken, tuned = per_model(DIGITS, 16, runs), fit_seconds("digits", True, min(3, runs))
    return {
        "digits_16_seconds_per_model": taken,
        "digits_16_vs_tuned_fit": tuned / taken,
        "digits_16_gemm_share": operations(DIGITS) / taken / rate,
    }


def wide(runs: int, sizes: tuple[int, ...], rate: float) -> dict[str, Any]:
    taken, tuned = per_model(d2l(), 8, runs), fit_seconds("d2l", True, min(3, runs))
    return {
        "d2l_8_seconds_per_model": taken,
        "d2l_8_vs_tuned_fit": tuned / taken,
        "d2l_8_gemm_share": operations(d2l()) / taken / rate,
    }


def convolution(runs: int, sizes: tuple[int, ...], rate: float) -> dict[str, Any]:
    taken = per_model(CONVOLUTION, 16, min(3, runs))
    plain, tuned = (fit_seconds("convolution", tuned, min(3, runs)) for tuned in (False, True))
    return {"conv_16_seconds_per_model": taken, "conv_16_vs_fit": plain / taken, "conv_16_vs_tuned_fit": tuned / taken}


def memory(runs: int, sizes: tuple[int, ...], rate: float) -> dict[str, Any]:
    return {"memory_growth_mb_1000": memory_growth()}


MEASURES = dict(zip(PARTS, (moons, digits, wide, convolution, memory), strict=True))


def the_other(arguments: list[str]) -> dict[str, Any]:
    """The same figures on JAX, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.engine", "--json", *arguments]
    environment = os.environ | {"REGDASH_BACKEND": "jax"}
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = json.loads(ended.stdout.splitlines()[-1])
    return {f"{name}_jax": value for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is taken")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--sizes", default="1,8,64,256", help="members of the moons stacks, beginning with 1")
    parser.add_argument("--both", action="store_true", help="measure the second backend, JAX, as well")
    options = parser.parse_args()
    os.environ["REGDASH_DATA_DIR"] = str(random_images())
    os.environ["REGDASH_MAX_MEMBERS"] = str(max(256, *map(int, options.sizes.split(","))))
    settings.cache_clear()
    from regdash.training.backend import device, versions

    rate = gemm_rate(2 * options.runs)
    sizes = tuple(int(size) for size in options.sizes.split(","))
    figures: dict[str, Any] = {"gemm_gflops": rate / 1e9}
    for part in options.only.split(","):
        figures |= MEASURES[part](options.runs, sizes, rate)
    figures |= {"device": device(), **versions()}
    if options.both:
        figures |= the_other(["--runs", str(options.runs), "--only", options.only, "--sizes", options.sizes])
    printed(figures, options.json)


if __name__ == "__main__":
    main()
