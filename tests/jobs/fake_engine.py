"""An engine that trains nothing: smooth curves, a few milliseconds per epoch, and mishaps on request.

Seeds ask for mishaps: KILLER kills its process, HANGER sleeps for ever, RAISER raises, KILLER_ONCE kills only once.
Whenever runs join a stack, the stack leaves a line in the file named by FAKE_ENGINE_LOG.
"""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from regdash.codec import identity
from regdash.experiment import Experiment, signature
from regdash.jobs.worker import Engine
from regdash.record import History, Probe, RunRecord

KILLER, HANGER, RAISER, KILLER_ONCE = 666, 667, 668, 669
EPOCH_SECONDS = 0.004
SEGMENT = 5


@dataclass(frozen=True)
class FakeProgress:
    epochs_done: int
    epochs_total: int
    history: History
    probe: Probe | None


@dataclass
class FakeMember:
    ticket: int
    experiment: Experiment
    probed: bool
    company: str
    done: int = 0
    cancelled: bool = False

    @property
    def key(self):
        return self.company, signature(self.experiment)


@dataclass(frozen=True)
class FakeStackView:
    label: str
    members: int
    epochs_left: int


@dataclass
class FakeTurn:
    progress: dict = field(default_factory=dict)
    ended: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    epochs: int = 0


class FakeCrew:
    def __init__(self, settings):
        self.members: dict[int, FakeMember] = {}
        self.fresh: set[int] = set()
        self.turns = 0

    @property
    def tickets(self):
        return set(self.members)

    def add(self, members):
        self.members |= {member.ticket: member for member in members}
        self.fresh |= {member.ticket for member in members}

    def cancel(self, tickets):
        for ticket in set(tickets) & set(self.members):
            self.members[ticket].cancelled = True

    def next(self):
        keys = list(dict.fromkeys(member.key for member in self.members.values()))
        turn = keys[self.turns % len(keys)]
        return tuple(ticket for ticket, member in self.members.items() if member.key == turn)

    def stacks(self):
        keys = dict.fromkeys(member.key for member in self.members.values())
        return [FakeStackView("fake", sum(m.key == key for m in self.members.values()), 1) for key in keys]

    def turn(self):
        stack = [self.members[ticket] for ticket in self.next()]
        if self.fresh & {member.ticket for member in stack}:
            self.fresh -= {member.ticket for member in stack}
            _note(stack)
        self.turns += 1
        turn = FakeTurn()
        try:
            _mishap({member.experiment.training.seed for member in stack})
        except ArithmeticError as error:
            words = f"The training stopped with an error of its own (ArithmeticError: {error})."
            turn.failed = {member.ticket: words for member in stack}
        else:
            self._train(stack, turn)
        for ticket in (*turn.ended, *turn.failed):
            del self.members[ticket]
        return turn

    def _train(self, stack, turn):
        time.sleep(SEGMENT * EPOCH_SECONDS)
        for member in stack:
            epochs = member.experiment.training.epochs
            member.done = min(member.done + SEGMENT, epochs)
            turn.epochs += SEGMENT
            if member.done == epochs or member.cancelled:
                status = "finished" if member.done == epochs else f"cancelled at epoch {member.done}"
                turn.ended[member.ticket] = _record(member.experiment, status, member.done, member.probed)
            else:
                history, probe = _history(member.experiment, member.done), _probe(member.probed, member.done)
                turn.progress[member.ticket] = FakeProgress(member.done, epochs, history, probe)


def load(settings) -> Engine:
    return Engine(FakeCrew, FakeMember, lambda experiment: None, "a fake device", {"fake": "1"})


def load_nothing(settings) -> Engine:
    raise ImportError("No module named 'tensorflow'")


def stacks() -> list[list[str]]:
    """The run ids of every stack, each time that runs have joined it."""
    log = Path(os.environ["FAKE_ENGINE_LOG"])
    return [json.loads(line)["ids"] for line in log.read_text().splitlines()] if log.exists() else []


def last(fact: str) -> int:
    """A fact about the process that trained the last stack: "pid" or "cores"."""
    return json.loads(Path(os.environ["FAKE_ENGINE_LOG"]).read_text().splitlines()[-1])[fact]


def worker_pid() -> int:
    return last("pid")


def _note(stack):
    cores = len(getattr(os, "sched_getaffinity", lambda _: [0])(0))
    facts = {"pid": os.getpid(), "ids": [identity(member.experiment) for member in stack], "cores": cores}
    with Path(os.environ["FAKE_ENGINE_LOG"]).open("a") as file:
        file.write(json.dumps(facts) + "\n")


def _mishap(seeds):
    killed = Path(os.environ["FAKE_ENGINE_LOG"]).with_suffix(".killed")
    if KILLER in seeds or (KILLER_ONCE in seeds and not killed.exists()):
        killed.touch()
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    if HANGER in seeds:
        time.sleep(600)
    if RAISER in seeds:
        raise ArithmeticError("the sum does not add up")


def _history(experiment, epochs):
    e = np.arange(1, epochs + 1, dtype=np.float32)
    curves = {"loss": 1 / e, "val_loss": 1 / e + e / 1_000 + experiment.values["l1.l1"], "accuracy": 1 - 0.5 / e}
    return History(curves | {"l2_norm/all": e, "near_zero/all": 0 * e})


def _probe(wanted, epochs):
    grid = np.linspace(-1, 1, 4)
    return Probe(np.array([epochs]), np.zeros((1, 4, 4, 1), np.uint8), grid, grid) if wanted else None


def _record(experiment, status, epochs, probed):
    outputs = np.zeros((3, 1), np.float32)
    weights = (np.ones((2, 1), np.float32), np.zeros(1, np.float32))
    return RunRecord(
        experiment, status, _history(experiment, epochs), weights, outputs, outputs, _probe(probed, epochs), 0.1
    )
