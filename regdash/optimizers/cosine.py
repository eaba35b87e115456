"""A learning rate that falls along half a cosine wave."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param


@dataclass(frozen=True)
class Cosine:
    """factor(step) = (1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha, and alpha from decay_steps on.

    As keras.optimizers.schedules.CosineDecay. Source: Loshchilov and Hutter, arXiv 1608.03983, without restarts.
    """

    name: ClassVar[str] = "cosine"
    label: ClassVar[str] = "Cosine decay"
    help: ClassVar[str] = "The learning rate falls slowly at first, fast in the middle and slowly again at the end."

    alpha: float = param(
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
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        done = np.minimum(np.asarray(step, np.float64) / self.decay_steps, 1)
        return (1 - self.alpha) * (1 + np.cos(np.pi * done)) / 2 + self.alpha

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        decay = keras.optimizers.schedules.CosineDecay(learning_rate, self.decay_steps, self.alpha)
        return warmed(keras, learning_rate, self.warmup, decay)
