"""A learning rate that falls when the validation loss stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from regdash.optimizers.base import warmup_param
from regdash.optimizers.warmup import warmed
from regdash.params import param


@dataclass(frozen=True)
class ReduceOnPlateau:
    """After `patience` epochs without improvement the learning rate is multiplied by `shrink`, again and again.

    Improved means val_loss + min_delta < best, as in keras.callbacks.ReduceLROnPlateau(mode="min"); the loss watched
    here is free of penalties. The share of the learning rate follows the epochs, so factor(step) = 1 at every step.
    """

    name: ClassVar[str] = "reduce_on_plateau"
    label: ClassVar[str] = "Reduce on plateau"
    help: ClassVar[str] = "The learning rate falls whenever the validation loss has stopped falling for a while."
    start: ClassVar[tuple[float, float, float, float]] = (float("inf"), 0.0, 0.0, 1.0)

    shrink: float = param(
        0.5,
        "Reduce by",
        "What remains of the learning rate after each reduction, as a share.",
        low=0.1,
        high=0.9,
        step=0.05,
        stack=True,
    )
    patience: int = param(
        10,
        "Patience",
        "How many epochs without improvement of the validation loss are waited for before the learning rate falls.",
        low=1,
        high=200,
        unit="epochs",
        stack=True,
    )
    min_delta: float = param(
        1e-4,
        "Least improvement",
        "A fall of the validation loss by less than this does not count as an improvement. 0 counts every fall.",
        low=1e-6,
        high=1.0,
        log=True,
        off=0.0,
        stack=True,
    )
    cooldown: int = param(
        0,
        "Pause after a reduction",
        "For so many epochs after a reduction nothing is counted, so that the new learning rate can take effect.",
        low=0,
        high=200,
        unit="epochs",
        stack=True,
    )
    min_rate_share: float = param(
        0.0,
        "Lowest share",
        "The learning rate never falls below this share of the first one.",
        low=0.0,
        high=1.0,
        step=0.01,
        stack=True,
    )
    warmup: int = warmup_param()

    def factor(self, step: Any) -> Any:
        return np.ones(np.shape(step))

    def rates(self, losses: Sequence[float]) -> list[float]:
        """The share of the learning rate in force after each epoch [E], from the validation losses [E]."""
        shares, state = [], self.start
        for loss in losses:
            state = self.after_epoch(
                np, loss, state, self.shrink, self.patience, self.min_delta, self.cooldown, self.min_rate_share
            )
            shares.append(float(state[-1]))
        return shares

    @staticmethod
    def after_epoch(
        ops: Any,
        loss: Any,
        state: Any,
        shrink: Any,
        patience: Any,
        min_delta: Any,
        cooldown: Any,
        min_rate_share: Any,
    ) -> tuple[Any, Any, Any, Any]:
        """The rule for one epoch: the state (best, waited, cooling, share) after its validation loss.

        The state begins with `start`; its share is in force from the next epoch on. Every value may be a number or an
        array of one shape, such as [R], and `ops` NumPy or keras.ops. A loss that is not finite is no improvement.
        """
        best, waited, cooling, share = state
        waited = ops.where(cooling > 0, 0, waited)
        cooling = ops.maximum(cooling - 1, 0)
        improved = loss + min_delta < best
        waited = ops.where(improved, 0, ops.where(cooling > 0, waited, waited + 1))
        reduced = ops.logical_and(waited >= patience, share > min_rate_share)
        return (
            ops.where(improved, loss, best),
            ops.where(reduced, 0, waited),
            ops.where(reduced, cooldown, cooling),
            ops.where(reduced, ops.maximum(share * shrink, min_rate_share), share),
        )

    def to_keras(self, keras: Any, learning_rate: float) -> Any:
        """The learning rate before any reduction; what reduces it is `to_keras_callback`."""
        return warmed(keras, learning_rate, self.warmup, learning_rate)

    def to_keras_callback(self, keras: Any, learning_rate: float) -> Any:
        """The same rule as a callback of keras.Model.fit; it needs a learning rate without a warm-up."""
        return keras.callbacks.ReduceLROnPlateau(
            monitor="val_loss",
            factor=self.shrink,
            patience=self.patience,
            mode="min",
            min_delta=self.min_delta,
            cooldown=self.cooldown,
            min_lr=self.min_rate_share * learning_rate,
        )
