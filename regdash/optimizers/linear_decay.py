"""A learning rate that falls along a straight line, or along a power of it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param


@dataclass(frozen=True)
class LinearDecay:
    """factor(step) = (1 - end) * (1 - step / decay_steps) ^ power + end, and `end` from decay_steps on.

    As keras.optimizers.schedules.PolynomialDecay without cycling, whose end_learning_rate is learning_rate * end.
    """

    name: ClassVar[str] = "linear"
    label: ClassVar[str] = "Linear decay"
    help: ClassVar[str] = "The learning rate falls evenly to its final share and then stays there."

    end: float = param(
        0.0,
        "Final share",
        "What is left of the learning rate at the end of the decay, as a share. 0 ends with steps of no length.",
        low=0.0,
        high=1.0,
        step=0.01,
        stack=True,
    )
    decay_steps: int = param(
        1_000,
        "Decay steps",
        "How many optimizer steps (mini-batches, not epochs) it takes to fall to the final share.",
        low=1,
        high=100_000,
        unit="steps",
        stack=True,
    )
    power: float = param(
        1.0,
        "Power",
        "The shape of the fall. 1 is a straight line; 2 falls fast at first and gently at the end; below 1 the other "
        "way round.",
        low=0.1,
        high=5.0,
        step=0.1,
        stack=True,
    )
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        left = 1 - np.minimum(np.asarray(step, np.float64) / self.decay_steps, 1)
        return (1 - self.end) * left**self.power + self.end

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        decay = keras.optimizers.schedules.PolynomialDecay(
            learning_rate, self.decay_steps, learning_rate * self.end, self.power
        )
        return warmed(keras, learning_rate, self.warmup, decay)
