"""A grid of 8 x 8 (dropout x l2) with 3 seeds and 100 epochs on moons, end to end, against Keras Tuner and Optuna.

End to end is what a page or `regdash search` does: the plan goes into the store, the coordinator proposes, one worker
trains, every record and trial is written, and the search is done. Beside it the bare engine: `train_stack` on the same
192 runs in a process with a worker's environment. Neither counts the start of the engine nor the first tracing of the
program: each search and each bare training has seeds of its own, and the first ones are not counted (they are given as
`first_search_seconds`). Searches and bare trainings take turns, each while the other is idle; figures are medians. The
CPU seconds of coordinator, worker and bare engine tell more than the clock where other programs use the machine.

    python -m benchmarks.search [--json] [--runs 7] [--points 2] [--epochs 100] [--profile] [--peers keras-tuner,optuna]

The peers (benchmarks/peers/tuners.py) are measured on --points of the 64 points, with all seeds, and scaled to 64.
Keras Tuner is no dependency of Regdash; it is left out with a sentence unless it is installed:

    python -m pip install --target build/peers --no-deps keras-tuner kt-legacy tensorboard
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import printed
from benchmarks.peers.tuners import DROPOUTS, STRENGTHS
from benchmarks.problems import MOONS
from benchmarks.processes import cpu, spent
from regdash.jobs.local import ENVIRONMENT
from regdash.jobs.queue import Queue, connect
from regdash.search import Choice, Objective, Plan, Space
from regdash.settings import Settings

POINTS, SEEDS = len(DROPOUTS) * len(STRENGTHS), 3
LOOK = 0.02  # seconds between two looks whether the search is done; a view is read anew five times a second
PATIENCE = 600.0


def plan_of(number: int, epochs: int) -> Plan:
    """The search with this number; each has other seeds, as the same run is never trained twice."""
    base = MOONS.with_values({"dropout.rate": 0.0, "l2.l2": 0.0, "training.epochs": epochs})
    base = base.with_values({"training.seed": 1_000 * number})
    space = Space(base, (Choice("dropout.rate", DROPOUTS), Choice("l2.l2", STRENGTHS)))
    return Plan(space, strategy="grid", objective=Objective(seeds=SEEDS))


def members_of(plan: Plan) -> list[Any]:
    """Its 192 runs."""
    return [run for number in range(plan.total) for run in plan.members(plan.space.grid(number))]


def search_seconds(queue: Queue, plan: Plan) -> float:
    """From the plan to the search that is done and whose trials have all been told."""
    began = time.perf_counter()
    search_id = queue.searches.begin("a-benchmark", plan)
    while (row := queue.searches.view(search_id)) is not None and row.state == "running":
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError("the search does not end")
        time.sleep(LOOK)
    taken = time.perf_counter() - began
    if row is None or row.state != "done" or any(not each.told or each.outcome.problem for each in row.trials):
        raise RuntimeError(f"the search has not succeeded: {row.sentence if row else 'it is gone'}")
    return taken


class Bare:
    """The engine alone in a process of its own, with the environment of a worker; `seconds` trains one plan's runs."""

    def __init__(self, epochs: int) -> None:
        command = [sys.executable, "-m", "benchmarks.search", "--bare", "--epochs", str(epochs)]
        environment = os.environ | {name: os.environ.get(name, value) for name, value in ENVIRONMENT.items()}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def seconds(self, number: int) -> tuple[float, float]:
        """By the clock, and of the processor."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        clock, processor = self._process.stdout.readline().split()
        return float(clock), float(processor)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def serve_bare(epochs: int) -> None:
    """Train the plan whose number comes in, and say how long it took; over and over."""
    from regdash.training.loop import train_stack

    for line in sys.stdin:
        members = members_of(plan_of(int(line), epochs))
        began, used = time.perf_counter(), time.process_time()
        train_stack(members, segment_seconds=Settings().segment_seconds)
        print(time.perf_counter() - began, time.process_time() - used, flush=True)


@contextmanager
def opened(profile: str) -> Iterator[Queue]:
    """A store of its own with an embedded coordinator; with `profile` that is profiled into this file."""
    with tempfile.TemporaryDirectory() as folder:
        command = (sys.executable, "-m", "cProfile", "-o", profile, "-m", "regdash.cli", "coordinator")
        queue = connect(Settings(data_dir=Path(folder), warm_up=False), command if profile else (), quiet=True)
        try:
            yield queue
        finally:
            queue.close()


def ours(runs: int, epochs: int, profile: str) -> dict[str, float]:
    """Searches and bare trainings, in turns."""
    searched: list[float] = []
    alone: list[float] = []
    used: dict[str, list[float]] = {"coordinator": [], "worker": [], "bare_engine": []}
    bare = Bare(epochs)
    try:
        with opened(profile) as queue:
            for number in range(runs + 1):
                before = cpu(os.getpid())
                searched.append(search_seconds(queue, plan_of(2 * number, epochs)))
                for kind, seconds in spent(os.getpid(), before).items():
                    used.setdefault(kind, []).append(seconds)
                clock, processor = bare.seconds(2 * number + 1)
                alone.append(clock)
                used["bare_engine"].append(processor)
                seconds_used = ", ".join(f"{kind} {seconds[-1]:.1f} s" for kind, seconds in used.items())
                said = f"search {searched[-1]:.2f} s, bare engine {clock:.2f} s; of the processor: {seconds_used}"
                print(said, file=sys.stderr, flush=True)
    finally:
        bare.close()
    found, engine = statistics.median(searched[1:]), statistics.median(alone[1:])
    shares = [a / b - 1 for a, b in zip(searched[1:], alone[1:], strict=True)]
    return {
        "search_seconds": found,
        "bare_engine_seconds": engine,
        "overhead_share": found / engine - 1,
        "overhead_share_of_pairs": statistics.median(shares),
        "overhead_seconds": found - engine,
        "first_search_seconds": searched[0],
        "runs_per_second": POINTS * SEEDS / found,
        **{
            f"{kind}_cpu_seconds": statistics.median(used[kind][1:])
            for kind in ("coordinator", "worker", "bare_engine")
        },
    }


def peer_seconds(peer: str, points: int, epochs: int, tuned: bool) -> float | None:
    """The seconds that a peer would take for the whole grid, from a part of it; None where it is not installed."""
    command = [sys.executable, "-m", "benchmarks.peers.tuners", "--json", "--peer", peer, "--points", str(points)]
    command += ["--epochs", str(epochs), "--seeds", str(SEEDS), *(["--tuned"] if tuned else [])]
    left_out = ("REGDASH_BACKEND", "KERAS_BACKEND")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ended.returncode:
        print(ended.stderr.splitlines()[-1] if ended.stderr else f"{peer} failed", file=sys.stderr)
        return None
    return float(json.loads(ended.stdout.splitlines()[-1])["seconds"]) * POINTS * SEEDS


def against(peers: list[str], points: int, epochs: int, tuned: bool, found: float) -> dict[str, float]:
    """How many times as long the peers would take."""
    names = {"keras-tuner": "keras_tuner", "optuna": "optuna_fit_loop"}
    figures: dict[str, float] = {}
    for peer in peers:
        for way in (False, True) if tuned else (False,):
            taken = peer_seconds(peer, points, epochs, way)
            name = names[peer] + ("_tuned" if way else "")
            if taken is not None:
                figures |= {f"vs_{name}": taken / found, f"{name}_seconds_scaled": taken}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--runs", type=int, default=7, help="searches of which the median is taken")
    parser.add_argument("--points", type=int, default=2, help="of the grid that the peers are measured on")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--peers", default="keras-tuner,optuna", help="empty to leave them out")
    parser.add_argument("--tuned", action="store_true", help="measure the peers with tuned fit as well")
    parser.add_argument("--profile", default="", help="write a profile of the coordinator to this file")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        serve_bare(options.epochs)
        return
    figures: dict[str, Any] = ours(options.runs, options.epochs, options.profile)
    peers = [name for name in options.peers.split(",") if name]
    figures |= against(peers, options.points, options.epochs, options.tuned, figures["search_seconds"])
    printed(figures | {"peer_points_measured": options.points if peers else 0}, options.json)


if __name__ == "__main__":
    main()
