"""Bayesian search by a Gaussian process."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import ClassVar

from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known
from regdash.search.strategies.sobol import Sobol

STARTUP = 8
PATIENCE = 2  # asks per wanted point: a batch may hold the same point twice


class GP:
    """A smooth surface through all losses, with its uncertainty; proposes where most improvement is to be expected.

    Source: Snoek, Larochelle and Adams, NIPS 25 (2012); Optuna's `GPSampler`, which needs PyTorch.
    """

    name: ClassVar[str] = "gp"
    label: ClassVar[str] = "Bayesian (Gaussian process)"
    help: ClassVar[str] = (
        "Fits a smooth surface through all trials and tries where it promises most. Needs the fewest trials on a few "
        "ranges of numbers, but thinks for seconds about each batch."
    )
    adaptive: ClassVar[bool] = True

    @staticmethod
    def available() -> bool:
        return find_spec("torch") is not None

    @staticmethod
    def problem(space: Space) -> str | None:
        if GP.available():
            return None
        return "The Gaussian process needs PyTorch: install it with pip install 'regdash[gp]', or take TPE"

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        if len(known) < STARTUP:
            return Sobol.propose(space, known, min(count, STARTUP - len(known)), seed)
        from optuna.samplers import GPSampler

        from regdash.search.strategies.asking import ask, sampler_seed, study_of

        sampler = GPSampler(n_startup_trials=1, seed=sampler_seed(seed, len(known)))
        study = study_of(space, known, sampler)
        found: list[Values] = []
        for _ in range(PATIENCE * count):
            if len(found) < count and (point := ask(space, study)) not in found:
                found.append(point)
        return found
