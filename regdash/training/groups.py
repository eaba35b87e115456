"""Which experiments may train together as one stack. Loads no framework."""

from collections.abc import Sequence
from typing import Any

from regdash.datasets import samples
from regdash.experiment import Experiment, signature
from regdash.networks import parameter_count

MOST_NUMBERS = 2**26  # weights of all members together; optimizer memory and gradients take some ten times as much
MOST_WORK = 2**32  # weights times rows of all members in one epoch: a few seconds, so that a cancel is soon seen
PER_STEP, PER_MASK = 8, 16  # a step of the optimizer costs as much as so many rows, a dropout number as so many weights


def stack_key(experiment: Experiment) -> tuple[Any, ...]:
    """Members of one stack share this: the signature of the program and the numbers of rows."""
    rows = samples(experiment.data, experiment.split)
    return (*signature(experiment), len(rows.train), len(rows.validation))


def work(experiment: Experiment) -> int:
    """Weights times rows of one member in one epoch: about 8 floating-point operations each."""
    rows = len(samples(experiment.data, experiment.split).train)
    steps = -(-rows // experiment.training.batch_size)
    units = sum(experiment.network.widths_at(experiment.data.features))
    return weights(experiment) * (rows + PER_STEP * steps) + PER_MASK * units * rows


def weights(experiment: Experiment) -> int:
    """P, the trainable numbers of one member."""
    data = experiment.data
    return parameter_count(experiment.network, data.features, data.classes if data.classes > 2 else 1)


def room(experiment: Experiment) -> int:
    """How many members a stack of this shape may have, so that it fits the memory and an epoch stays short."""
    return max(1, min(MOST_NUMBERS // weights(experiment), MOST_WORK // work(experiment)))


def groups(experiments: Sequence[Experiment], max_members: int) -> list[list[int]]:
    """The indices of experiments that share a stack, in their first order.

    A stack has at most `max_members`, and fewer where the network or the data are large.
    """
    found: dict[tuple[Any, ...], list[int]] = {}
    for index, experiment in enumerate(experiments):
        found.setdefault(stack_key(experiment), []).append(index)
    sizes = {key: min(max_members, room(experiments[members[0]])) for key, members in found.items()}
    return [
        members[start : start + sizes[key]]
        for key, members in found.items()
        for start in range(0, len(members), sizes[key])
    ]
