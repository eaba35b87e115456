"""Every point of a grid, once."""

from collections.abc import Sequence
from typing import ClassVar

from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known


class Grid:
    """All combinations of the steps of each range and of the choices, in a fixed order; k^D points."""

    name: ClassVar[str] = "grid"
    label: ClassVar[str] = "Grid"
    help: ClassVar[str] = (
        "Tries every combination of the steps, each once. Complete and easy to draw, but the number of points grows as "
        "a power of the number of settings, and settings that do not matter waste most of them."
    )
    adaptive: ClassVar[bool] = False

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        first = len(known)
        return [space.grid(number) for number in range(first, min(first + count, space.grid_size))]
