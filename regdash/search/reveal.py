"""The test part, opened once: how much too good the validation figure of the chosen trial was."""

from collections.abc import Sequence
from dataclasses import dataclass

from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.intervals import Array, Change, Summary, paired_change, summary
from regdash.record import RunRecord
from regdash.regularizers import EarlyStopping
from regdash.scores import report
from regdash.search.objective import Metric
from regdash.search.plan import Plan
from regdash.search.trial import Trial


@dataclass(frozen=True)
class Optimism:
    """The metric on the validation and on the test rows, over the runs of one trial.

    `change` is their paired difference, signed so that it is positive where the validation figure was too good:
    test - validation of a loss, validation - test of an accuracy.
    """

    validation: Summary
    test: Summary
    change: Change
    sentence: str


def reveal_members(plan: Plan, trial: Trial) -> tuple[Experiment, ...]:
    """The runs that tell how the weights by which the trial was judged answer the test rows.

    They are the trial's own runs: these keep their answers at their last and at their best epoch. Only where early
    stopping holds another epoch to be the best they are the same runs ended at the epoch by which they were judged.
    Raises RegdashError for a trial without a score.
    """
    outcome = trial.outcome
    if outcome is None or not outcome.scores:
        raise RegdashError(f"the test part is opened for a trial that has a score, and trial {trial.number} has none")
    own = plan.members(trial.values, trial.epochs)
    if plan.objective.epoch == "last":
        return own
    epochs = outcome.figures["epoch"]
    return tuple(_ended(member, int(epoch)) for member, epoch in zip(own, epochs, strict=True))


def optimism(plan: Plan, records: Sequence[RunRecord]) -> Optimism:
    """The metric on validation and on test rows, at the weights by which each run was judged.

    Raises RegdashError where a run has no answers on test rows.

    The interval is over seeds and folds, on the one test part that they share: how far another test part would lie
    from it, it does not say.
    """
    measure = plan.objective.measure
    last = plan.objective.epoch == "last"
    validation = [_figure(measure, r, "validation", r.val_outputs if last else r.best_outputs) for r in records]
    test = [_figure(measure, r, "test", r.test_outputs if last else r.best_test_outputs) for r in records]
    worse, better = ([-measure.better * value for value in part] for part in (test, validation))
    change, seen, unseen = paired_change(worse, better), summary(validation), summary(test)
    return Optimism(seen, unseen, change, _sentence(measure, seen, unseen, change))


def _ended(experiment: Experiment, epoch: int) -> Experiment:
    """The run that is at its end what this one is at an epoch (from 1), where this one keeps no answers of it."""
    if experiment.regularizer(EarlyStopping).watches_lowest:
        return experiment
    return experiment.with_part("early_stopping", EarlyStopping()).with_values({"training.epochs": epoch})


def _figure(measure: Metric, record: RunRecord, part: str, outputs: Array) -> float:
    rows = samples(record.experiment.data, record.experiment.split)
    y = getattr(rows, part).y
    if not len(y):
        raise RegdashError(f"{record.experiment.data.label} keeps no {part} rows, so there is nothing to open")
    if len(outputs) != len(y):
        raise RegdashError(
            f"this run has answers on {len(outputs)} of {len(y)} {part} rows: it was trained before they were kept; "
            "search again with another seed"
        )
    return measure.on(report(rows.task, outputs, y, rows.class_names))


def _sentence(measure: Metric, seen: Summary, unseen: Summary, change: Change) -> str:
    begin = f"{measure.label} by which it was chosen: {measure.written(seen.mean)}; on the test rows the same figure is"
    begin = f"{begin} {measure.written(unseen.mean)}{_between(measure, unseen.low, unseen.high)}."
    size = measure.written(abs(change.mean))
    if change.mean == 0:
        return f"{begin} Choosing by it has not flattered the setting."
    way = "too good" if change.mean > 0 else "too bad"
    found = f"{begin} The validation figure was {size} {way}{_between(measure, change.low, change.high, change.mean)}"
    if change.within_noise is None:
        return f"{found}; a single run does not tell whether that is more than noise."
    return f"{found}, which is {'within the noise of the runs' if change.within_noise else 'more than noise'}."


def _between(measure: Metric, low: float, high: float, sign: float = 1.0) -> str:
    """The interval in words; nothing when there is none."""
    if low != low:
        return ""
    ends = (low, high) if sign > 0 else (-high, -low)
    return f" (95 % interval {measure.written(ends[0])} to {measure.written(ends[1])})"
