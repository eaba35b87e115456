"""Which other coordinators of this store live; the runs of those that do not are free to be taken over."""

import time
from collections.abc import Callable

from regdash.store.coordinators import SignOfLife, forget_signs, read_signs
from regdash.store.database import Database

FORGET_SECONDS = 3_600.0


class Neighbours:
    """Watches the signs of life of the others with its own clock only: a clock that jumps kills nobody."""

    def __init__(
        self, database: Database, own: str, lease_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._own, self._lease, self._clock = database, own, lease_seconds, clock
        self._seen: dict[str, tuple[int, float]] = {}  # id -> (signs of life, when the last new one was seen)
        self._alone = database.engine.dialect.name == "sqlite"  # there, whoever holds the lock is the only one

    def living(self) -> set[str]:
        """The ids of the others that live; the signs of those that died long ago are let go of."""
        signs = [sign for sign in read_signs(self._database) if sign.id != self._own]
        silent = {sign.id: self._silence(sign) for sign in signs}
        if self._alone:
            old, found = list(silent), set[str]()
        else:
            old = [id_ for id_, seconds in silent.items() if seconds > FORGET_SECONDS]
            found = {sign.id for sign in signs if sign.state != "down" and silent[sign.id] < self._lease}
        if old:
            forget_signs(self._database, old)
        return found

    def _silence(self, sign: SignOfLife) -> float:
        """Seconds for which a coordinator has given no new sign of life, as far as we have watched it."""
        beats, since = self._seen.get(sign.id, (-1, 0.0))
        if sign.beats != beats:
            since = self._clock()
            self._seen[sign.id] = sign.beats, since
        return self._clock() - since
