"""Points drawn at random."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known


class Random:
    """Each point is drawn by itself, evenly over each range, or over its logarithms.

    Source: Bergstra and Bengio, JMLR 13 (2012) 281-305.
    """

    name: ClassVar[str] = "random"
    label: ClassVar[str] = "Random"
    help: ClassVar[str] = (
        "Draws each trial at random. Every trial tries a new value of every setting, so it beats a grid when few "
        "of the settings matter; and it can end at any time."
    )
    adaptive: ClassVar[bool] = False

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        numbers = range(len(known), len(known) + count)
        return [
            space.at(np.random.default_rng([seed, number]).random(len(space.dimensions)).tolist()) for number in numbers
        ]
