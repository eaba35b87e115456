"""What is to be written into the store: at once, or as soon as it can be written again."""

import logging
from collections import deque
from collections.abc import Callable

from regdash.errors import StoreUnavailable

log = logging.getLogger("regdash.coordinator")


class Outbox:
    """Keeps writes in their order until each has been made: a result is never thrown away."""

    def __init__(self) -> None:
        self._writes: deque[Callable[[], object]] = deque()

    def __len__(self) -> int:
        return len(self._writes)

    def put(self, write: Callable[[], object]) -> None:
        """Make a write now, after those that still wait; if the store cannot be written, later."""
        self._writes.append(write)
        try:
            self.flush()
        except StoreUnavailable as error:
            log.warning("%s", error)

    def flush(self) -> None:
        """Make all writes that wait; raises StoreUnavailable when one cannot be made."""
        while self._writes:
            self._writes[0]()
            self._writes.popleft()
