"""The one process that hands waiting runs to the worker and writes down what comes back."""

import logging
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import wait
from threading import Event

from regdash.codec import from_json
from regdash.errors import RegdashError, StoreUnavailable
from regdash.experiment import Experiment
from regdash.jobs.batching import next_stack
from regdash.jobs.executors import LocalWorker, Workers, failure, lost
from regdash.jobs.worker import Cancel, LoadEngine, Progressed, Task, Trained, load_keras
from regdash.settings import Settings
from regdash.store.changes import Changes
from regdash.store.database import Database
from regdash.store.heartbeat import Heartbeat, write_heartbeat
from regdash.store.jobs import Claim, JobStore, Report, Result, Waiting

log = logging.getLogger("regdash.coordinator")

BEAT_SECONDS = 1.0
STARTING = (
    "The engine is starting: TensorFlow is being loaded, which takes 5 to 15 seconds. "
    "You can press Train already: runs wait in the queue."
)


@dataclass
class Stack:
    """A stack in flight."""

    claims: tuple[Claim, ...]
    task: Task
    future: "Future[list[Trained]]"
    deadline: float  # monotonic; moved by every report
    cancelled: set[int] = field(default_factory=set)


class Coordinator:
    """Claim, batch, train, write; over and over until told to stop. One per store: its caller holds the lock."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        load: LoadEngine = load_keras,
        key: Callable[[Experiment], Hashable] | None = None,
    ) -> None:
        self._database = database
        self._jobs = JobStore(database)
        self._changes = Changes(database)
        self._settings = settings
        self._key = _cached_key(key or _stack_key)
        self._workers = Workers(load, settings)
        self._stack: Stack | None = None
        self._unwritten: list[Callable[[], None]] = []
        self._served: dict[str, float] = {}
        self._number = 0
        self._look = True
        self._next_beat = 0.0
        self._last_beat: Heartbeat | None = None
        self._woken, self._wake = Pipe(duplex=False)

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; then give unfinished runs back to the queue."""
        self._persist(self._requeue_orphans)
        try:
            while not stop.is_set():
                try:
                    self._turn()
                except StoreUnavailable as error:
                    log.warning("%s", error)
                    stop.wait(1.0)
        finally:
            self._end()

    def _turn(self) -> None:
        wait([self._woken] + ([] if self._worker.dead else [self._worker.pipe]), self._settings.poll_seconds)
        while self._woken.poll():
            self._woken.recv_bytes()
        events = self._worker.events()
        self._collect()
        self._flush()
        self._report(events)
        if self._stack is None:
            self._workers.renew()
        self._beat()
        if self._stack is None:
            self._hand_out()
        else:
            self._pass_on_cancels()
            self._watch_lease()

    @property
    def _worker(self) -> LocalWorker:
        return self._workers.current

    # Handing out

    def _hand_out(self) -> None:
        """Claim the next stack and give it to the worker, when it is ready."""
        if self._worker.ready is None or self._worker.dead or self._unwritten:
            return
        self._look = self._look or self._changes.any()
        if not self._look:
            return
        queue = {run.run_id: run for run in self._jobs.waiting()}
        chosen = next_stack(list(queue.values()), self._key, self._served, self._settings.max_members)
        chosen = chosen[: _room(chosen[0])] if chosen else []
        until = time.time() + self._settings.lease_seconds
        claims = tuple(self._jobs.claim([run.run_id for run in chosen], until)) if chosen else ()
        self._look = bool(claims)  # after this stack there may be another; else nothing to do until the store changes
        if not claims:
            return
        taken = [queue[claim.run_id] for claim in claims]
        self._served |= {run.session: time.monotonic() for run in taken}
        self._number += 1
        task = Task(
            self._number,
            tuple(run.experiment for run in taken),
            tuple(index for index, run in enumerate(taken) if run.probed),
            self._settings.segment_seconds,
            self._settings.progress_seconds,
        )
        log.info("stack %d: %d runs begin: %s", task.number, len(claims), " ".join(c.run_id for c in claims))
        self._stack = Stack(claims, task, self._worker.submit(task, self._wake), self._new_deadline())

    def _pass_on_cancels(self) -> None:
        stack = self._stack
        assert stack is not None
        if not self._changes.any():
            return
        unwanted = self._jobs.unwanted([claim.run_id for claim in stack.claims])
        new = {i for i, claim in enumerate(stack.claims) if claim.run_id in unwanted} - stack.cancelled
        if new:
            stack.cancelled |= new
            self._worker.cancel(Cancel(stack.task.number, tuple(sorted(new))))

    # What comes back

    def _report(self, events: list[Progressed]) -> None:
        stack = self._stack
        for event in events:
            if stack is None or event.number != stack.task.number:
                continue
            stack.deadline = self._new_deadline()
            reports = [Report(stack.claims[i], epochs, data) for i, (epochs, data) in event.members.items()]
            self._jobs.report(reports, time.time() + self._settings.lease_seconds)

    def _collect(self) -> None:
        """Take the stack's results, or find out why there are none."""
        stack = self._stack
        if stack is None or not (stack.future.done() or self._worker.dead):
            return
        self._stack = None
        error = failure(stack.future)
        if error is None:
            self._keep(stack, stack.future.result())
        elif lost(error):
            self._worker.dead = True
            log.warning("stack %d: the worker was lost", stack.task.number)
            self._give_back(stack.claims)
        elif len(stack.claims) > 1:
            log.warning("stack %d: %s; its runs are trained one by one", stack.task.number, _sentence(error))
            self._give_back(stack.claims)
        else:
            log.warning("stack %d: %s", stack.task.number, _sentence(error))
            self._persist(lambda: self._jobs.fail(stack.claims, _sentence(error)))

    def _keep(self, stack: Stack, ends: list[Trained]) -> None:
        results = [
            Result(claim, end.status, end.epochs_done, end.data) for claim, end in zip(stack.claims, ends, strict=True)
        ]
        log.info("stack %d: done", stack.task.number)
        self._persist(lambda: self._jobs.finish(results))

    def _give_back(self, claims: tuple[Claim, ...]) -> None:
        most = self._settings.max_attempts
        error = (
            f"The training process died {most} times with this run, most likely for want of memory. "
            "Make the network or the data smaller, or try again."
        )
        self._persist(lambda: self._jobs.give_back(claims, failed=True, max_failures=most, error=error))

    def _requeue_orphans(self) -> None:
        orphans = self._jobs.orphans()
        if orphans:
            log.info("%d runs were left behind by another coordinator", len(orphans))
            self._jobs.give_back(
                orphans,
                failed=True,
                max_failures=self._settings.max_attempts,
                error=f"The training was cut off {self._settings.max_attempts} times. Try again.",
            )

    def _persist(self, write: Callable[[], None]) -> None:
        """Write now, or as soon as the store can be written again: a result is never thrown away."""
        self._unwritten.append(write)
        try:
            self._flush()
        except StoreUnavailable as error:
            log.warning("%s", error)

    def _flush(self) -> None:
        while self._unwritten:
            self._unwritten[0]()
            del self._unwritten[0]

    # The worker

    def _watch_lease(self) -> None:
        """End a worker that has not reported for too long; its runs then wait again."""
        assert self._stack is not None
        if time.monotonic() > self._stack.deadline:
            log.warning("stack %d: no sign of life, the worker is ended", self._stack.task.number)
            self._stack.deadline = self._new_deadline()
            self._worker.kill()

    def _new_deadline(self) -> float:
        return time.monotonic() + self._settings.lease_seconds

    def _beat(self) -> None:
        heartbeat = self._heartbeat()
        if time.monotonic() < self._next_beat and heartbeat == self._last_beat:
            return
        write_heartbeat(self._database, heartbeat)
        self._last_beat, self._next_beat = heartbeat, time.monotonic() + BEAT_SECONDS

    def _heartbeat(self) -> Heartbeat:
        ready = self._worker.ready
        if self._worker.broken:
            return Heartbeat("down", f"The engine cannot be loaded ({self._worker.broken}). It is tried again soon.")
        if ready is None or self._worker.dead:
            return Heartbeat("starting", STARTING)
        return Heartbeat("ready", f"The engine is ready on {ready.device}.", ready.device, ready.versions)

    def _end(self) -> None:
        """Give unfinished runs back, without counting it against them, and end the workers."""
        self._workers.close()
        self._changes.close()
        stack = self._stack
        try:
            self._flush()
            if stack is not None:
                self._jobs.give_back(stack.claims, failed=False, max_failures=0, error="")
            write_heartbeat(self._database, replace(self._heartbeat(), state="down", sentence="The engine has ended."))
        except StoreUnavailable as error:
            log.warning("%s", error)


def _stack_key(experiment: Experiment) -> Hashable:
    from regdash.training.groups import stack_key

    return stack_key(experiment)


def _room(run: Waiting) -> int:
    """How many runs like this one fit into a stack; one that cannot be read trains alone."""
    from regdash.training.groups import room

    try:
        return room(from_json(run.experiment))
    except Exception:
        return 1


def _cached_key(key: Callable[[Experiment], Hashable]) -> Callable[[Waiting], Hashable]:
    """The key of a waiting run. One that has none trains alone, so that the worker's error fails that run only."""

    @lru_cache(maxsize=4_096)
    def of_text(text: str) -> Hashable:
        try:
            return key(from_json(text))
        except Exception as error:
            log.warning("a run has no shape: %s", error)
            return text

    return lambda run: of_text(run.experiment)


def _sentence(error: BaseException) -> str:
    if isinstance(error, RegdashError):
        return str(error)
    return f"The training stopped with an error of its own ({type(error).__name__}: {str(error)[:200]})."
