"""The process that trains: the one place in jobs that loads the engine.

It runs inside a spawned ProcessPoolExecutor. Results are return values; progress goes out through a pipe, and wishes to
cancel come in through it, so a worker never opens the store.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, parent_process
from typing import Any, Protocol

from regdash.codec import from_json
from regdash.experiment import Experiment
from regdash.jobs.partial import Partial, pack_partial
from regdash.record import History, Probe, RunRecord, pack

MEMBERS_PER_REPORT = 16  # with more members, reports become rarer, so that packing them costs little


class Progress(Protocol):
    """What the engine tells of one member between two segments."""

    @property
    def epochs_done(self) -> int: ...
    @property
    def history(self) -> History: ...
    @property
    def probe(self) -> Probe | None: ...


Watcher = Callable[[Mapping[int, Any]], Collection[int]]


class TrainStack(Protocol):
    """The engine's one function: train experiments together, one record for each."""

    def __call__(
        self,
        experiments: Sequence[Experiment],
        *,
        probed: Collection[int],
        on_progress: Watcher,
        segment_seconds: float,
    ) -> list[RunRecord]: ...


@dataclass(frozen=True)
class Engine:
    """The engine once loaded."""

    train_stack: TrainStack
    device: str
    versions: Mapping[str, str]


LoadEngine = Callable[[bool], Engine]


@dataclass(frozen=True)
class Task:
    """A stack to be trained."""

    number: int
    experiments: tuple[str, ...]  # canonical JSON
    probed: tuple[int, ...]
    segment_seconds: float
    report_seconds: float


@dataclass(frozen=True)
class Begun:
    """Sent first of all."""

    pid: int


@dataclass(frozen=True)
class Ready:
    """Sent once, when the engine is loaded and warm."""

    device: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Broken:
    """Sent instead of Ready when the engine cannot be loaded."""

    reason: str


@dataclass(frozen=True)
class Progressed:
    """How far the members of a stack are: index -> (epochs done, packed curves)."""

    number: int
    members: Mapping[int, tuple[int, bytes]]


@dataclass(frozen=True)
class Cancel:
    """Sent to the worker: these members of that stack are no longer wanted."""

    number: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Trained:
    """One member's end."""

    status: str
    epochs_done: int
    data: bytes


def load_keras(warm: bool) -> Engine:
    """Import TensorFlow and, with `warm`, trace the default signature."""
    from regdash.training.backend import device, versions
    from regdash.training.loop import train_stack
    from regdash.training.warm import warm_up

    if warm:
        warm_up()
    return Engine(train_stack, device(), versions())


@dataclass
class _Process:
    """What this process holds between two tasks."""

    pipe: Any = None
    engine: Engine | None = None
    cancelled: set[int] = field(default_factory=set)


_process = _Process()


def start(pipe: Any, load: LoadEngine, warm: bool, pin: bool) -> None:
    """Prepare the process: load the engine and say that it is ready. Runs once, before the first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator, which then ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _process.pipe = pipe
    pipe.send(Begun(os.getpid()))
    if pin:
        _leave_a_core()
    try:
        _process.engine = load(warm)
    except Exception as error:
        pipe.send(Broken(f"{type(error).__name__}: {str(error)[:300]}"))
        raise
    pipe.send(Ready(_process.engine.device, _process.engine.versions))


def hello() -> None:
    """Do nothing: the first task, which makes the executor start its process."""


def train(task: Task) -> list[Trained]:
    """Train a stack, reporting through the pipe between segments."""
    assert _process.engine is not None
    _process.cancelled = set()
    experiments = [from_json(text) for text in task.experiments]
    records = _process.engine.train_stack(
        experiments,
        probed=task.probed,
        on_progress=_reporter(task),
        segment_seconds=task.segment_seconds,
    )
    return [Trained(record.status, len(record.history.epochs), pack(record)) for record in records]


def _reporter(task: Task) -> Watcher:
    """A watcher that reports the first segment at once and later ones now and then."""
    pause = task.report_seconds * max(1.0, len(task.experiments) / MEMBERS_PER_REPORT)
    next_report = 0.0

    def report(members: Mapping[int, Progress]) -> set[int]:
        nonlocal next_report
        if members and time.monotonic() >= next_report:
            packed = {i: (p.epochs_done, pack_partial(Partial(p.history, p.probe))) for i, p in members.items()}
            _process.pipe.send(Progressed(task.number, packed))
            next_report = time.monotonic() + pause
        return _cancelled(task.number)

    return report


def _cancelled(number: int) -> set[int]:
    while _process.pipe.poll():
        wish = _process.pipe.recv()
        if wish.number == number:
            _process.cancelled.update(wish.members)
    return _process.cancelled


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)  # nobody is left to take a result


def _leave_a_core() -> None:
    """Keep off the first core, so that pages stay quick while training; a lone core is shared."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[1:] or cores)
