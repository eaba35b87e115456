"""The verdicts, each a stated rule on the numbers, in the order in which they are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from regdash.datasets import learnable
from regdash.diagnosis.advice import (
    Advice,
    against_divergence,
    against_emptiness,
    less_regularization,
    longer,
    more_regularization,
)
from regdash.diagnosis.measures import Measures, measure
from regdash.diagnosis.noise import within_noise
from regdash.experiment import Experiment
from regdash.record import RunRecord

Kind = Literal["diverged", "noise", "nothing", "collapsed", "overfitting", "underfitting", "improving", "gap", "good"]

RISE = 0.1  # the validation loss has risen by more than this share of its best value
GAP = 0.25  # validation loss - training loss, as a share of the loss of knowing nothing
IGNORANT = 0.75  # a training loss above this share of the loss of knowing nothing has learnt little
MARGIN = 0.05  # a validation loss that never fell by more than this share below it has found nothing that holds
FALLING = 0.02  # fall over the last tenth of the epochs, as a share of knowing nothing, or of the best loss if larger
EMPTY = 0.99  # a share of near-zero weights from which on the network counts as switched off


@dataclass(frozen=True)
class Diagnosis:
    """A verdict, a sentence with the numbers that led to it, and what to try next.

    `changes` are the next step as settings by path, for `Experiment.with_values`; empty when it is none of them.
    """

    kind: Kind
    sentence: str
    next_step: str
    changes: Mapping[str, Any] = field(default_factory=dict)


def diagnose(records: Sequence[RunRecord], baseline: Sequence[RunRecord] = ()) -> Diagnosis | None:
    """Judge the finished runs of one setting (its seeds and folds); None when there is nothing to judge yet.

    With the runs of a baseline, a setting that does not differ from it by more than chance is called so before all
    that is said of finite curves.
    """
    if diverged := [record for record in records if record.status.startswith("diverged")]:
        return _diverged(diverged[0], len(diverged), len(records))
    drawn = [record for record in records if record.best_epoch]
    if not drawn:
        return None
    experiment = drawn[0].experiment
    if baseline and (found := within_noise(drawn, baseline)):
        hopeless = why_hopeless(experiment)
        more = Advice(f"No number of seeds will tell them apart: {hopeless}.") if hopeless else found[1]
        return _said("noise", found[0], more)
    return _judge(experiment, measure(drawn))


def why_hopeless(experiment: Experiment) -> str:
    """Why no network can do better than knowing nothing, whatever its curves say; nothing when it may.

    Either the data set says so of itself, or so many labels are wrong that they tell nothing: a share of
    1 - 1 / C or more of C classes.
    """
    classes, wrong = experiment.data.classes, experiment.split.label_noise
    if not learnable(experiment.data):
        return "the targets are drawn at random"
    if classes and wrong >= 1 - 1 / classes:
        return f"with {wrong:.0%} wrong labels the training rows say nothing about the classes"
    return ""


def _judge(experiment: Experiment, m: Measures) -> Diagnosis:
    if hopeless := why_hopeless(experiment):
        return _nothing_to_learn(experiment, m, hopeless)
    if m.near_zero >= EMPTY:
        return _collapsed(experiment, m)
    falling = m.fall > FALLING * max(m.ignorant, m.best)
    if m.best >= (1 - MARGIN) * m.ignorant and _learnt(m) and not falling:
        return _nothing_found(experiment, m)
    if m.validation > m.best * (1 + RISE) and m.training <= m.training_at_best:
        return _overfitting(experiment, m)
    if m.training > IGNORANT * m.ignorant and not falling:
        return _underfitting(experiment, m)
    if falling and m.best_epoch > 0.9 * m.epochs:
        return _improving(experiment, m)
    if m.validation - m.training > GAP * m.ignorant:
        return _gap(experiment, m)
    return Diagnosis(
        "good",
        f"A good fit: the validation loss {_n(m.validation)} is close to its best {_n(m.best)} and to the training "
        f"loss {_n(m.training)}.",
        "Pin it as the baseline and see whether a change beats it by more than seed noise.",
    )


def _diverged(record: RunRecord, count: int, runs: int) -> Diagnosis:
    epoch = record.status.rpartition(" ")[2]
    which = f"{count} of {runs} runs diverged, the first" if runs > 1 else "The training diverged"
    cause, cure = against_divergence(record.experiment)
    return _said("diverged", f"{which} at epoch {epoch}: {cause}.", cure)


def _nothing_to_learn(experiment: Experiment, m: Measures, reason: str) -> Diagnosis:
    learnt = f", though the training loss fell to {_n(m.lowest_training)}" if _learnt(m) else ""
    sentence = (
        f"Nothing to learn: {reason}. Knowing nothing has a validation loss of {_n(m.ignorant)}, and the best here "
        f"is {_n(m.best)}{learnt}."
    )
    if learnable(experiment.data):
        return _said("nothing", sentence, Advice("Lower the wrong labels to 0.2.", {"split.label_noise": 0.2}))
    return Diagnosis("nothing", sentence, "No setting helps against that. Choose another data set.")


def _nothing_found(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = (
        f"Nothing learnt that holds: the validation loss (best {_n(m.best)}) never fell clearly below the "
        f"{_n(m.ignorant)} of knowing nothing, while the training loss fell to {_n(m.lowest_training)}."
    )
    return _said("nothing", sentence, more_regularization(experiment, m))


def _collapsed(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = f"Collapsed: {m.near_zero:.0%} of the weights are zero, and the network answers the same for every row."
    return _said("collapsed", sentence, against_emptiness(experiment))


def _overfitting(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = (
        f"Overfitting: the validation loss was lowest at epoch {m.best_epoch} ({_n(m.best)}) and has risen to "
        f"{_n(m.validation)}, while the training loss went on falling to {_n(m.training)}."
    )
    return _said("overfitting", sentence, more_regularization(experiment, m))


def _gap(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = (
        f"A large gap: the validation loss {_n(m.validation)} stays far above the training loss {_n(m.training)}, "
        "though it has not risen much."
    )
    return _said("gap", sentence, more_regularization(experiment, m))


def _underfitting(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = (
        f"Underfitting: even on the training rows the loss is {_n(m.training)}, hardly better than the "
        f"{_n(m.ignorant)} of knowing nothing."
    )
    return _said("underfitting", sentence, less_regularization(experiment))


def _improving(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = f"Still improving: the validation loss {_n(m.validation)} was falling until the last epoch."
    return _said("improving", sentence, longer(experiment, m))


def _learnt(m: Measures) -> bool:
    return m.lowest_training <= IGNORANT * m.ignorant


def _said(kind: Kind, sentence: str, advice: Advice) -> Diagnosis:
    return Diagnosis(kind, sentence, advice.sentence, advice.changes)


def _n(value: float) -> str:
    return f"{value:.3g}"
