"""The names under which TensorBoard shows a run's curves, and what each of them means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.record import History, RunRecord


@dataclass(frozen=True)
class Words:
    """A tag of TensorBoard and its meaning in a sentence."""

    tag: str
    meaning: str

    @staticmethod
    def figures(record: RunRecord) -> list[tuple["Words", float]]:
        """The figures of the HParams table; none before the first epoch."""
        history, best = record.history, record.best_epoch
        if not best:
            return []
        last = len(history.epochs) - 1
        scores = [(name, history[name][best - 1]) for name in ("val_accuracy", "val_r2") if name in history]
        return [
            (BEST, float(history["val_loss"][best - 1])),
            (LAST, float(history["val_loss"][last])),
            (GAP, record.gap),
            *((Words(f"{name}_best", f"{name} {AT_BEST}"), float(value)) for name, value in scores),
            (Words("best_epoch", "The epoch, from 1, with the lowest validation loss."), float(best)),
        ]


AT_BEST = "at the epoch with the lowest validation loss."
BEST = Words("val_loss_best", f"Validation loss without penalty {AT_BEST}")
LAST = Words("val_loss_last", "Validation loss without penalty at the last epoch.")
GAP = Words("gap", "Validation loss less training loss at the last epoch, both without penalty and with dropout off.")
RUNNING = Words(
    "epoch_loss",
    "As Keras' fit reports it. In train: the mean over the epoch's batches with dropout on and the penalty included. "
    "In validation: dropout off, the penalty included.",
)
DATA = Words(
    "epoch_data_loss",
    "The loss without penalty, evaluated at the end of the epoch with dropout off: what Regdash shows.",
)
SCORES = {
    "accuracy": Words("epoch_accuracy", "Share of rows that are right at the end of the epoch, with dropout off."),
    "mae": Words("epoch_mae", "Mean absolute error at the end of the epoch, with dropout off."),
    "r2": Words("epoch_r2", "R squared at the end of the epoch, with dropout off."),
}
OTHERS = {
    "penalty": Words("epoch_penalty", "What the regularisers add to the loss at the end of the epoch."),
    "learning_rate": Words("epoch_learning_rate", "The learning rate of the epoch."),
}
LAYERS = {
    "l1_norm": "Sum of |w| over the kernel.",
    "l2_norm": "Square root of the sum of w squared over the kernel.",
    "near_zero": "Share of the kernel's weights with |w| below 0.001.",
}

HOW = """Runs of Regdash for TensorBoard. Unpack this archive and start, where it lies:

  tensorboard --logdir .

Each run has a folder with the folders train and validation. Steps are epochs, counted from 0 as Keras does. HParams
shows the settings; seeds and folds of one setting are one row there, their mean.
"""


def curves_of(history: History) -> Mapping[str, Mapping[Words, Any]]:
    """The curves [E] by folder and tag; those that a run does not have are left out."""
    train: dict[Words, Any] = {}
    validation: dict[Words, Any] = {}
    if "running_loss" in history:
        train[RUNNING] = history["running_loss"]
    if "loss" in history:
        train[DATA] = history["loss"]
    if "val_loss" in history:
        validation[RUNNING] = history["val_loss"] + history.get("penalty", np.zeros(len(history.epochs)))
        validation[DATA] = history["val_loss"]
    for name, words in SCORES.items():
        train |= {words: history[name]} if name in history else {}
        validation |= {words: history[f"val_{name}"]} if f"val_{name}" in history else {}
    train |= {words: history[name] for name, words in OTHERS.items() if name in history}
    for name, column in history.items():
        kind, _, layer = name.partition("/")
        if layer and kind in LAYERS:
            train[Words(name, LAYERS[kind])] = column
    return {"train": train, "validation": validation}


def explanation(records: Sequence[RunRecord]) -> str:
    """The text that lies beside the event files: how to look at them, and what each tag means."""
    seen = {words.tag: words.meaning for record in records for words, _ in Words.figures(record)}
    for curves in (curves for record in records for curves in curves_of(record.history).values()):
        seen |= {words.tag: words.meaning for words in curves}
    tags = "".join(f"  {tag}: {meaning}\n" for tag, meaning in sorted(seen.items()))
    return f"{HOW}\n{tags}"
