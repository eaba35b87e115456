"""How much a process grows over many trainings, each with other settings: MiB.

python -m benchmarks.memory [--trainings 1000] [--before 50] [--json]
"""

import argparse
import gc
from pathlib import Path

from benchmarks import printed
from benchmarks.problems import MOONS
from regdash.api import train


def resident() -> float:
    """The memory of this process that lies in the machine's, in MiB (Linux)."""
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trainings", type=int, default=1_000)
    parser.add_argument("--before", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    options = parser.parse_args()
    start = 0.0
    for number in range(options.trainings):
        if number == options.before:
            start = resident()
        values = {
            "training.epochs": 10,
            "training.seed": number,
            "l2.l2": (number % 50 + 1) * 1e-4,
            "dropout.rate": (number % 9) * 0.1,
            "data.noise": (number % 20) * 0.05,
            "split.seed": number % 200,
        }
        train(MOONS.with_values(values))
    printed({"growth_mib": resident() - start}, options.json)


if __name__ == "__main__":
    main()
