"""Early stopping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the penalty-free `val_loss` has not fallen by more than min_delta for `patience` epochs.

    Improved means val_loss < best - min_delta, as in keras.callbacks.EarlyStopping. Keras' own val_loss includes
    the L1 and L2 penalty; here the data loss alone is watched.
    """

    name: ClassVar[str] = "early_stopping"
    label: ClassVar[str] = "Early stopping"
    help: ClassVar[str] = "Ends the training when the validation loss no longer falls."
    station: ClassVar[Where] = "epochs"

    patience: int = param(
        0,
        "Early stopping",
        "Training ends when the validation loss has not improved for so many epochs. 0 is off.",
        low=1,
        high=200,
        off=0,
        unit="epochs",
        stack=True,
    )
    min_delta: float = param(
        0.0,
        "Least improvement",
        "A fall of the validation loss by less than this does not count as an improvement.",
        low=0.0,
        high=1.0,
        step=0.001,
        stack=True,
    )
    restore_best: bool = param(
        True,
        "Keep the best weights",
        "At the end go back to the weights of the last epoch that counted as an improvement.",
        stack=True,
    )

    @property
    def active(self) -> bool:
        return self.patience > 0

    def stop(self, val_losses: Sequence[float]) -> int | None:
        """The index of the epoch after which training stops; None when it runs to its end."""
        best, waited = float("inf"), 0
        for epoch, loss in enumerate(val_losses):
            improved = loss < best - self.min_delta
            best, waited = (loss, 0) if improved else (best, waited + 1)
            if self.active and waited >= self.patience:
                return epoch
        return None
