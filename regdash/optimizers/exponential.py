"""A learning rate that falls by the same share in equal times."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param


@dataclass(frozen=True)
class Exponential:
    """factor(step) = decay_rate ^ (step / decay_steps), as keras.optimizers.schedules.ExponentialDecay."""

    name: ClassVar[str] = "exponential"
    label: ClassVar[str] = "Exponential decay"
    help: ClassVar[str] = "The learning rate falls by the same share again and again: big steps first, fine ones later."

    decay_rate: float = param(
        0.96,
        "Decay rate",
        "What remains of the learning rate after each stretch of decay steps. 1 keeps it constant.",
        low=0.01,
        high=1.0,
        step=0.01,
        stack=True,
    )
    decay_steps: int = param(
        100,
        "Decay steps",
        "How many optimizer steps (mini-batches, not epochs) it takes to shrink by the decay rate.",
        low=1,
        high=100_000,
        unit="steps",
        stack=True,
    )
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        return self.decay_rate ** (np.asarray(step, np.float64) / self.decay_steps)

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        decay = keras.optimizers.schedules.ExponentialDecay(learning_rate, self.decay_steps, self.decay_rate)
        return warmed(keras, learning_rate, self.warmup, decay)
