"""Downloads of data sets in this server's process: one for each data set, shared by all visitors."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import streamlit as st

from regdash.datasets import downloads
from regdash.errors import RegdashError

State = Literal["running", "done", "failed"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetch:
    """How far a download is: the share done from 0 to 1, and a sentence when it has failed."""

    state: State = "running"
    share: float = 0.0
    seconds: float = 0.0  # since it began
    error: str = ""

    @property
    def seconds_left(self) -> float | None:
        """As long again as so far for each share still to come; None while there is little to tell it from."""
        known = self.state == "running" and self.share >= 0.02 and self.seconds >= 1
        return self.seconds * (1 - self.share) / self.share if known else None


@dataclass
class _Work:
    """A download in its thread, and the visitors who asked for it."""

    begun: float
    view: Fetch = Fetch()
    visitors: set[str] = field(default_factory=set)


class Fetches:
    """The downloads by name; safe to share between sessions and threads."""

    def __init__(self, fetch: Callable[..., Any] = downloads.fetch) -> None:
        self._fetch = fetch
        self._work: dict[str, _Work] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, visitor: str) -> None:
        """Start a download, or wait for one that is under way."""
        with self._lock:
            work = self._work.get(name)
            if work is None or work.view.state != "running":
                work = self._work[name] = _Work(time.monotonic())
                threading.Thread(target=self._run, args=(name, work), daemon=True, name=f"fetch {name}").start()
            work.visitors.add(visitor)

    def leave(self, name: str, visitor: str) -> None:
        """Wait no longer; a download that nobody waits for is cancelled."""
        with self._lock:
            if name in self._work:
                self._work[name].visitors.discard(visitor)

    def look(self, name: str) -> Fetch | None:
        """How far the download is; None when it was never asked for."""
        with self._lock:
            work = self._work.get(name)
            return replace(work.view, seconds=time.monotonic() - work.begun) if work else None

    def waits(self, name: str, visitor: str) -> bool:
        """Whether this visitor asked for it."""
        with self._lock:
            return name in self._work and visitor in self._work[name].visitors

    def _run(self, name: str, work: _Work) -> None:
        def tell(share: float) -> None:
            with self._lock:
                work.view = replace(work.view, share=share)

        def cancelled() -> bool:
            with self._lock:
                return not work.visitors

        try:
            self._fetch(name, tell, cancelled)
            view = Fetch("done", 1.0)
        except RegdashError as error:
            view = Fetch("failed", error=str(error))
        except Exception as error:
            log.exception("the download of %s", name)
            view = Fetch("failed", error=f"The download ended with an error of its own ({type(error).__name__}).")
        with self._lock:
            work.view = view


@st.cache_resource(show_spinner=False)
def fetches() -> Fetches:
    """The downloads of this server."""
    return Fetches()
