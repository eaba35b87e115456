"""Objective: by which figure trials are judged, and over which repeats."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.params import excerpt
from regdash.record import RunRecord
from regdash.regularizers import EarlyStopping
from regdash.repeats import Setting
from regdash.scores import ScoreReport, report

Epoch = Literal["best", "last"]
MOST_COEFFICIENTS = 500
MOST_SEEDS, MOST_FOLDS = 50, 10


@dataclass(frozen=True)
class Metric:
    """A figure on the validation rows, without any penalty; `better` is 1 where a higher one is better, else -1."""

    name: str
    label: str
    better: int
    tasks: tuple[str, ...]
    read: Callable[[RunRecord, int], float]  # (record, epoch from 0)
    percent: bool = False
    scores: tuple[str, ...] = ()  # its names in a ScoreReport; the first that is a number counts

    def written(self, value: float) -> str:
        """A value as people read it."""
        return f"{100 * value:.3g} %" if self.percent else f"{value:.4g}"

    def on(self, rows: ScoreReport) -> float:
        """The figure on any rows; nan when they have none."""
        found = (float(getattr(rows, name)) for name in self.scores or (self.name,))
        return next((value for value in found if not math.isnan(value)), math.nan)


def _curve(name: str) -> Callable[[RunRecord, int], float]:
    return lambda record, epoch: float(record.history[name][epoch])


def _report(name: str) -> Callable[[RunRecord, int], float]:
    """A score of the answers; they are kept at the best epoch and at the end."""

    def read(record: RunRecord, epoch: int) -> float:
        best = epoch == record.best_epoch - 1 and len(record.best_outputs) > 0
        rows = samples(record.experiment.data, record.experiment.split)
        outputs = record.best_outputs if best else record.val_outputs
        return float(getattr(report(rows.task, outputs, rows.validation.y, rows.class_names), name))

    return read


CLASSES = ("binary", "multiclass")
METRICS: Mapping[str, Metric] = {
    each.name: each
    for each in (
        Metric(
            "val_loss", "Validation loss", -1, (*CLASSES, "regression"), _curve("val_loss"), scores=("log_loss", "mse")
        ),
        Metric("val_accuracy", "Validation accuracy", 1, CLASSES, _curve("val_accuracy"), True, ("accuracy",)),
        Metric("macro_f1", "Macro F1", 1, CLASSES, _report("macro_f1")),
        Metric("roc_auc", "ROC AUC", 1, ("binary",), _report("roc_auc")),
        Metric("ece", "Expected calibration error", -1, CLASSES, _report("ece")),
        Metric("val_mae", "Mean absolute error", -1, ("regression",), _curve("val_mae"), scores=("mae",)),
        Metric("val_r2", "R²", 1, ("regression",), _curve("val_r2"), scores=("r2",)),
    )
}
"""The figures by which a search can judge, in the order of the menu."""


def metrics_of(experiment: Experiment) -> tuple[Metric, ...]:
    """The metrics that this experiment's task has."""
    classes = experiment.data.classes
    task = "regression" if not classes else "binary" if classes == 2 else "multiclass"
    return tuple(each for each in METRICS.values() if task in each.tasks)


@dataclass(frozen=True)
class Objective:
    """The metric, at the best or the last epoch, as a mean over seeds and folds.

    The best epoch is the one with the lowest validation loss of each run, as everywhere else. The last is that of the
    final weights: where early stopping went back to an epoch, that one.
    """

    metric: str = "val_loss"
    epoch: Epoch = "best"
    seeds: int = 1
    folds: int = 0

    @property
    def measure(self) -> Metric:
        """The metric itself."""
        return METRICS[self.metric]

    @property
    def runs(self) -> int:
        """How many runs one trial takes."""
        return self.seeds * max(1, self.folds)

    def members(self, experiment: Experiment) -> tuple[Experiment, ...]:
        """The runs of one trial: all folds of the first seed, then of the next."""
        return self.setting(experiment).members

    def setting(self, experiment: Experiment) -> Setting:
        """The trial as a setting that the Train page knows."""
        split = replace(experiment.split, folds=self.folds, fold=0)
        return Setting(experiment.with_part("split", split), self.seeds)

    def problems(self, experiment: Experiment) -> dict[str, str]:
        """What is wrong with it for this experiment: name -> sentence."""
        found = {}
        offered = {each.name: each for each in metrics_of(experiment)}
        if self.metric not in offered:
            words = ", ".join(offered)
            found["metric"] = f"The metric must be one of {words} for {experiment.data.label}, got {self.metric[:40]!r}"
        if self.epoch not in ("best", "last"):
            found["epoch"] = f"The epoch must be best or last, got {excerpt(self.epoch)}"
        if not 1 <= self.seeds <= MOST_SEEDS:
            found["seeds"] = f"Seeds must be between 1 and {MOST_SEEDS}, got {self.seeds}"
        if self.folds and not 2 <= self.folds <= MOST_FOLDS:
            found["folds"] = f"Folds must be 0 or between 2 and {MOST_FOLDS}, got {self.folds}"
        return found

    def outcome(self, records: Sequence[RunRecord]) -> "Outcome":
        """What the finished runs of one trial say."""
        diverged = sum(record.status.startswith("diverged") for record in records)
        if diverged:
            first = next(record.status for record in records if record.status.startswith("diverged"))
            many = f"{diverged} of {len(records)} runs" if len(records) > 1 else "the run"
            return Outcome(problem=f"{many} {first}; try a smaller learning rate or strength")
        unfinished = next((r.status for r in records if r.status.startswith(("cancelled", "stopped at"))), "")
        if unfinished or not records:
            return Outcome(problem=f"the run was {unfinished}" if unfinished else "there are no runs")
        try:
            rows = [self._figures(record) for record in records]
        except RegdashError as error:
            return Outcome(problem=str(error))
        if not all(math.isfinite(row["score"]) for row in rows):
            return Outcome(problem=f"{self.measure.label} has no finite value")
        figures = {name: tuple(row[name] for row in rows) for name in rows[0]}
        return Outcome(figures.pop("score"), figures, _coefficients(records))

    def place(self, record: RunRecord) -> int:
        """The epoch (from 0) at which a run is judged; the last is that of its final weights."""
        if self.epoch == "best":
            return record.best_epoch - 1
        stopping, last = record.experiment.regularizer(EarlyStopping), len(record.history.epochs) - 1
        if not stopping.restore_best:
            return last
        task = "classification" if record.experiment.data.classes else "regression"
        restored = stopping.restored(record.history[stopping.curve(task)].tolist())
        return last if restored is None else restored

    def _figures(self, record: RunRecord) -> dict[str, float]:
        history, at = record.history, self.place(record)
        return {
            "score": self.measure.read(record, at),
            "loss": float(history["loss"][at]),
            "val_loss": float(history["val_loss"][at]),
            "norm": float(history["l2_norm/all"][at]),
            "near_zero": float(history["near_zero/all"][at]),
            "epoch": float(at + 1),
            "seconds": record.seconds,
        }


@dataclass(frozen=True)
class Outcome:
    """What a trial has come to: figures per run, or a sentence on why there are none.

    `scores` are those of the objective; `figures` has loss, val_loss, norm = sqrt(sum w²), near_zero (a share), epoch
    and seconds; `coefficients` [F * O] are the mean final weights of a linear network.
    """

    scores: tuple[float, ...] = ()
    figures: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    coefficients: tuple[float, ...] = ()
    problem: str = ""

    @property
    def mean(self) -> float:
        """The score of the trial; nan when it has none."""
        return float(np.mean(self.scores)) if self.scores else math.nan

    @property
    def standard_error(self) -> float:
        """S / sqrt(n) over the runs; nan for fewer than two."""
        n = len(self.scores)
        return float(np.std(self.scores, ddof=1) / math.sqrt(n)) if n > 1 else math.nan

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        figures = {name: list(values) for name, values in self.figures.items()}
        found = {"scores": list(self.scores), "figures": figures, "coefficients": list(self.coefficients)}
        return {name: value for name, value in (found | {"problem": self.problem}).items() if value}

    @classmethod
    def from_dict(cls, tree: Mapping[str, Any]) -> "Outcome":
        """What `to_dict` wrote."""
        figures = {str(name): tuple(map(float, values)) for name, values in tree.get("figures", {}).items()}
        scores, weights = (tuple(map(float, tree.get(name, ()))) for name in ("scores", "coefficients"))
        return cls(scores, figures, weights, str(tree.get("problem", "")))


def _coefficients(records: Sequence[RunRecord]) -> tuple[float, ...]:
    """The mean kernel of linear networks, where it is small enough to be drawn."""
    kernels = [record.weights[0] for record in records if len(record.weights) <= 2 and record.weights]
    if len(kernels) < len(records) or kernels[0].ndim != 2 or kernels[0].size > MOST_COEFFICIENTS:
        return ()
    return tuple(float(f"{value:.6g}") for value in np.mean(kernels, axis=0).ravel())
