"""A brake for whoever tries codes of classes until one fits."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from regdash.errors import RegdashError

MOST_OF_ONE, MOST = 10, 300  # wrong codes in a minute, of one visitor and of all together
MINUTE = 60.0
TOO_MANY = "Too many wrong codes have been tried. Wait a minute, look at the code again, and then try once more."


class Tries:
    """The wrong codes of the last minute; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._lock = Lock()

    def check(self, session: str) -> None:
        """Raise RegdashError while this visitor, or all together, have tried too many wrong codes."""
        with self._lock:
            while self._wrong and self._clock() - self._wrong[0][0] > MINUTE:
                self._wrong.popleft()
            mine = sum(who == session for _, who in self._wrong)
            if mine >= MOST_OF_ONE or len(self._wrong) >= MOST:
                raise RegdashError(TOO_MANY)

    def wrong(self, session: str) -> None:
        """Remember that a code was wrong."""
        with self._lock:
            self._wrong.append((self._clock(), session))
