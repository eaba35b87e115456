"""Who proposes the next points; the order of STRATEGIES is the order of the menu."""

from regdash.search.strategies.base import Known, Strategy
from regdash.search.strategies.grid import Grid
from regdash.search.strategies.random import Random

STRATEGIES: tuple[type[Strategy], ...] = (Grid, Random)

__all__ = ["STRATEGIES", "Grid", "Known", "Random", "Strategy"]
