"""What a strategy is: a function from what is known to the next points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from regdash.search.space import Space, Values


@dataclass(frozen=True)
class Known:
    """A point that was tried: `loss` is smaller for a better one, inf for one that failed, nan while it trains."""

    values: Values
    loss: float


class Strategy(Protocol):
    """Proposals are a pure function of the space, of what is known, and of (seed, proposals made so far).

    So nothing of a strategy needs to be kept: after any loss the same points are proposed again. It may also have
    `available` and `problem`; see the functions of these names.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    adaptive: ClassVar[bool]  # it learns from results, so its batches are small and wait for each other

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        """The next points after len(known) proposals, known in the order in which they were made; at most `count`."""


def available(strategy: type[Strategy]) -> bool:
    """Whether what a strategy needs is installed; most need nothing."""
    return bool(getattr(strategy, "available", lambda: True)())


def problem(strategy: type[Strategy], space: Space) -> str | None:
    """Why a strategy cannot search this space, in a sentence; None when it can, as most can search any."""
    found: str | None = getattr(strategy, "problem", lambda _: None)(space)
    return found
