"""How the measures of a lesson are called, and which of them are shares."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "loss": "training loss",
    "val_loss": "validation loss",
    "running_loss": "running training loss",
    "penalty": "penalty",
    "accuracy": "training accuracy",
    "val_accuracy": "validation accuracy",
    "r2": "training R²",
    "val_r2": "validation R²",
    "mae": "training mean absolute error",
    "val_mae": "validation mean absolute error",
    "learning_rate": "learning rate",
    "norm": "weight norm √Σw²",
    "l1_norm": "sum of weights Σ|w|",
    "near_zero": "near-zero weights",
    "gap": "generalisation gap",
    "accuracy_gap": "gap between the accuracies",
    "memorised": "wrong labels learnt by heart",
    "zeros": "weights that are exactly zero",
    "nonzero": "weights that are not zero",
    "small": "weights below 0.001",
    "largest_unit": "longest row of weights into a unit",
    "jumps": "change of the training loss from epoch to epoch",
    "epochs": "epochs trained",
    "best_epoch": "epoch with the lowest validation loss",
    "strongest": "input with the largest weight, by its place",
    "error_cost": "loss of a validation row that is answered wrongly",
}
SHARES = ("accuracy", "val_accuracy", "near_zero", "accuracy_gap", "memorised")


def measure_label(name: str) -> str:
    """A measure in words, with per cent where it is a share."""
    words = WORDS.get(name, name.replace("_", " "))
    return f"{words} (%)" if name in SHARES else words
