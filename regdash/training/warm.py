"""Getting the engine ready before the first visitor asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from regdash.experiment import Experiment
from regdash.training.backend import LANES, device
from regdash.training.loop import train_stack

__all__ = ["device", "warm", "warm_up"]


def warm_up(experiments: Sequence[Experiment] = (Experiment(),)) -> None:
    """Import the framework and trace each experiment's programs: the one for a single run and the one for stacks."""
    for experiment in experiments:
        _train(experiment, {})
        _train(experiment, *({"training.seed": seed} for seed in range(2 * LANES)))


def warm(experiment: Experiment) -> None:
    """Trace all programs that members of one shape meet in a crew: alone, beside others, and beside other rows."""
    warm_up([experiment])
    _train(experiment, *({"split.seed": seed} for seed in range(2 * LANES)))


def _train(experiment: Experiment, *changes: Mapping[str, Any]) -> None:
    """Two epochs of members that are looked at; what they need does for others as well."""
    short = experiment.with_values({"training.epochs": 2})
    train_stack([short.with_values(each) for each in changes], probed=range(len(changes)))
