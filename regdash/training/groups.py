"""Which experiments may train together as one stack. Loads no framework."""

from collections.abc import Sequence
from typing import Any

from regdash.datasets import samples
from regdash.experiment import Experiment, signature


def stack_key(experiment: Experiment) -> tuple[Any, ...]:
    """Members of one stack share this: the signature of the program and the numbers of rows."""
    rows = samples(experiment.data, experiment.split)
    return (*signature(experiment), len(rows.train), len(rows.validation))


def groups(experiments: Sequence[Experiment], max_members: int) -> list[list[int]]:
    """The indices of experiments that share a stack, in stacks of at most `max_members`, in their first order."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for index, experiment in enumerate(experiments):
        found.setdefault(stack_key(experiment), []).append(index)
    return [
        members[start : start + max_members]
        for members in found.values()
        for start in range(0, len(members), max_members)
    ]
