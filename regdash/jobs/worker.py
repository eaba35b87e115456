"""The process that trains: the one place in jobs that loads the engine.

It hears through a pipe what to train and what to cancel, and says through it how far the runs are. It never opens the
store.
"""

import contextlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Any, Protocol

from regdash.codec import from_json
from regdash.errors import sentence
from regdash.experiment import Experiment
from regdash.jobs.messages import Broken, Cancel, Ready, Share, Train, Turning
from regdash.jobs.partial import Partial, pack_partial
from regdash.jobs.workers import Ended, Event, Failed, Order, Progressed
from regdash.record import History, Probe, RunRecord, pack
from regdash.settings import Settings

QUIET_SECONDS = 3.0  # without work before a popular shape is traced: whoever comes meanwhile waits for that trace
MEMBERS_PER_REPORT = 16  # with more members, reports become rarer, so that packing them costs little
QUIET_PER_REPORT = 96  # the same for members of which only the epochs are told


class Progress(Protocol):
    """What the engine tells of one member between two segments."""

    @property
    def epochs_done(self) -> int: ...
    @property
    def history(self) -> History: ...
    @property
    def probe(self) -> Probe | None: ...


class Turn(Protocol):
    """What one segment of one stack has brought, by the tickets of its members."""

    @property
    def progress(self) -> Mapping[int, Any]: ...
    @property
    def ended(self) -> Mapping[int, RunRecord]: ...
    @property
    def failed(self) -> Mapping[int, str]: ...
    @property
    def epochs(self) -> int: ...


class Crew(Protocol):
    """The engine's live stacks: runs join them and leave them between two segments."""

    @property
    def tickets(self) -> Collection[int]: ...
    def add(self, members: Sequence[Any]) -> None: ...
    def cancel(self, tickets: Collection[int]) -> None: ...
    def next(self) -> tuple[int, ...]: ...
    def turn(self) -> Any: ...
    def stacks(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Engine:
    """The engine once loaded."""

    crew: Callable[[Settings], Crew]
    member: Callable[..., Any]  # (ticket, experiment, probed, company)
    warm: Callable[[Experiment], None]
    device: str
    versions: Mapping[str, str]


LoadEngine = Callable[[Settings], Engine]


def load_keras(settings: Settings) -> Engine:
    """Import the framework and, where that is wanted, trace the default signature."""
    from regdash.training.backend import device, versions
    from regdash.training.crew import Crew, Member
    from regdash.training.warm import warm, warm_up

    if settings.warm_up:
        warm_up()

    def crew(here: Settings) -> Crew:
        memory = int(here.max_memory_mb * 2**20)
        return Crew(here.segment_seconds, here.max_members, memory, here.max_seconds)

    return Engine(crew, Member, warm, device(), versions())


def serve(pipe: Any, load: LoadEngine, settings: Settings, popular: Sequence[Experiment]) -> None:
    """Load the engine, say that it is ready, and train what comes until told to retire."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator, which then ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    leave_a_core(settings.pin_worker)
    try:
        engine = load(settings)
    except Exception as error:
        pipe.send(Broken(f"{type(error).__name__}: {str(error)[:300]}"))
        return
    pipe.send(Ready(engine.device, engine.versions))
    Trainer(engine, settings, pipe.send).work(pipe, deque(popular if settings.warm_up else ()))


class Trainer:
    """Advances the crew turn by turn and says what comes of it."""

    def __init__(self, engine: Engine, settings: Settings, say: Callable[[Any], None]) -> None:
        self._engine = engine
        self._crew = engine.crew(settings)
        self._say = say
        self._pause = settings.progress_seconds
        self._next_report: dict[int, float] = {}
        self._quiet: set[int] = set()
        self._epochs = 0

    @property
    def busy(self) -> bool:
        """Whether there is something to train."""
        return bool(self._crew.tickets)

    def work(self, pipe: Any, popular: deque[Experiment]) -> None:
        """Train what comes through the pipe; while there is nothing, get popular shapes ready."""
        retired = False
        while self.busy or not retired:
            while pipe.poll(0 if self.busy else QUIET_SECONDS if popular else None):
                message = pipe.recv()
                if isinstance(message, Train):
                    self.add(message.orders)
                elif isinstance(message, Cancel):
                    self.cancel(message.tickets)
                elif isinstance(message, Share):
                    leave_a_core(message.cores)
                else:
                    retired = True
                    popular.clear()
                    break
            if self.busy:
                self.turn()
            elif popular:
                self._engine.warm(popular.popleft())

    def add(self, orders: Sequence[Order]) -> None:
        """Take runs on; one that cannot be read fails alone."""
        for order in orders:
            try:
                experiment = from_json(order.experiment)
                self._crew.add([self._engine.member(order.ticket, experiment, order.probed, order.company)])
                self._quiet |= {order.ticket} if order.quiet else set()
            except Exception as error:
                self._say(Failed((order.ticket,), sentence(error)))

    def cancel(self, tickets: Sequence[int]) -> None:
        """End runs at the next segment."""
        self._crew.cancel(tickets)

    def turn(self) -> None:
        """Advance the stack whose turn it is, and say how far its members are."""
        self._say(Turning(self._crew.next(), self._epochs, tuple(_seen(each) for each in self._crew.stacks())))
        turn = self._crew.turn()
        self._epochs = turn.epochs
        for event in self._events(turn):
            self._say(event)
        if not self.busy:
            self._say(Turning((), self._epochs, ()))
            self._epochs = 0

    def _events(self, turn: Turn) -> list[Event]:
        words = dict.fromkeys(turn.failed.values())
        found: list[Event] = [
            Failed(tuple(t for t, said in turn.failed.items() if said == each), each) for each in words
        ]
        for ticket, record in turn.ended.items():
            found.append(Ended(ticket, record.status, len(record.history.epochs), pack(record)))
        for ticket in (*turn.ended, *turn.failed):
            self._next_report.pop(ticket, None)
            self._quiet.discard(ticket)
        report = self._due(turn.progress)
        return [*found, Progressed(report)] if report else found

    def _due(self, progress: Mapping[int, Progress]) -> dict[int, tuple[int, bytes]]:
        """The curves so far of those whose last report is long ago; a run's first segment is reported at once."""
        now = time.monotonic()
        due = [ticket for ticket in progress if now >= self._next_report.get(ticket, 0.0)]
        members = len(self._crew.tickets)
        for ticket in due:
            many = members / (QUIET_PER_REPORT if ticket in self._quiet else MEMBERS_PER_REPORT)
            self._next_report[ticket] = now + self._pause * max(1.0, many)
        return {t: (progress[t].epochs_done, self._curves(t, progress[t])) for t in due}

    def _curves(self, ticket: int, progress: Progress) -> bytes:
        """The packed curves so far; nothing where nobody looks at them."""
        return b"" if ticket in self._quiet else pack_partial(Partial(progress.history, progress.probe))


def _seen(stack: Any) -> dict[str, Any]:
    return {"label": stack.label, "members": stack.members, "epochs_left": stack.epochs_left}


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)  # nobody is left to take a result


CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
THREADS = Path("/proc/self/task")


def leave_a_core(wanted: bool) -> None:
    """Keep all threads off the first core, so that pages stay quick while training; a lone core is shared."""
    allowed = sorted(CORES)[1:] if wanted and len(CORES) > 1 else CORES
    for thread in THREADS.iterdir() if CORES and THREADS.is_dir() else ():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(thread.name), allowed)
