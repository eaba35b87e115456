"""Every score of finished runs on their validation rows, at the best and at the last epoch; the test rows stay shut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from regdash.datasets import samples
from regdash.intervals import Array, Summary, summary
from regdash.record import RunRecord
from regdash.scores import ScoreReport, report

When = Literal["best", "last"]
WHEN: tuple[When, When] = ("best", "last")

CLASSIFIED = {
    "log_loss": "Loss (cross-entropy)",
    "accuracy": "Accuracy",
    "macro_precision": "Precision, mean of classes",
    "macro_recall": "Recall, mean of classes",
    "macro_f1": "F1, mean of classes",
    "roc_auc": "ROC-AUC",
    "ece": "Calibration error",
}
MEASURED = {"mse": "Mean squared error", "mae": "Mean absolute error", "r2": "R²"}
PER_CLASS = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Scored:
    """One run's scores; `best` is None where its answers at its best epoch were not kept."""

    seed: int
    fold: int
    best_epoch: int
    last_epoch: int
    best: ScoreReport | None
    last: ScoreReport

    def at(self, when: When) -> ScoreReport | None:
        """The report at the epoch of the lowest validation loss, or at the last one."""
        return self.best if when == "best" else self.last

    def epoch(self, when: When) -> int:
        """The number of that epoch, from 1."""
        return self.best_epoch if when == "best" else self.last_epoch


def score(record: RunRecord) -> Scored:
    """All scores of one run on its own validation rows."""
    experiment = record.experiment
    rows = samples(experiment.data, experiment.split)
    true = rows.validation.y

    def scores(outputs: Array) -> ScoreReport:
        return report(rows.task, outputs, true, rows.class_names)

    whole = len(record.best_outputs) == len(true) and record.best_epoch > 0
    return Scored(
        experiment.training.seed,
        experiment.split.fold if experiment.split.folds else 0,
        record.best_epoch,
        len(record.history.epochs),
        scores(record.best_outputs) if whole else None,
        scores(record.val_outputs),
    )


def names(runs: Sequence[Scored]) -> dict[str, str]:
    """The scores that these runs have, with their names for people."""
    if runs[0].last.task == "regression":
        return MEASURED
    two = len(runs[0].last.class_names) == 2
    return {name: label for name, label in CLASSIFIED.items() if two or name != "roc_auc"}


def mean(runs: Sequence[Scored], when: When, name: str) -> Summary:
    """The mean of a score over the runs with its 95 % interval; runs without it do not count."""
    return summary([float(getattr(found, name)) for run in runs if (found := run.at(when)) is not None])


def overall(runs: Sequence[Scored], setting: str = "current") -> pd.DataFrame:
    """One row per score and epoch: mean, the ends of its interval, and over how many runs."""
    rows = []
    for when in WHEN:
        for name in names(runs):
            found = mean(runs, when, name)
            rows.append((setting, when, name, found.mean, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["setting", "epoch", "score", "mean", "low", "high", "runs"])


def per_class(runs: Sequence[Scored], setting: str = "current") -> pd.DataFrame:
    """One row per class and epoch: means over the runs of precision, recall and F1, and of the validation rows."""
    classes = runs[0].last.class_names
    rows = []
    for when in WHEN:
        found = [report for run in runs if (report := run.at(when)) is not None]
        tables = [_mean_of([getattr(each, name) for each in found], len(classes)) for name in PER_CLASS]
        counts = _mean_of([each.confusion.sum(axis=1) for each in found], len(classes))
        rows += [(setting, when, *row) for row in zip(classes, *tables, counts, strict=True)]
    return pd.DataFrame(rows, columns=["setting", "epoch", "class", *PER_CLASS, "rows"])


def per_run(runs: Sequence[Scored], setting: str = "current") -> pd.DataFrame:
    """One row per run and epoch with all its scores."""
    rows = []
    for run in runs:
        for when in WHEN:
            found = run.at(when)
            values = [getattr(found, name) if found is not None else float("nan") for name in names(runs)]
            rows.append((setting, run.seed, run.fold, when, run.epoch(when), run.last.rows, *values))
    return pd.DataFrame(rows, columns=["setting", "seed", "fold", "epoch", "epoch_number", "rows", *names(runs)])


def _mean_of(tables: Sequence[Array], length: int) -> Array:
    return np.mean(tables, axis=0) if tables else np.full(length, np.nan)
