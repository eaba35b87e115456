"""Steps that are too few, too long or too short."""

from math import sqrt

from regdash.cautions.places import all_steps, rows
from regdash.experiment import Experiment
from regdash.optimizers import Adadelta, Lion, learning_rates
from regdash.optimizers.base import EPSILON

LION_MOST = 0.01  # above, the training loss of the default experiment rises again (measured)
ADADELTA_LEAST = 0.05  # below, it has hardly fallen after 150 epochs (measured)


def batch_too_large(experiment: Experiment) -> str:
    """B > n; batch size 0 says plainly that all rows are meant."""
    n, size = rows(experiment), experiment.training.batch_size
    if size <= n:
        return ""
    return (
        f"A batch of {size} rows is more than the {n} training rows: every epoch is one single step on all of "
        f"them. Take a smaller batch for more steps, or 0 for all rows."
    )


def lion_too_fast(experiment: Experiment) -> str:
    """Lion's step is the learning rate for every weight, whatever the gradient: that of the last step counts."""
    optimizer, last = experiment.optimizer, all_steps(experiment) - 1
    if not isinstance(optimizer, Lion):
        return ""
    rate = float(learning_rates(optimizer.learning_rate, experiment.schedule, last))
    if rate <= LION_MOST * (1 + 1e-9):
        return ""
    return (
        f"Lion moves every weight by exactly the learning rate, {rate:.2g} to the end, in each step, so that none "
        f"comes to rest nearer to its best value. Take {LION_MOST / 10:g} to {LION_MOST:g}, or let it fall."
    )


def adadelta_too_slow(experiment: Experiment) -> str:
    """The first step is learning rate x sqrt(epsilon / (1 - rho)) for every weight, and the next grow from it."""
    optimizer = experiment.optimizer
    if not isinstance(optimizer, Adadelta) or optimizer.learning_rate >= ADADELTA_LEAST:
        return ""
    rate = optimizer.learning_rate
    first = rate * sqrt(EPSILON / (1 - optimizer.rho))
    return (
        f"Adadelta finds its own step length, and the learning rate {rate:g} only shortens it: the first step moves "
        f"each weight by {first:.1g}. Take 1, as published; Keras' 0.001 hardly moves."
    )
