"""Search by a bell of points that moves, stretches and shrinks."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.search.dimension import Range
from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known

if TYPE_CHECKING:
    from cmaes import CMA

POPULATION = 8  # about 4 + 3 ln D for 4 settings, and as many as are trained together
STEP = 0.3  # the bell's first width, of a cube that is 1 wide
WORST = 1e300


class CMAES:
    """Covariance matrix adaptation: each generation is drawn from a normal distribution fitted to the last ones.

    It works in the unit cube; choices and "off" are intervals of it. Only the order of the losses counts. The k-th
    point is drawn with a generator seeded by (seed, k), so a history is replayed exactly, however it was portioned.
    Source: Hansen, arXiv 1604.00772; the package `cmaes`.
    """

    name: ClassVar[str] = "cma_es"
    label: ClassVar[str] = "CMA-ES"
    help: ClassVar[str] = (
        "An evolution strategy: generations of 8 trials whose centre and shape follow the better half. Good on ranges "
        "of numbers that act together and with a hundred trials or more; poor on lists of choices."
    )
    adaptive: ClassVar[bool] = True

    @staticmethod
    def problem(space: Space) -> str | None:
        if any(isinstance(each, Range) for each in space.dimensions):
            return None
        return "CMA-ES needs at least one range of numbers, and here are choices only: take TPE, random or the grid"

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        made = len(known)
        state = _replayed(space, known, seed)
        rest = POPULATION - made % POPULATION  # the next generation waits for this one
        return [space.at(_drawn(state, seed, number).tolist()) for number in range(made, made + min(count, rest))]


def _replayed(space: Space, known: Sequence[Known], seed: int) -> "CMA":
    """The distribution after all whole generations."""
    state = _started(len(space.dimensions), seed, 0)
    for first in range(0, len(known) - POPULATION + 1, POPULATION):
        generation = [
            (_place(space, each, _drawn(state, seed, first + k)), _finite(each.loss))
            for k, each in enumerate(known[first : first + POPULATION])
        ]
        state.tell(generation)
        if state.should_stop():
            state = _started(len(space.dimensions), seed, first + POPULATION)
    return state


def _started(dimensions: int, seed: int, number: int) -> "CMA":
    """A new bell: the first in the middle, one after another has shrunk to a point anywhere."""
    from cmaes import CMA

    middle = np.random.default_rng([seed, number]).random(dimensions) if number else np.full(dimensions, 0.5)
    bounds = np.tile([0.0, 1.0], (dimensions, 1))
    return CMA(mean=middle, sigma=STEP, bounds=bounds, population_size=POPULATION)


def _drawn(state: "CMA", seed: int, number: int) -> NDArray[np.float64]:
    state.reseed_rng(int(np.random.SeedSequence([seed, number]).generate_state(1)[0]))
    return np.asarray(state.ask(), float)


def _place(space: Space, each: Known, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a point was drawn, not the middle of its interval: rounding would look like a long step."""
    return drawn if space.at(drawn.tolist()) == each.values else np.array(space.places(each.values))


def _finite(loss: float) -> float:
    return min(loss, WORST) if math.isfinite(loss) else WORST
