"""Where stacks are trained: one spawned worker process behind a plain concurrent.futures.Executor."""

import contextlib
import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from regdash.jobs.worker import Begun, Broken, Cancel, LoadEngine, Progressed, Ready, Task, Trained, hello, start, train
from regdash.settings import Settings

ENVIRONMENT: Mapping[str, str] = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's notes about the machine are not for visitors
    "OMP_NUM_THREADS": "1",  # NumPy's own threads would only compete with TensorFlow's
}

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before another try to load an engine that could not be loaded
START_SECONDS = 5.0  # within which a process that is to be ended again has begun


class LocalWorker:
    """One worker process on this machine: it starts, becomes ready, trains stack after stack, and may die."""

    def __init__(self, load: LoadEngine, warm: bool, pin: bool) -> None:
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self.pid = 0  # until it has begun
        self.ready: Ready | None = None
        self.broken = ""  # why the engine cannot be loaded
        self.dead = False
        self.programs = 0
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._executor = ProcessPoolExecutor(1, context, start, (theirs, load, warm, pin))
        self._executor.submit(hello)
        theirs.close()  # only the worker holds that end now, so its death ends the pipe

    def events(self) -> list[Progressed]:
        """What the worker has said since the last call; never waits."""
        found = []
        try:
            while self.pipe.poll():
                message = self.pipe.recv()
                if isinstance(message, Begun):
                    self.pid = message.pid
                elif isinstance(message, Ready):
                    self.ready = message
                elif isinstance(message, Broken):
                    self.broken = message.reason
                elif isinstance(message, Progressed):
                    found.append(message)
        except (EOFError, OSError):
            self.dead = True
        return found

    def submit(self, task: Task, done: Connection) -> "Future[list[Trained]]":
        """Train a stack; an empty message through `done` says that the future has its result."""
        self.programs += 1
        try:
            future = self._executor.submit(train, task)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda _: _wake(done))
        return future

    def cancel(self, wish: Cancel) -> None:
        """Tell the worker which members to end at the next segment."""
        with contextlib.suppress(OSError):  # a worker that has died cancels nothing any more
            self.pipe.send(wish)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End the process and give everything back."""
        if not self.pid and not self.dead:
            self.pipe.poll(START_SECONDS)
            self.events()
        self.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self.pipe.close()


class Workers:
    """The worker in use, and who takes its place: a new one when it dies, a warm successor when it has run enough."""

    def __init__(self, load: LoadEngine, settings: Settings) -> None:
        self._load = load
        self._settings = settings
        self._successor: LocalWorker | None = None
        self._pause = FIRST_PAUSE
        self._retry_at = 0.0
        self.current = self._new()

    def renew(self) -> None:
        """Exchange the worker where that is due; only while it trains nothing."""
        if self.current.dead:
            if not self.current.broken or self._pause_is_over():
                self._exchange(self._successor or self._new())
        elif self._successor is None:
            if self.current.programs >= self._settings.worker_programs:
                self._successor = self._new()
        else:
            self._successor.events()
            if self._successor.dead:
                self._successor.close()
                self._successor = None
            elif self._successor.ready is not None:
                self._exchange(self._successor)

    def close(self) -> None:
        """End all of them."""
        for worker in (self.current, self._successor):
            if worker is not None:
                worker.close()

    def _new(self) -> LocalWorker:
        return LocalWorker(self._load, self._settings.warm_up, self._settings.pin_worker)

    def _exchange(self, worker: LocalWorker) -> None:
        self.current.close()
        self.current, self._successor = worker, None

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


def failure(future: "Future[list[Trained]]") -> BaseException | None:
    """Why a future has no result; that of a dead worker may take a moment to know."""
    try:
        return future.exception(timeout=5.0)
    except TimeoutError as error:
        return error


def lost(error: BaseException) -> bool:
    """Whether a future failed because its worker died, rather than by an error of its own."""
    return isinstance(error, (BrokenProcessPool, TimeoutError))


def _wake(done: Any) -> None:
    with contextlib.suppress(OSError):
        done.send_bytes(b"")
