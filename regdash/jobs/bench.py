"""Where the stacks of all tasks of one worker process take turns: one engine, one thread that trains.

A task brings its runs to the bench and waits until they have ended. What a coordinator may know before that lies in its
mailbox until it is fetched, the newest curves only, so that a slow coordinator lets nothing pile up.
"""

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import Any

from regdash.errors import sentence
from regdash.jobs.local import ENVIRONMENT
from regdash.jobs.messages import Turning
from regdash.jobs.worker import Engine, LoadEngine, Trainer
from regdash.jobs.workers import Ended, Event, Failed, Order, Progressed
from regdash.presets import popular
from regdash.settings import Settings, settings

PAUSE = 60.0  # seconds before another try to load an engine that could not be loaded
LOOK_UP = 0.5  # seconds between two looks of a waiting task whether anybody still wants it

Rules = Mapping[str, Any]
Ring = Callable[[str, int, tuple[int, ...], bool], None]  # topic, turns so far, who has this one, whether there is mail


@dataclass(frozen=True)
class Work:
    """What a task is given: runs of one shape, and the visitors' tables that they need."""

    topic: str  # of the coordinator's events
    orders: tuple[Order, ...]
    tables: tuple[tuple[str, bytes], ...]
    load: LoadEngine
    rules: Rules


@dataclass(frozen=True)
class Facts:
    """What a worker process says of itself."""

    state: str  # starting, ready or broken
    pid: int
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""  # why the engine cannot be loaded


@dataclass
class Mail:
    """What one coordinator has not fetched yet, and what is going on now."""

    progress: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    ends: list[Ended | Failed] = field(default_factory=list)
    turning: tuple[int, ...] = ()
    stacks: tuple[Mapping[str, Any], ...] = ()
    turns: int = 0  # of the bench since it began, whoever had them
    rung: bool = False


@dataclass(eq=False)
class Job:
    """The runs of one task."""

    topic: str
    open: dict[int, int]  # number at the bench -> ticket
    ends: list[Ended | Failed] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    given_up: bool = False  # its task has returned; nobody hears how the rest ends


class Bench:
    """Loads the engine once and trains what the tasks of this process bring, one segment of one stack at a time."""

    def __init__(self, load: LoadEngine, rules: Rules, ring: Ring, reason: str = "") -> None:
        self.facts = Facts("starting", os.getpid(), reason=reason)
        self._load, self._rules, self._ring = load, rules, ring
        self._todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._jobs: dict[int, Job] = {}  # by the number of each of their open runs
        self._number = 0
        self._early: set[tuple[str, int]] = set()  # cancelled before they came
        self._mail: dict[str, Mail] = defaultdict(Mail)
        self._lock = threading.Lock()  # of the mail
        self._turns = 0
        self._gave_up = 0.0
        threading.Thread(target=self._work, daemon=True, name="regdash-bench").start()

    @property
    def gave_up_long_ago(self) -> bool:
        """Whether the engine could not be loaded, and it is time to try again."""
        return self.facts.state == "broken" and time.monotonic() > self._gave_up + PAUSE

    # Called by tasks and by Dask's own thread

    def train(self, work: Work, given_up: Callable[[], bool]) -> list[Ended | Failed]:
        """Bring runs to the bench and wait until they have ended, or nobody wants them any more."""
        if self.facts.state == "broken":
            raise RuntimeError(self.facts.reason)
        job = Job(work.topic, {})
        self._todo.put(lambda: self._begin(job, work))
        while not job.over.wait(LOOK_UP):
            if given_up():
                job.given_up = True
                self._todo.put(lambda: self._trainer.cancel(list(job.open)))
                break
        return list(job.ends)

    def cancel(self, topic: str, tickets: Collection[int]) -> None:
        """End runs at the next segment; also those that are still on their way."""
        self._todo.put(lambda: self._cancel(topic, set(tickets)))

    def take(self, topic: str) -> Mail:
        """What has come for this coordinator since it asked last."""
        with self._lock:
            if topic not in self._mail:
                return Mail(turns=self._turns)
            mail = self._mail[topic]
            self._mail[topic] = Mail(turning=mail.turning, stacks=mail.stacks)
            return replace(mail, turns=self._turns)

    # The bench's own thread

    def _work(self) -> None:
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        try:
            here = replace(settings(), **self._rules)
            engine = self._load(here)
        except Exception as error:
            self._gave_up = time.monotonic()
            self.facts = replace(self.facts, state="broken", reason=f"{type(error).__name__}: {str(error)[:300]}")
            return
        self.facts = Facts("ready", os.getpid(), engine.device, dict(engine.versions))
        self._train(engine, here)

    def _train(self, engine: Engine, here: Settings) -> None:
        rules, self._trainer = self._rules, Trainer(engine, here, self._hear)
        unknown = deque(popular() if here.warm_up else ())
        while True:
            while not self._todo.empty() or not (self._trainer.busy or unknown):
                self._todo.get()()
            if rules != self._rules and not self._trainer.busy:
                rules, here = self._rules, replace(here, **self._rules)
                self._trainer = Trainer(engine, here, self._hear)
            if self._trainer.busy:
                self._turn(engine, here)
            elif unknown:
                with suppress(Exception):  # a shape that cannot be made ready ahead says so when it is asked for
                    engine.warm(unknown.popleft())

    def _turn(self, engine: Engine, here: Settings) -> None:
        try:
            self._trainer.turn()
        except Exception as error:  # not an engine's error with one stack, which the trainer tells: start afresh
            self._hear(Failed(tuple(self._jobs), sentence(error)))
            self._trainer = Trainer(engine, here, self._hear)

    def _begin(self, job: Job, work: Work) -> None:
        orders, self._rules = work.orders, work.rules
        numbered = [replace(order, ticket=self._number + place) for place, order in enumerate(orders)]
        self._number += len(orders)
        job.open = {new.ticket: order.ticket for new, order in zip(numbered, orders, strict=True)}
        self._jobs |= dict.fromkeys(job.open, job)
        self._trainer.add(numbered)
        early = [number for number, ticket in job.open.items() if (job.topic, ticket) in self._early]
        self._early -= {(job.topic, job.open[number]) for number in early}
        self._trainer.cancel(early)

    def _cancel(self, topic: str, tickets: set[int]) -> None:
        mine = {number: job.open[number] for number, job in self._jobs.items() if job.topic == topic}
        self._trainer.cancel([number for number, ticket in mine.items() if ticket in tickets])
        self._early |= {(topic, ticket) for ticket in tickets - set(mine.values())}

    def _hear(self, message: Event | Turning) -> None:
        """What the trainer says, put into the mail of those whom it concerns."""
        with self._lock:
            if isinstance(message, Turning):
                self._announce(message)
            elif isinstance(message, Progressed):
                for number, told in message.members.items():
                    job = self._jobs[number]
                    self._mail[job.topic].progress[job.open[number]] = told
                self._ring_bells({self._jobs[number].topic for number in message.members})
            elif isinstance(message, Ended):
                job = self._jobs[message.ticket]
                self._end(job, [message.ticket], replace(message, ticket=job.open[message.ticket]))
            elif isinstance(message, Failed):
                self._fail(message)

    def _announce(self, message: Turning) -> None:
        """Tell every coordinator which of its runs are trained now, which may be none."""
        self._turns += 1
        for topic in {job.topic for job in self._jobs.values()}:
            mine = [n for n in message.tickets if n in self._jobs and self._jobs[n].topic == topic]
            turning = tuple(self._jobs[number].open[number] for number in mine)
            mail = self._mail[topic]
            mail.stacks = message.stacks
            if mail.turning != turning:
                mail.turning = turning
                self._ring(topic, self._turns, turning, False)

    def _fail(self, message: Failed) -> None:
        parts: dict[Job, list[int]] = defaultdict(list)
        for number in message.tickets:
            parts[self._jobs[number]].append(number)
        for job, numbers in parts.items():
            self._end(job, numbers, Failed(tuple(job.open[n] for n in numbers), message.sentence))

    def _end(self, job: Job, numbers: Collection[int], event: Ended | Failed) -> None:
        for number in numbers:
            del job.open[number], self._jobs[number]
        if not any(other.topic == job.topic for other in self._jobs.values()):
            self._mail.pop(job.topic, None)  # the return of the last task brings the rest
        elif not job.given_up:
            self._mail[job.topic].ends.append(event)
            self._ring_bells({job.topic})
        if not job.given_up:
            job.ends.append(event)
        if not job.open:
            job.over.set()

    def _ring_bells(self, topics: Collection[str]) -> None:
        """Say that there is mail, once until it is fetched."""
        for topic in topics:
            mail = self._mail[topic]
            if not mail.rung:
                mail.rung = True
                self._ring(topic, self._turns, mail.turning, True)
