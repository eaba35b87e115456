"""Bayesian search by densities of good and of bad points."""

from collections.abc import Sequence
from typing import ClassVar

from regdash.search.space import Space, Values
from regdash.search.strategies.base import Known
from regdash.search.strategies.sobol import Sobol

STARTUP = 8


class TPE:
    """Tree-structured Parzen estimator: proposes where good points are dense and bad ones are not, max l(x) / g(x).

    Source: Bergstra et al., NIPS 24 (2011); Watanabe, arXiv 2304.11127; Optuna's `TPESampler`.
    """

    name: ClassVar[str] = "tpe"
    label: ClassVar[str] = "Bayesian (TPE)"
    help: ClassVar[str] = (
        "Learns from the trials so far where good settings lie, and tries most there. The first few are spread evenly. "
        "The best choice for most searches of 30 trials and more."
    )
    adaptive: ClassVar[bool] = True

    @staticmethod
    def propose(space: Space, known: Sequence[Known], count: int, seed: int) -> list[Values]:
        if len(known) < STARTUP:
            return Sobol.propose(space, known, min(count, STARTUP - len(known)), seed)
        from optuna.samplers import TPESampler

        from regdash.search.strategies.asking import ask, sampler_seed, study_of

        sampler = TPESampler(multivariate=True, n_startup_trials=1, seed=sampler_seed(seed, len(known)))
        study = study_of(space, known, sampler)
        return [ask(space, study) for _ in range(count)]
