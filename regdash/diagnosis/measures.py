"""The numbers that the rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median_low

import numpy as np

from regdash.datasets import Samples, samples
from regdash.record import RunRecord


@dataclass(frozen=True)
class Measures:
    """The numbers the rules look at: medians over seeds and folds, losses penalty-free."""

    epochs: int
    best_epoch: int
    best: float  # lowest validation loss
    validation: float  # at the last epoch
    training: float
    training_at_best: float
    lowest_training: float
    fall: float  # of the validation loss over the last tenth of the epochs
    near_zero: float  # share of near-zero weights at the last epoch
    ignorant: float  # the loss of a network that knows only how frequent each class is, or the mean of the targets


def measure(records: Sequence[RunRecord]) -> Measures:
    """The medians over the runs of what the rules need; of an even number the lower of the middle two.

    Each run is measured against its own rows: in cross-validation every fold has others.
    """
    each = [_measure(record) for record in records]
    return Measures(**{f.name: median_low([getattr(one, f.name) for one in each]) for f in fields(Measures)})


def loss_of_knowing_nothing(data: Samples) -> float:
    """The validation loss of the best constant answer learnt from the training rows.

    Regression: mean (y - mean training y)^2. Classes: -mean log p(y), with p the shares of the training rows.
    """
    train, validation = data.train.y, data.validation.y
    if data.task == "regression":
        return float(np.mean((validation - train.mean()) ** 2))
    classes = len(data.class_names)
    shares = np.bincount(train.astype(int), minlength=classes) / len(train)
    return float(-np.log(np.maximum(shares[validation.astype(int)], 1e-7)).mean())


def _measure(record: RunRecord) -> Measures:
    history = record.history
    loss, val_loss = history["loss"], history["val_loss"]
    best = record.best_epoch - 1
    earlier = max(len(val_loss) - 1 - max(len(val_loss) // 10, 1), 0)
    return Measures(
        epochs=len(val_loss),
        best_epoch=best + 1,
        best=float(val_loss[best]),
        validation=float(val_loss[-1]),
        training=float(loss[-1]),
        training_at_best=float(loss[best]),
        lowest_training=float(np.min(loss)),
        fall=float(val_loss[earlier] - val_loss[-1]),
        near_zero=float(history["near_zero/all"][-1]) if "near_zero/all" in history else 0.0,
        ignorant=loss_of_knowing_nothing(samples(record.experiment.data, record.experiment.split)),
    )
