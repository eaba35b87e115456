"""Getting the engine ready before the first visitor asks."""

from collections.abc import Sequence

from regdash.experiment import Experiment
from regdash.training.backend import LANES, device
from regdash.training.loop import train_stack

__all__ = ["device", "warm", "warm_up"]


def warm_up(experiments: Sequence[Experiment] = (Experiment(),)) -> None:
    """Import the framework and trace each experiment's programs: the one for a single run and the one for stacks."""
    for experiment in experiments:
        warm(experiment)


def warm(experiment: Experiment) -> None:
    """Trace the programs of one experiment: for a single run and for a stack, with and without a probed member."""
    short = experiment.with_values({"training.epochs": 2})
    train_stack([short], probed=[0])
    seeds = [short.with_values({"training.seed": seed}) for seed in range(2 * LANES)]
    train_stack(seeds, probed=[0])
