"""One look at the whole for everybody who asks within a second, and what was seen in the last minutes."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from regdash.jobs.overview import Overview

LASTS = 1.0  # seconds for which one look serves all
REMEMBERED = 600.0  # seconds of figures
APART = 1.9  # seconds between two figures that are kept


@dataclass(frozen=True)
class Moment:
    """A few figures of one moment."""

    at: float  # monotonic seconds
    epochs_per_s: float
    members_per_s: float
    waiting: int


class Observer:
    """Reads the overview at most once per second, however many look; safe to share between threads."""

    def __init__(self, read: Callable[[], Overview], clock: Callable[[], float] = time.monotonic) -> None:
        self._read, self._clock = read, clock
        self._seen: Overview | None = None
        self._until = 0.0
        self._moments: deque[Moment] = deque()
        self._lock = Lock()

    def look(self) -> Overview:
        """The state of the whole, at most a second old. Raises StoreUnavailable."""
        with self._lock:
            if self._seen is None or self._clock() >= self._until:
                self._seen = self._read()
                self._until = self._clock() + LASTS
                self._keep(self._seen)
            return self._seen

    def moments(self) -> tuple[float, list[Moment]]:
        """What the clock says now, and what was seen lately, the oldest first."""
        with self._lock:
            now = self._clock()
            return now, [each for each in self._moments if now - each.at <= REMEMBERED]

    def _keep(self, seen: Overview) -> None:
        now = self._clock()
        if self._moments and now - self._moments[-1].at < APART:
            return
        self._moments.append(Moment(now, seen.epochs_per_s, seen.members_per_s, seen.queue.waiting))
        while now - self._moments[0].at > REMEMBERED:
            self._moments.popleft()
