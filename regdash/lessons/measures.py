"""What a lesson may ask of a run: every curve by its name, and some numbers made from the record."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.params import nearest
from regdash.record import RunRecord

At = int | Literal["last", "best", "highest", "lowest"]
"""An epoch from 1, the last, the one with the lowest validation loss, or the curve's own highest or lowest value."""


def value_of(record: RunRecord, name: str, at: At = "last") -> float:
    """A number of a run: one of MEASURES, or the curve of that name at an epoch; nan where there is none."""
    if name in MEASURES:
        return float(MEASURES[name](record)) if len(record.history.epochs) else float("nan")
    curve = record.history.get(SHORT.get(name, name))
    if curve is None:
        known = (*MEASURES, *SHORT, *(column for column in record.history if "/" not in column))
        raise RegdashError(f"a run of {record.experiment.data.label} has no measure {name}{nearest(name, known)}")
    if not len(curve):
        return float("nan")
    if at in ("highest", "lowest"):
        return float(np.nanmax(curve) if at == "highest" else np.nanmin(curve)) if np.isfinite(curve).any() else np.nan
    epoch = {"last": len(curve), "best": record.best_epoch}.get(at, at) if isinstance(at, str) else at
    return float(curve[epoch - 1]) if isinstance(epoch, int) and 0 < epoch <= len(curve) else float("nan")


SHORT: Mapping[str, str] = {"norm": "l2_norm/all", "near_zero": "near_zero/all", "l1_norm": "l1_norm/all"}
"""Names for columns that are no words."""

CURVES = (
    "loss",
    "val_loss",
    "running_loss",
    "penalty",
    "accuracy",
    "val_accuracy",
    "r2",
    "val_r2",
    "mae",
    "val_mae",
    "learning_rate",
)
"""The columns that a lesson may name; which of them a run has depends on its data."""


OF_CLASSES = ("accuracy", "val_accuracy", "accuracy_gap", "memorised", "error_cost")
OF_NUMBERS = ("r2", "val_r2", "mae", "val_mae")


def unfit(name: str, experiment: Experiment) -> str:
    """Why runs of an experiment have no such measure: a sentence, or nothing where they have it."""
    classes = getattr(experiment.data, "classes", None)  # a table of a visitor's own says it only when it is read
    if name in OF_CLASSES and classes == 0:
        return f"{name} is for classes, and {experiment.data.label} is a regression; ask val_r2 or val_loss"
    if name in OF_NUMBERS and classes:
        return f"{name} is for a regression, and {experiment.data.label} has classes; ask val_accuracy or val_loss"
    return ""


def _gap(record: RunRecord) -> float:
    """Validation loss less training loss at the last epoch."""
    return record.gap


def _accuracy_gap(record: RunRecord) -> float:
    """Training accuracy less validation accuracy at the last epoch."""
    return value_of(record, "accuracy") - value_of(record, "val_accuracy")


def _memorised(record: RunRecord) -> float:
    """The share of wrong training labels that the network gives in the end."""
    rows = samples(record.experiment.data, record.experiment.split)
    wrong, outputs = rows.flipped, record.train_outputs
    if not np.any(wrong) or rows.task == "regression" or len(outputs) != len(wrong):
        return float("nan")
    answers = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0).astype(int)
    return float(np.mean(answers[wrong] == np.asarray(rows.train.y).ravel()[wrong]))


def _kernels(record: RunRecord) -> list[NDArray[Any]]:
    return [weight for weight in record.weights if weight.ndim > 1]


def _zeros(record: RunRecord) -> float:
    """How many weights are exactly 0 in the end."""
    return float(sum(int(np.sum(kernel == 0)) for kernel in _kernels(record)))


def _nonzero(record: RunRecord) -> float:
    """How many weights are not exactly 0 in the end."""
    return float(sum(int(np.sum(kernel != 0)) for kernel in _kernels(record)))


def _small(record: RunRecord) -> float:
    """How many weights are smaller than 0.001 in the end."""
    return float(sum(int(np.sum(np.abs(kernel) < 1e-3)) for kernel in _kernels(record)))


def _largest_unit(record: RunRecord) -> float:
    """The largest length sqrt(sum w^2) of the weights that enter one unit, over all layers."""
    columns = [kernel.reshape(-1, kernel.shape[-1]) for kernel in _kernels(record)]
    return max((float(np.sqrt(np.square(each).sum(axis=0)).max()) for each in columns), default=float("nan"))


def _jumps(record: RunRecord) -> float:
    """How much the training loss changes from epoch to epoch, mean over the last 10."""
    changes = np.abs(np.diff(record.history["loss"][-11:]))
    return float(np.mean(changes)) if len(changes) else float("nan")


def _epochs(record: RunRecord) -> float:
    """How many epochs were trained."""
    return float(len(record.history.epochs))


def _best_epoch(record: RunRecord) -> float:
    """The epoch, from 1, with the lowest validation loss."""
    return float(record.best_epoch)


def _strongest(record: RunRecord) -> float:
    """Which input has the largest weights in the first layer, by its place from 1."""
    first = next(iter(_kernels(record)), None)
    if first is None:
        return float("nan")
    return float(np.square(first).sum(axis=tuple(range(1, first.ndim))).argmax()) + 1


def _error_cost(record: RunRecord) -> float:
    """The cross-entropy of the validation rows that are answered wrongly, mean over these; nan where there are none."""
    rows, outputs = samples(record.experiment.data, record.experiment.split), record.val_outputs.astype(float)
    right = rows.validation.y.ravel().astype(int)
    if rows.task == "regression" or len(outputs) != len(right):
        return float("nan")
    logits = np.concatenate([np.zeros_like(outputs), outputs], axis=1) if outputs.shape[1] == 1 else outputs
    wrong = logits.argmax(axis=1) != right
    costs = np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, right[:, None], axis=1)[:, 0]
    return float(np.mean(costs[wrong])) if wrong.any() else float("nan")


MEASURES: Mapping[str, Callable[[RunRecord], float]] = {
    "gap": _gap,
    "accuracy_gap": _accuracy_gap,
    "memorised": _memorised,
    "zeros": _zeros,
    "nonzero": _nonzero,
    "small": _small,
    "largest_unit": _largest_unit,
    "jumps": _jumps,
    "epochs": _epochs,
    "best_epoch": _best_epoch,
    "strongest": _strongest,
    "error_cost": _error_cost,
}
"""Numbers of a finished run that are no curves; a new one is one function and one line."""
