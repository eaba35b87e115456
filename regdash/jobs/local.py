"""Workers of this machine: one spawned process trains; its successor takes over when it dies or has done enough."""

import contextlib
import logging
import os
import time
from collections.abc import Collection, Mapping, Sequence
from multiprocessing import get_context
from typing import Any

from regdash.experiment import Experiment
from regdash.jobs.logs import log_event
from regdash.jobs.memory import resident_mb
from regdash.jobs.messages import Broken, Cancel, Ready, Retire, Share, Train, Turning
from regdash.jobs.worker import LoadEngine, serve
from regdash.jobs.workers import Began, Condition, Ended, Event, Failed, Lost, Order
from regdash.settings import Settings

log = logging.getLogger("regdash.coordinator")

ENVIRONMENT: Mapping[str, str] = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's notes about the machine are not for visitors
    "OMP_NUM_THREADS": "1",  # NumPy's own threads would only compete with TensorFlow's
}

MEASURED = 1.0  # seconds for which a figure of the memory is told again
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before another try to load an engine that could not be loaded
STACKS_AT_ONCE = 2  # a worker takes so many full stacks' worth of runs; the rest waits to be shared out fairly
STARTING = (
    "The engine is starting: TensorFlow is being loaded, which takes 5 to 15 seconds. "
    "You can press Train already: runs wait in the queue."
)


class Process:
    """One worker process: it starts, becomes ready, trains what it is given, and may die."""

    def __init__(self, load: LoadEngine, settings: Settings, popular: Sequence[Experiment]) -> None:
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self.ready: Ready | None = None
        self.broken = ""  # why the engine cannot be loaded
        self.dead = False
        self.retired = False
        self.given = 0  # runs so far
        self.live: set[int] = set()
        self.fresh: set[int] = set()  # of these, the ones that have not begun
        self.turning = Turning((), 0, ())
        self.epochs = 0  # trained and not yet counted
        self.heard = time.monotonic()
        self._memory: tuple[float, float | None] = (0.0, None)  # until when it is told again, megabytes
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, load, settings, popular), daemon=True)
        self._process.start()
        log_event(log, "worker started", pid=self.pid)
        theirs.close()  # only the worker holds that end now, so its death ends the pipe

    @property
    def pid(self) -> int:
        """Of the process, for operators."""
        return self._process.pid or 0

    @property
    def memory_mb(self) -> float | None:
        """What it holds in memory, a second ago at most."""
        now = time.monotonic()
        if now >= self._memory[0]:
            self._memory = now + MEASURED, resident_mb(self.pid)
        return self._memory[1]

    def send(self, message: Any) -> None:
        """Tell the worker something; one that has died hears nothing any more."""
        with contextlib.suppress(OSError):
            self.pipe.send(message)

    def events(self) -> list[Event]:
        """What it has said since the last call, and its death."""
        found: list[Event] = []
        try:
            while not self.dead and self.pipe.poll():
                self._hear(self.pipe.recv(), found)
        except (EOFError, OSError):
            self.dead = True
            lost = self._lost()
            found += [lost] if lost else []
        return found

    def _hear(self, message: Any, found: list[Event]) -> None:
        self.heard = time.monotonic()
        if isinstance(message, Ready):
            self.ready = message
            log_event(log, "worker ready", pid=self.pid, device=message.device)
        elif isinstance(message, Broken):
            self.broken = message.reason
        elif isinstance(message, Turning):
            self.turning = message
            self.epochs += message.epochs
            found += [Began(fresh)] if (fresh := tuple(self.fresh & set(message.tickets))) else []
            self.fresh.difference_update(fresh)
        else:
            self._forget(message)
            found.append(message)

    def _forget(self, event: Event) -> None:
        if isinstance(event, Ended):
            self.live.discard(event.ticket)
        elif isinstance(event, Failed):
            self.live.difference_update(event.tickets)

    def _lost(self) -> Lost | None:
        """Who was in its hands when it died: those of its last turn are under suspicion."""
        suspects = tuple(sorted(self.live & set(self.turning.tickets)))
        others = tuple(sorted(self.live - set(suspects)))
        self.live.clear()
        return Lost(suspects, others) if suspects or others else None

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """End the process and give everything back."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


class LocalWorkers:
    """The process in use, the one before it that finishes its runs, and the one that gets ready to follow."""

    def __init__(self, load: LoadEngine, settings: Settings, popular: Sequence[Experiment] = ()) -> None:
        self._load, self._settings, self._popular = load, settings, popular
        self._pause, self._retry_at = FIRST_PAUSE, 0.0
        self._shared = False
        self._retiring: list[Process] = []
        self._successor: Process | None = None
        self._current = self._new()

    @property
    def room(self) -> int:
        """How many more runs the process in use takes."""
        if self._current.ready is None or self._current.dead:
            return 0
        return max(0, STACKS_AT_ONCE * self._settings.max_members - len(self._current.live))

    def train(self, orders: Sequence[Order]) -> None:
        """Give runs to the process in use."""
        if not self._current.live:
            self._current.heard = time.monotonic()  # its lease begins now
        self._current.live.update(order.ticket for order in orders)
        self._current.fresh.update(order.ticket for order in orders)
        self._current.given += len(orders)
        self._current.send(Train(tuple(orders)))

    def cancel(self, tickets: Collection[int]) -> None:
        """Tell each process which of its runs are no longer wanted."""
        for process in self._all:
            mine = process.live & set(tickets)
            if mine:
                process.send(Cancel(tuple(sorted(mine))))

    def share(self, cores: bool) -> None:
        """Tell each process whether to leave a core to the pages."""
        if cores != self._shared and not self._settings.pin_worker:
            for process in self._all:
                process.send(Share(cores))
        self._shared = cores

    def events(self) -> list[Event]:
        """What the processes have said; takes care of those that have died, hang, or have done enough."""
        found = [event for process in self._all for event in process.events()]
        self._watch_leases()
        self._renew()
        return found

    def waitables(self) -> list[Any]:
        """The ends of the pipes."""
        return [process.pipe for process in self._all if not process.dead]

    def epochs(self) -> int:
        """Epochs trained since the last call, summed over runs."""
        found = sum(process.epochs for process in self._all)
        for process in self._all:
            process.epochs = 0
        return found

    def condition(self) -> Condition:
        """How the process in use is, and what it trains."""
        ready = self._current.ready
        workers = tuple(_worker(process) for process in self._all)
        stacks = tuple(stack for process in self._all if process.live for stack in process.turning.stacks)
        if self._current.broken:
            words = f"The engine cannot be loaded ({self._current.broken}). It is tried again soon."
            return Condition("down", words, workers=workers)
        if ready is None or self._current.dead:
            return Condition("starting", STARTING, workers=workers)
        words = f"The engine is ready on {ready.device}."
        return Condition("ready", words, ready.device, ready.versions, workers, stacks)

    def close(self) -> None:
        """End all processes."""
        for process in self._all:
            process.close()

    @property
    def _all(self) -> list[Process]:
        return [*self._retiring, self._current, *([self._successor] if self._successor else [])]

    def _new(self) -> Process:
        process = Process(self._load, self._settings, self._popular)
        if self._shared and not self._settings.pin_worker:
            process.send(Share(True))
        return process

    def _watch_leases(self) -> None:
        """End a process that has runs and has said nothing for too long."""
        for process in self._all:
            if process.live and time.monotonic() - process.heard > self._settings.lease_seconds:
                process.heard = time.monotonic()
                process.kill()

    def _renew(self) -> None:
        for process in [each for each in self._retiring if each.dead or not each.live]:
            self._retiring.remove(process)
            process.close()
        if self._current.dead:
            if not self._current.broken or self._pause_is_over():
                self._current.close()
                self._current, self._successor = self._successor or self._new(), None
        elif self._successor is None:
            if self._current.given >= self._settings.worker_programs:
                self._successor = self._new()
        elif self._successor.dead:
            self._successor.close()
            self._successor = None
        elif self._successor.ready is not None:
            self._current.send(Retire())
            self._retiring.append(self._current)
            self._current, self._successor = self._successor, None

    def _pause_is_over(self) -> bool:
        """An engine that cannot be loaded is tried again after longer and longer pauses."""
        now = time.monotonic()
        if not self._retry_at:
            self._retry_at = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if now < self._retry_at:
            return False
        self._retry_at = 0.0
        return True


def _worker(process: Process) -> dict[str, Any]:
    if process.dead:
        state = "lost"
    elif process.ready is None:
        state = "starting"
    else:
        state = "training" if process.live else "idle"
    device = process.ready.device if process.ready else ""
    return {"pid": process.pid, "device": device, "state": state, "memory_mb": process.memory_mb}
