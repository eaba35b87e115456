"""A learning rate that falls in steps, like a staircase."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param

VANISHED = 1e-47  # nothing as a float32, even times the largest learning rate


@dataclass(frozen=True)
class Step:
    """factor(step) = drop ^ k, where k counts the boundaries every, 2 * every, ... that lie before the step.

    A boundary belongs to its left: at step = every the factor is still 1, at every + 1 it is `drop`. As
    keras.optimizers.schedules.PiecewiseConstantDecay.
    """

    name: ClassVar[str] = "step"
    label: ClassVar[str] = "Step decay"
    help: ClassVar[str] = "The learning rate stays the same for a while, then drops at once, again and again."

    every: int = param(
        500,
        "Steps between drops",
        "After how many optimizer steps (mini-batches, not epochs) the learning rate drops, each time.",
        low=1,
        high=100_000,
        unit="steps",
        stack=True,
    )
    drop: float = param(
        0.5,
        "Drop",
        "The share of the learning rate that remains after each drop.",
        low=0.05,
        high=0.95,
        step=0.05,
        stack=True,
    )
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        passed = np.maximum(np.ceil(np.asarray(step, np.float64) / self.every) - 1, 0)
        return self.drop**passed

    def to_keras(self, keras: Any, learning_rate: float, steps: int | None = None) -> Any:
        """The same staircase with all its stairs, or with those that matter in the first `steps` optimizer steps.

        All means until the factor is too small for a float32, which is 157 stairs for a drop of 0.5; each stair costs
        Keras a little time in every step, so give `steps` where the length of the training is known.
        """
        stairs = math.ceil(math.log(VANISHED) / math.log(self.drop))
        if steps is not None:
            stairs = min(stairs, max(steps - self.warmup, 0) // self.every)
        places = range(1, max(stairs, 1) + 1)
        decay = keras.optimizers.schedules.PiecewiseConstantDecay(
            [self.every * k for k in places], [learning_rate, *(learning_rate * self.drop**k for k in places)]
        )
        return warmed(keras, learning_rate, self.warmup, decay)
