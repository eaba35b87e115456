"""A member's place in a stack: what it brings, and how far it is."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import Dataset, Samples, Split, samples, shape_of
from regdash.experiment import Experiment
from regdash.training.form import Form
from regdash.training.layout import initial_weights
from regdash.training.probes import frames
from regdash.training.tensors import Brought, brought


@dataclass(eq=False)
class Seat:
    """One member of a stack; `epoch` counts the epochs that it has been through."""

    experiment: Experiment
    probed: bool = False
    weights: NDArray[np.float32] | None = None  # [P + Q] to begin with, in place of those of the initialiser
    epoch: int = 0
    _known: dict[Form, Brought] = field(default_factory=dict)

    @cached_property
    def samples(self) -> Samples:
        return samples(self.experiment.data, self.experiment.split)

    @property
    def source(self) -> tuple[Dataset, Split]:
        """What its rows are drawn from: members with equal sources see the same rows."""
        return self.experiment.data, self.experiment.split

    @property
    def seed(self) -> int:
        return self.experiment.training.seed

    @property
    def to_go(self) -> int:
        """Epochs until it is finished."""
        return self.experiment.training.epochs - self.epoch

    @cached_property
    def _framed(self) -> NDArray[np.bool_]:
        """[E] whether a frame is due after each epoch."""
        due = np.zeros(self.experiment.training.epochs, np.bool_)
        if self.probed:
            due[frames(len(due)) - 1] = True
        return due

    @property
    def first_weights(self) -> NDArray[np.float32]:
        """[P + Q] before the first step."""
        return own_weights(self.experiment) if self.weights is None else self.weights

    def looked_at(self, epochs: int) -> NDArray[np.bool_]:
        """[E] after which of the next epochs it is looked at."""
        due = self._framed[self.epoch : self.epoch + epochs]
        return due if len(due) == epochs else np.pad(due, (0, epochs - len(due)))

    def brings(self, form: Form) -> Brought:
        """Its numbers for a program, computed once."""
        if form not in self._known:
            self._known = {form: brought(self.experiment, form)}
        return self._known[form]


def own_weights(experiment: Experiment) -> NDArray[np.float32]:
    """[P + Q] as the initialisers draw them for this experiment."""
    outputs = samples(experiment.data, experiment.split).outputs
    return initial_weights(experiment.network, shape_of(experiment.data), outputs, experiment.training.seed)
