"""Which experiments may train together as one stack. Loads no framework."""

from collections.abc import Sequence
from math import prod
from typing import Any

from regdash.datasets import samples, shape_of
from regdash.experiment import Experiment, signature

MOST_NUMBERS = 2**26  # weights of all members together; optimizer memory and gradients take some ten times as much
MOST_WORK = 2**32  # weights times rows of all members in one epoch: a few seconds, so that a cancel is soon seen
PER_STEP, PER_MASK = 8, 16  # a step of the optimizer costs as much as so many rows, a dropout number as so many weights
ACTIVATION_COPIES = 4  # masks, what a layer computes, and its gradient
MOST_ACTIVATIONS = 2**22  # of one member at a time when it is judged: 16 MiB
COPIES = 10  # of the weights: gradient, optimizer memory, best so far, and what an update computes on the way


def stack_key(experiment: Experiment) -> tuple[Any, ...]:
    """Members of one stack share this: the signature of the program and the numbers of rows."""
    rows = samples(experiment.data, experiment.split)
    return (*signature(experiment), len(rows.train), len(rows.validation))


def work(experiment: Experiment) -> int:
    """Multiplications times rows of one member in one epoch: about 8 floating-point operations each."""
    rows = len(samples(experiment.data, experiment.split).train)
    steps = -(-rows // (experiment.training.batch_size or rows))
    shape, outputs = shape_of(experiment.data), _outputs(experiment)
    products = experiment.network.multiplications(shape, outputs)
    return products * rows + PER_STEP * steps * weights(experiment) + PER_MASK * units(experiment) * rows


def weights(experiment: Experiment) -> int:
    """P, the trainable numbers of one member."""
    return experiment.network.parameters(shape_of(experiment.data), _outputs(experiment))


def units(experiment: Experiment) -> int:
    """U, the activations of one row at all stations."""
    return sum(prod(station) for station in experiment.network.stations(shape_of(experiment.data)))


def stack_bytes(experiment: Experiment) -> int:
    """About how much memory one member takes while it trains: weights, a batch with its gradients, masks, judging."""
    rows = samples(experiment.data, experiment.split)
    batch = experiment.training.batch_size or len(rows.train)
    judged = min(units(experiment) * (len(rows.train) + len(rows.validation)), MOST_ACTIVATIONS)
    return resting_bytes(experiment) + 4 * ACTIVATION_COPIES * (batch * units(experiment) + judged)


def resting_bytes(experiment: Experiment) -> int:
    """About how much of it stays between two segments."""
    rows = samples(experiment.data, experiment.split)
    own_rows = 3 * (len(rows.train) + len(rows.validation)) * rows.features  # when each member has its own
    return 4 * (COPIES * weights(experiment) + own_rows)


def _outputs(experiment: Experiment) -> int:
    classes = experiment.data.classes
    return classes if classes > 2 else 1


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
