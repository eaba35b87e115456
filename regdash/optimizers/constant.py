"""A learning rate that stays as it is."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed


@dataclass(frozen=True)
class Constant:
    """factor(step) = 1."""

    name: ClassVar[str] = "constant"
    label: ClassVar[str] = "Constant"
    help: ClassVar[str] = "The learning rate stays the same from the first step to the last."

    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        return np.ones(np.shape(step))

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        return warmed(keras, learning_rate, self.warmup, learning_rate)
