"""How often pages look after their runs: the more sessions wait, the less often, so that one core serves them all."""

import time
from collections.abc import Callable
from threading import Lock

INTERVALS = (0.4, 0.8, 1.6, 3.2)  # seconds between two looks; few, since another one begins the timer anew
PER_LOOK, PER_DRAWING = 0.016, 0.05  # seconds between two looks, or two drawings, of any two sessions
SHARE, MEMORY = 2.0, 0.1  # looks may take half of the time; the weight of the last one in their mean
SILENT = 15.0  # seconds after which a session that no longer looks is not counted: its tab is closed
FEW = 4  # sessions that may each wait within a rerun
INLINE = 0.5  # seconds that such a wait takes at most: a short run appears finished in the same rerun


class Crowd:
    """The sessions whose runs move; one for all sessions of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}
        self._seconds = 0.0  # that a look takes; more when the machine is busy
        self._lock = Lock()

    def note(self, session: str, moving: bool, seconds: float = 0.0) -> None:
        """Remember whether the runs of this session move, and how long the look at them took."""
        with self._lock:
            self._seconds += MEMORY * (seconds - self._seconds)
            if moving:
                self._seen[session] = self._clock()
            else:
                self._seen.pop(session, None)

    def size(self) -> int:
        """How many sessions wait for runs."""
        with self._lock:
            oldest = self._clock() - SILENT
            self._seen = {session: seen for session, seen in self._seen.items() if seen >= oldest}
            return len(self._seen)

    def interval(self) -> float:
        """Seconds until a session that waits should look again."""
        wanted = self.size() * max(PER_LOOK, SHARE * self._seconds)
        return next((each for each in INTERVALS if each >= wanted), INTERVALS[-1])

    def between_drawings(self) -> float:
        """Seconds for which curves that grow are not drawn anew; the line above them goes on."""
        return self.size() * PER_DRAWING if self.size() > FEW else 0.0

    def patience(self) -> float:
        """Seconds that a rerun may wait for a run that is nearly done."""
        return INLINE if self.size() <= FEW else 0.0


crowd = Crowd()
