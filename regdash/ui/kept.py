"""What has been drawn is kept for the next rerun, of anybody who looks at the same runs."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from regdash.jobs.recent import Recent

KEPT = 1_200  # cards and lines that were drawn last, some 15 kB each

Drawn = TypeVar("Drawn")

_recent = Recent(KEPT)


def kept(what: tuple[Hashable, ...], make: Callable[[], Drawn]) -> Drawn:
    """What `make` makes; made anew only when `what` has not been made lately."""
    found: tuple[Drawn] | None = _recent.get(what)
    if found is None:
        found = (make(),)
        _recent.put(what, found)
    return found[0]
