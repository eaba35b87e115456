"""Who proposes the next points; the order of STRATEGIES is the order of the menu."""

from regdash.search.strategies.base import Known, Strategy, available, problem
from regdash.search.strategies.cma_es import CMAES
from regdash.search.strategies.gp import GP
from regdash.search.strategies.grid import Grid
from regdash.search.strategies.random import Random
from regdash.search.strategies.sobol import Sobol
from regdash.search.strategies.tpe import TPE

STRATEGIES: tuple[type[Strategy], ...] = (Grid, Random, Sobol, TPE, GP, CMAES)

__all__ = ["CMAES", "GP", "STRATEGIES", "TPE", "Grid", "Known", "Random", "Sobol", "Strategy", "available", "problem"]
