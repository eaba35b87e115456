"""Whether the engine is starting, ready or down, as pages say it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from regdash.errors import StoreUnavailable
from regdash.jobs.embedded import Embedded
from regdash.store.coordinators import SignOfLife, read_signs
from regdash.store.database import Database

EngineState = Literal["starting", "ready", "down"]

STALE = 10.0  # seconds without a new sign of life after which a coordinator counts as gone
FRESH = 2.5  # a sign not older than this counts before a second one has been seen
REMEMBERED = 0.25  # seconds for which an answer serves all sessions

STARTING = "The engine is starting. You can press Train already: runs wait in the queue."
DOWN = "The engine is not running. Start it with: regdash coordinator"


@dataclass(frozen=True)
class EngineView:
    """How the engine is, with a sentence for people."""

    state: EngineState
    sentence: str
    device: str = ""


class EngineWatch:
    """Watches the coordinators' signs of life; one for all sessions."""

    def __init__(
        self, database: Database, embedded: Embedded | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._embedded, self._clock = database, embedded, clock
        self._seen: dict[str, tuple[int, float, bool]] = {}  # id -> (signs of life, since when, whether it has moved)
        self._answer = EngineView("starting", STARTING)
        self._until = 0.0
        self._lock = Lock()

    def view(self) -> EngineView:
        """How the engine is now, or was a moment ago."""
        with self._lock:
            if self._clock() >= self._until:
                self._answer = self._look()
                self._until = self._clock() + REMEMBERED
            return self._answer

    def _look(self) -> EngineView:
        try:
            alive = [sign for sign in read_signs(self._database) if self.lives(sign)]
        except StoreUnavailable as error:
            return EngineView("down", str(error))
        if self._embedded is not None and self._embedded.trouble:
            return EngineView("down", self._embedded.trouble)
        states: tuple[EngineState, ...] = ("ready", "starting", "down")
        for state in states:
            for sign in alive:
                if sign.state == state:
                    return EngineView(state, sign.sentence, sign.device)
        return EngineView("starting", STARTING) if self._embedded is not None else EngineView("down", DOWN)

    def lives(self, sign: SignOfLife) -> bool:
        """Whether new signs keep coming; by our own clock, as others may be set wrongly."""
        beats, since, moved = self._seen.get(sign.id, (sign.beats, self._clock(), False))
        if sign.beats != beats:
            since, moved = self._clock(), True
        self._seen[sign.id] = sign.beats, since, moved
        silent = self._clock() - since
        return silent < STALE if moved else silent < FRESH and abs(sign.age) < FRESH
