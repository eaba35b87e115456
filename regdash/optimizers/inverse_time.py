"""A learning rate that falls like one over the time."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param


@dataclass(frozen=True)
class InverseTime:
    """factor(step) = 1 / (1 + decay_rate * step / decay_steps), as keras.optimizers.schedules.InverseTimeDecay."""

    name: ClassVar[str] = "inverse_time"
    label: ClassVar[str] = "Inverse time decay"
    help: ClassVar[str] = "The learning rate falls quickly at first, then ever more slowly, and never ends."

    decay_rate: float = param(
        1.0,
        "Decay rate",
        "How much the learning rate is divided further after each stretch of decay steps. 1 halves it after the "
        "first stretch and leaves a third after the second; 0 keeps it constant.",
        low=0.0,
        high=10.0,
        step=0.1,
        stack=True,
    )
    decay_steps: int = param(
        500,
        "Decay steps",
        "How many optimizer steps (mini-batches, not epochs) make one stretch.",
        low=1,
        high=100_000,
        unit="steps",
        stack=True,
    )
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        return 1 / (1 + self.decay_rate * np.asarray(step, np.float64) / self.decay_steps)

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        decay = keras.optimizers.schedules.InverseTimeDecay(learning_rate, self.decay_steps, self.decay_rate)
        return warmed(keras, learning_rate, self.warmup, decay)
