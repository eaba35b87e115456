"""Early stopping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from regdash.params import param
from regdash.regularizers.base import Where

MONITORS: tuple[str, ...] = ("val_loss", "val_accuracy", "loss")
"""The curves that may be watched; `numbers` gives the index among them."""

LARGER_IS_BETTER: tuple[bool, ...] = (False, True, False)
"""For each of MONITORS, whether a rise of it is an improvement."""


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the watched curve has not improved by more than min_delta for `patience` epochs.

    Improved means value < best - min_delta for a loss and value > best + min_delta for the accuracy; the first value
    always counts. The rules are those of keras.callbacks.EarlyStopping with patience >= 1, where start_epoch is its
    `start_from_epoch`. Keras' own losses include the L1 and L2 penalty; here the data loss alone is watched.
    """

    name: ClassVar[str] = "early_stopping"
    label: ClassVar[str] = "Early stopping"
    help: ClassVar[str] = "Ends the training when the validation no longer gets better."
    station: ClassVar[Where] = "epochs"

    patience: int = param(
        0,
        "Early stopping",
        "Training ends when the watched curve has not improved for so many epochs. 0 is off.",
        low=1,
        high=200,
        off=0,
        unit="epochs",
        stack=True,
        strength=-1,
    )
    monitor: str = param(
        "val_loss",
        "Watched curve",
        "What must improve: the validation loss, the validation accuracy (on a regression R² instead) or the training "
        "loss, which cannot tell overfitting.",
        choices=MONITORS,
        stack=True,
    )
    min_delta: float = param(
        0.0,
        "Least improvement",
        "A change for the better by less than this does not count as an improvement.",
        low=0.0,
        high=1.0,
        step=0.001,
        stack=True,
    )
    start_epoch: int = param(
        0,
        "Watch from epoch",
        "So many first epochs are not watched at all: neither do they count as the best nor as a wait. 0 watches from "
        "the start.",
        low=0,
        high=500,
        unit="epochs",
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

    @property
    def watches_lowest(self) -> bool:
        """Whether the epoch that it holds to be the best is that of the lowest validation loss; so it is when off."""
        rule = self if self.active else EarlyStopping()
        return rule.monitor == MONITORS[0] and not rule.min_delta and not rule.start_epoch

    @property
    def numbers(self) -> Mapping[str, float]:
        rule = self if self.active else EarlyStopping()
        return {
            "patience": float(rule.patience),
            "min_delta": rule.min_delta,
            "start_epoch": float(rule.start_epoch),
            "monitor": float(MONITORS.index(rule.monitor)),
        }

    def curve(self, task: str) -> str:
        """The history column that is watched: on a regression val_r2 takes the place of val_accuracy."""
        return "val_r2" if self.monitor == "val_accuracy" and task == "regression" else self.monitor

    def stop(self, values: Sequence[float]) -> int | None:
        """The index of the epoch after which training stops; None when it runs to its end.

        `values` are those of the watched curve, one for each epoch.
        """
        return self._watch(values)[0]

    def restored(self, values: Sequence[float]) -> int | None:
        """The index of the last epoch that counted as an improvement; None when there is none.

        `values` are those of the watched curve until the training ended.
        """
        return self._watch(values)[1]

    def _watch(self, values: Sequence[float]) -> tuple[int | None, int | None]:
        sign = -1 if LARGER_IS_BETTER[MONITORS.index(self.monitor)] else 1
        best, waited, improvement = None, 0, None
        for epoch, value in enumerate(values[: None if self.active else 0]):
            if epoch < self.start_epoch:
                continue
            improved = best is None or sign * value + self.min_delta < best
            best, waited = (sign * value, 0) if improved else (best, waited + 1)
            improvement = epoch if improved else improvement
            if waited >= self.patience:
                return epoch, improvement
        return None, improvement
