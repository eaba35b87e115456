"""How much has been trained over the last minute."""

import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class Pace:
    """Counts runs that have ended, epochs, and the seconds in which anything was trained."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._entries: deque[tuple[float, int, int, float]] = deque()  # moment, runs, epochs, seconds at work

    def ended(self, runs: int) -> None:
        """So many runs have ended just now."""
        self._entries.append((self._clock(), runs, 0, 0.0))

    def trained(self, epochs: int, at_work: bool) -> None:
        """So many epochs have been trained since this was last said."""
        now = self._clock()
        self._entries.append((now, 0, epochs, now - self._since if at_work else 0.0))
        self._since = now

    def figures(self) -> dict[str, float]:
        """Runs and epochs per second of the last minute, and epochs per second at work."""
        while self._entries and self._entries[0][0] < self._clock() - MINUTE:
            self._entries.popleft()
        runs, epochs, work = (sum(entry[part] for entry in self._entries) for part in (1, 2, 3))
        return {
            "members_per_s": runs / MINUTE,
            "epochs_per_s": epochs / MINUTE,
            "speed": epochs / work if work else 0.0,
        }
