"""An engine that trains nothing: smooth curves, a few milliseconds per epoch, and mishaps on request.

Seeds ask for mishaps: KILLER kills its process, HANGER sleeps for ever, RAISER raises, KILLER_ONCE kills only once.
Every stack leaves a line in the file named by FAKE_ENGINE_LOG.
"""

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regdash.codec import identity
from regdash.jobs.worker import Engine
from regdash.record import History, Probe, RunRecord

KILLER, HANGER, RAISER, KILLER_ONCE = 666, 667, 668, 669
EPOCH_SECONDS = 0.004


@dataclass(frozen=True)
class FakeProgress:
    epochs_done: int
    epochs_total: int
    history: History
    probe: Probe | None


def load(warm: bool) -> Engine:
    return Engine(train_stack, "a fake device", {"fake": "1"})


def load_nothing(warm: bool) -> Engine:
    raise ImportError("No module named 'tensorflow'")


def stacks() -> list[list[str]]:
    """The run ids of every stack trained so far."""
    log = Path(os.environ["FAKE_ENGINE_LOG"])
    return [json.loads(line)["ids"] for line in log.read_text().splitlines()] if log.exists() else []


def last(fact: str) -> int:
    """A fact about the process that trained the last stack: "pid" or "cores"."""
    return json.loads(Path(os.environ["FAKE_ENGINE_LOG"]).read_text().splitlines()[-1])[fact]


def worker_pid() -> int:
    return last("pid")


def train_stack(experiments, *, probed=(), on_progress=None, segment_seconds=0.2):
    log = Path(os.environ["FAKE_ENGINE_LOG"])
    with log.open("a") as file:
        file.write(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "ids": [identity(e) for e in experiments],
                    "cores": len(getattr(os, "sched_getaffinity", lambda _: [0])(0)),
                }
            )
            + "\n"
        )
    _mishap({e.training.seed for e in experiments}, log.with_suffix(".killed"))
    ended: dict[int, tuple[str, int]] = {}
    done = 0
    while len(ended) < len(experiments):
        time.sleep(5 * EPOCH_SECONDS)
        done += 5
        going = {}
        for i, experiment in enumerate(experiments):
            if i not in ended and done >= experiment.training.epochs:
                ended[i] = ("finished", experiment.training.epochs)
            elif i not in ended:
                going[i] = FakeProgress(done, experiment.training.epochs, _history(done), _probe(i in probed, done))
        for i in on_progress(going) if going else ():
            ended.setdefault(i, (f"cancelled at epoch {done}", done))
    return [_record(e, *ended[i], i in probed) for i, e in enumerate(experiments)]


def _mishap(seeds, killed):
    if KILLER in seeds or (KILLER_ONCE in seeds and not killed.exists()):
        killed.touch()
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    if HANGER in seeds:
        time.sleep(600)
    if RAISER in seeds:
        raise ArithmeticError("the sum does not add up")


def _history(epochs):
    e = np.arange(1, epochs + 1, dtype=np.float32)
    return History({"loss": 1 / e, "val_loss": 1 / e + e / 1_000, "accuracy": 1 - 0.5 / e})


def _probe(wanted, epochs):
    grid = np.linspace(-1, 1, 4)
    return Probe(np.array([epochs]), np.zeros((1, 4, 4, 1), np.uint8), grid, grid) if wanted else None


def _record(experiment, status, epochs, probed):
    outputs = np.zeros((3, 1), np.float32)
    weights = (np.ones((2, 1), np.float32), np.zeros(1, np.float32))
    return RunRecord(experiment, status, _history(epochs), weights, outputs, outputs, _probe(probed, epochs), 0.1)
