"""An engine for the processes of a cluster that trains nothing: a few milliseconds per epoch, mishaps on request.

Seeds ask for mishaps: KILLER kills its process, HANGER sleeps for ever, RAISER is an error of the trainer itself.
"""

import os
import signal
import time
from dataclasses import dataclass, field

import numpy as np

from regdash.experiment import Experiment, signature
from regdash.jobs.worker import Engine
from regdash.record import History, Probe, RunRecord

KILLER, HANGER, RAISER = 666, 667, 668
SEGMENT, SEGMENT_SECONDS = 2, 0.01
LONG, LONG_SECONDS = 2_000, 0.05  # runs of so many epochs take longer than any test waits


@dataclass
class Member:
    ticket: int
    experiment: Experiment
    probed: bool
    company: str
    epochs_done: int = 0
    cancelled: bool = False
    probe: Probe | None = None

    @property
    def key(self):
        return self.company, signature(self.experiment)

    @property
    def history(self):
        return History({"loss": 1 / np.arange(1, self.epochs_done + 1, dtype=np.float32)})


@dataclass(frozen=True)
class View:
    label: str
    members: int
    epochs_left: int


@dataclass
class Turn:
    progress: dict = field(default_factory=dict)
    ended: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    epochs: int = 0


class Crew:
    def __init__(self, settings):
        self.members = {}
        self.turns = 0

    @property
    def tickets(self):
        return set(self.members)

    def add(self, members):
        self.members |= {member.ticket: member for member in members}

    def cancel(self, tickets):
        for ticket in set(tickets) & set(self.members):
            self.members[ticket].cancelled = True

    def next(self):
        keys = list(dict.fromkeys(member.key for member in self.members.values()))
        turn = keys[self.turns % len(keys)]
        return tuple(ticket for ticket, member in self.members.items() if member.key == turn)

    def stacks(self):
        return [View("idle", len(self.members), 1)]

    def turn(self):
        turn, stack = Turn(), [self.members[ticket] for ticket in self.next()]
        self.turns += 1
        _mishap({member.experiment.training.seed for member in stack})
        longest = max(member.experiment.training.epochs for member in stack)
        time.sleep(LONG_SECONDS if longest == LONG else SEGMENT_SECONDS)
        for member in stack:
            epochs = member.experiment.training.epochs
            member.epochs_done = min(member.epochs_done + SEGMENT, epochs)
            if member.epochs_done == epochs or member.cancelled:
                turn.ended[member.ticket] = _record(member)
                del self.members[member.ticket]
            else:
                turn.progress[member.ticket] = member
        return turn


def load(settings) -> Engine:
    return Engine(Crew, Member, lambda experiment: None, "an idle device", {"idle": "1"})


def load_nothing(settings) -> Engine:
    raise ImportError("No module named 'tensorflow'")


def _mishap(seeds):
    if KILLER in seeds:
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGKILL)
    if HANGER in seeds:
        time.sleep(600)
    if RAISER in seeds:
        raise ArithmeticError("the sum does not add up")


def _record(member):
    done = member.epochs_done
    status = "finished" if done == member.experiment.training.epochs else f"cancelled at epoch {done}"
    outputs, weights = np.zeros((3, 1), np.float32), (np.ones((2, 1), np.float32), np.zeros(1, np.float32))
    return RunRecord(member.experiment, status, member.history, weights, outputs, outputs, None, 0.1)
