"""Points spread more evenly than chance would."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known


class Sobol:
    """The points of a scrambled Sobol sequence: each stretch of 2^m of them fills the space evenly.

    Source: Owen, Journal of Complexity 14 (1998) 466-489; `scipy.stats.qmc.Sobol`.
    """

    name: ClassVar[str] = "sobol"
    label: ClassVar[str] = "Quasi-random"
    help: ClassVar[str] = (
        "Like random, but the points of a Sobol sequence keep away from each other, so that no corner of the space is "
        "forgotten. It covers best with 8, 16, 32, 64, ... trials."
    )
    adaptive: ClassVar[bool] = False

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        from scipy.stats import qmc

        first = len(known)
        sequence = qmc.Sobol(len(space.dimensions), rng=np.random.default_rng(seed))
        points = sequence.random_base2((first + count).bit_length())  # whole stretches: SciPy warns of others
        return [space.at(place) for place in points[first : first + count].tolist()]
