"""What the rules ask of an experiment: its hidden places, its rows, its steps, the L1 and L2 on its weights."""

from math import prod
from typing import Any

from regdash.datasets import samples, shape_of
from regdash.experiment import Experiment
from regdash.networks import Shape
from regdash.optimizers import SGD, Momentum
from regdash.regularizers import L1, L2, ElasticNet, MaxNorm, ProximalL1, UnitNorm


def hidden(experiment: Experiment) -> tuple[Shape, ...]:
    """The shape of one row's activations at each hidden place."""
    return experiment.network.stations(shape_of(experiment.data))[1:]


def units(experiment: Experiment) -> tuple[int, ...]:
    """How many activations one row has at each hidden place."""
    return tuple(prod(station) for station in hidden(experiment))


def choice(experiment: Experiment, name: str) -> Any:
    """A setting that not every network has, such as its activation; "" for one without it."""
    return getattr(experiment.network, name, "")


def rows(experiment: Experiment) -> int:
    """n, the training rows."""
    return len(samples(experiment.data, experiment.split).train)


def batch(experiment: Experiment) -> int:
    """B, the rows of a step: never more than there are, and all of them with batch size 0."""
    n = rows(experiment)
    return min(experiment.training.batch_size or n, n)


def steps_per_epoch(experiment: Experiment) -> int:
    """ceil(n / B), the optimizer steps of one epoch."""
    return -(-rows(experiment) // batch(experiment))


def all_steps(experiment: Experiment) -> int:
    """The optimizer steps of the whole training."""
    return experiment.training.epochs * steps_per_epoch(experiment)


def l2_strength(experiment: Experiment) -> float:
    """The strength of sum w^2 in the loss: L2 and the elastic net's share of it together."""
    return experiment.regularizer(L2).l2 + experiment.regularizer(ElasticNet).l2


def l1_strength(experiment: Experiment) -> float:
    """The strength of sum |w|: L1, the elastic net's share, and the proximal step where it is the same thing."""
    return experiment.regularizer(L1).l1 + experiment.regularizer(ElasticNet).l1 + proximal_strength(experiment)


def proximal_strength(experiment: Experiment) -> float:
    """The l1 whose optimum the proximal step reaches: l1 (1 - momentum) with SGD and momentum; 0 where there is none.

    At rest the step of momentum m is v = -learning rate x g / (1 - m), with or without Nesterov, and the proximal
    step takes learning rate x l1 back: |g| = l1 (1 - m).
    """
    optimizer, strength = experiment.optimizer, experiment.regularizer(ProximalL1).l1
    if isinstance(optimizer, Momentum):
        return strength * (1 - optimizer.momentum)
    return strength if isinstance(optimizer, SGD) else 0.0


def held(experiment: Experiment) -> bool:
    """Whether max-norm or unit norm keeps the kernels from growing."""
    return experiment.regularizer(MaxNorm).active or experiment.regularizer(UnitNorm).active


def joined(names: list[str]) -> str:
    """Names in a row: "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
