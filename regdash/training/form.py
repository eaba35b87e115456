"""What the graph of a program depends on: everything else is a number that flows through it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from regdash.datasets import Samples, Task, shape_of
from regdash.experiment import Experiment
from regdash.networks import Network, Shape
from regdash.optimizers import ReduceOnPlateau, numbers
from regdash.regularizers import (
    L1,
    L2,
    REGULARIZERS,
    Cutout,
    Dropout,
    EarlyStopping,
    ElasticNet,
    ImageFlip,
    ImageRotation,
    ImageShift,
    Regularizer,
    WeightDecay,
)

ALWAYS: tuple[type[Regularizer], ...] = (Dropout, L1, L2, ElasticNet, WeightDecay, EarlyStopping)
"""Regularisers that are in every program, so that moving their sliders never traces one; the others enter a program
once a member uses them."""
IMAGES: tuple[Any, ...] = (ImageShift, ImageFlip, ImageRotation, Cutout)
PLATEAU = ReduceOnPlateau.name
PLATEAU_NUMBERS = ("shrink", "min_delta", "min_rate_share")
PLATEAU_COUNTS = ("patience", "cooldown")
WARPS = {"shift": 2, "flip": 1, "angle": 1, "cut": 3}  # numbers per row that change an image


@dataclass(frozen=True)
class Form:
    """Everything the graph of a program depends on."""

    network: Network
    step: Callable[..., tuple[Any, ...]]
    slots: int
    optimizer_numbers: tuple[str, ...]
    inputs: Shape
    outputs: int
    task: Task
    batch_size: int | None  # None: as many rows as there are
    extras: frozenset[str]  # the regularisers in use that are not in every program, and a schedule that looks back
    alone: bool  # R is known to be 1
    shared: bool  # all members see the same rows
    details: bool = False  # a member's weights and grid are recorded on the way

    @property
    def members(self) -> int | None:
        return 1 if self.alone else None

    @property
    def features(self) -> int:
        """F, the numbers of one row."""
        return prod(self.inputs)

    @property
    def planar(self) -> bool:
        """Whether the network's answers can be drawn over its two inputs."""
        return self.features == 2 and self.task != "regression"

    @property
    def kinds(self) -> tuple[type[Any], ...]:
        """The regularisers of the program, in the order of the catalogue."""
        return tuple(kind for kind in REGULARIZERS if kind in ALWAYS or kind.name in self.extras)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the numbers that each member brings."""
        kinds = (kind for kind in self.kinds if kind.station != "epochs")
        return tuple(dict.fromkeys(name for kind in kinds for name in kind().numbers))

    def at(self, station: str) -> tuple[type[Any], ...]:
        """The regularisers of the program at a station."""
        return tuple(kind for kind in self.kinds if kind.station == station)

    def uses(self, *kinds: type[Regularizer]) -> bool:
        """Whether one of these regularisers is in the program."""
        return any(kind in self.kinds for kind in kinds)

    def covers(self, other: "Form") -> bool:
        """Whether this program can do the work of the other: what is neutral in it changes nothing."""
        same = replace(other, extras=self.extras, alone=self.alone, shared=self.shared, details=self.details) == self
        wide = other.extras <= self.extras and self.alone <= other.alone and self.shared <= other.shared
        return same and wide and other.details <= self.details

    @property
    def width(self) -> tuple[int, ...]:
        """For choosing the narrowest of several forms: what costs most stands first."""
        return len(self.extras), not self.shared, not self.alone, self.details


def form_of(experiments: Sequence[Experiment], data: Samples, shared: bool, details: bool) -> Form:
    """The form of a stack of experiments with the same signature."""
    first = experiments[0]
    extras = {r.name for e in experiments for r in e.regularizers if type(r) not in ALWAYS}
    if any(isinstance(e.schedule, ReduceOnPlateau) for e in experiments):
        extras.add(PLATEAU)
    return Form(
        network=first.network,
        step=first.optimizer.step,
        slots=first.optimizer.slots,
        optimizer_numbers=tuple(numbers(first.optimizer)),
        inputs=shape_of(first.data),
        outputs=data.outputs,
        task=data.task,
        batch_size=first.training.batch_size or None,
        extras=frozenset(extras),
        alone=len(experiments) == 1,
        shared=shared,
        details=details,
    )


def narrowest(form: Form, ready: Sequence[Form], joining: bool) -> Form:
    """The narrowest ready form that can do the work of one that is not ready; else the form itself.

    Where nobody is `joining` a stack in training, only a form that can be looked at may stand in for one that cannot:
    others cost more than they save.
    """
    wide = [each for each in ready if each.covers(form)]
    if not joining:
        wide = [each for each in wide if replace(each, details=form.details) == form]
    return form if form in wide else min(wide, key=lambda each: each.width, default=form)
