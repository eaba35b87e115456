"""The coordinator that a dashboard starts by itself, and the temporary store for when the real one cannot be used."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from regdash.errors import StoreUnavailable
from regdash.jobs.lock import lock_file, lock_is_taken
from regdash.settings import Settings
from regdash.store.database import Database, open_store

COMMAND = (sys.executable, "-m", "regdash.cli", "coordinator")
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # seconds before a coordinator that ended is started again


class Embedded:
    """A coordinator process that ends when this process does: it watches its standard input.

    `multiprocessing` would run the page's script again in the child, so it is a plain program.
    """

    def __init__(self, settings: Settings, url: str, command: Sequence[str] = (), quiet: bool = False) -> None:
        self.started = 0.0
        self.trouble = ""
        self._command = tuple(command) or COMMAND
        self._errors = subprocess.DEVNULL if quiet else None
        self._environment = os.environ | settings.environment() | {"REGDASH_DATABASE_URL": url}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock_file = lock_file(url, settings.data_dir)
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self._lock = Lock()
        self._closed = False
        atexit.register(self.close)

    def ensure(self) -> None:
        """Start the coordinator unless it runs, or ended a moment ago."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.poll() is None):
                self._settle()
                return
            self._note_end()
            if time.monotonic() < self._next:
                return
            try:
                taken = lock_is_taken(self._lock_file)
            except OSError as error:
                self.trouble = f"The engine cannot be started: its lock {self._lock_file} ({error.strerror or error})."
                self._wait_longer()
                return
            if taken:  # another program's coordinator serves this store
                self.started, self.trouble, self._next = 0.0, "", time.monotonic() + FIRST_PAUSE
            else:
                self._start()

    def close(self) -> None:
        """Let the coordinator end, and wait a moment for it."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        atexit.unregister(self.close)
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def pid(self) -> int | None:
        """The process id of the coordinator that this process started; None when it has none."""
        return self._process.pid if self._process is not None else None

    def _start(self) -> None:
        self.started = time.time()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=self._environment,
                start_new_session=True,  # Ctrl-C in the terminal reaches the dashboard only, which then ends this
            )
        except OSError as error:
            self.trouble = f"The engine cannot be started ({error.strerror or error})."
            self._wait_longer()

    def _note_end(self) -> None:
        """Remember how the last coordinator ended, once."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode > 0:
            self.trouble = (
                f"The engine ended with status {process.returncode} and is started again in {self._pause:g} seconds. "
                "What it said stands in the terminal of the dashboard."
            )
        self._wait_longer()

    def _wait_longer(self) -> None:
        self._next = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _settle(self) -> None:
        if self.started and time.time() - self.started > LONGEST_PAUSE:
            self._pause, self.trouble = FIRST_PAUSE, ""


def open_or_temporary(settings: Settings) -> tuple[Database, str, str]:
    """The store, its URL, and a warning: empty, or why a temporary store had to take its place."""
    try:
        return open_store(settings.store_url, settings.patience_seconds), settings.store_url, ""
    except StoreUnavailable as error:
        folder = _temporary_folder()
        url = f"sqlite:///{folder / 'regdash.sqlite'}"
        warning = f"{error} Until then runs are kept in {folder} and are lost when the dashboard ends."
        return open_store(url), url, warning


def _temporary_folder() -> Path:
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="regdash-", dir=memory if os.access(memory, os.W_OK) else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
