"""What the curves say, in plain words, and the next thing to try; every verdict is a stated rule on the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median_low
from typing import Literal

import numpy as np

from regdash.cautions import l2_bound
from regdash.datasets import Samples, samples
from regdash.experiment import Experiment
from regdash.params import params_of, shown
from regdash.record import RunRecord
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, WeightDecay

Kind = Literal["diverged", "collapsed", "overfitting", "underfitting", "improving", "gap", "good"]

RISE = 0.1  # the validation loss has risen by more than this share of its best value
GAP = 0.25  # validation loss - training loss, as a share of the loss of knowing nothing
IGNORANT = 0.75  # a training loss above this share of the loss of knowing nothing has learnt little
FALLING = 0.02  # fall over the last tenth of the epochs, as a share of the loss of knowing nothing
L2_STOPS = params_of(L2)[0].stops()  # the advice has to be a place of the slider
EMPTY = 0.99  # a share of near-zero weights from which on the network counts as switched off


@dataclass(frozen=True)
class Diagnosis:
    """A verdict, a sentence with the numbers that led to it, and what to try next."""

    kind: Kind
    sentence: str
    next_step: str


@dataclass(frozen=True)
class Measures:
    """The numbers the rules look at: medians over the seeds, losses penalty-free."""

    epochs: int
    best_epoch: int
    best: float  # lowest validation loss
    validation: float  # at the last epoch
    training: float
    training_at_best: float
    fall: float  # of the validation loss over the last tenth of the epochs
    near_zero: float  # share of near-zero weights at the last epoch
    ignorant: float  # the loss of a network that knows only how frequent each class is, or the mean of the targets


def diagnose(records: Sequence[RunRecord]) -> Diagnosis | None:
    """Judge the finished runs of one setting (its seeds); None when there is nothing to judge yet."""
    if diverged := [record for record in records if record.status.startswith("diverged")]:
        return _diverged(diverged[0], len(diverged), len(records))
    drawn = [record for record in records if record.best_epoch]
    if not drawn:
        return None
    return _judge(drawn[0].experiment, measure(drawn))


def measure(records: Sequence[RunRecord]) -> Measures:
    """The medians over the seeds of what the rules need; of an even number the lower of the middle two."""
    experiment = records[0].experiment
    ignorant = loss_of_knowing_nothing(samples(experiment.data, experiment.split))
    each = [_measure(record, ignorant) for record in records]
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


def _measure(record: RunRecord, ignorant: float) -> Measures:
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
        fall=float(val_loss[earlier] - val_loss[-1]),
        near_zero=float(history["near_zero/all"][-1]) if "near_zero/all" in history else 0.0,
        ignorant=ignorant,
    )


def _judge(experiment: Experiment, m: Measures) -> Diagnosis:
    if m.near_zero >= EMPTY:
        return _collapsed(experiment, m)
    if m.validation > m.best * (1 + RISE) and m.training <= m.training_at_best:
        return _overfitting(experiment, m)
    if m.training > IGNORANT * m.ignorant and m.fall <= FALLING * m.ignorant:
        return _underfitting(experiment, m)
    if m.fall > FALLING * m.ignorant and m.best_epoch > 0.9 * m.epochs:
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
    cause, cure = _cause(record.experiment)
    return Diagnosis("diverged", f"{which} at epoch {epoch}: {cause}.", cure)


def _cause(experiment: Experiment) -> tuple[str, str]:
    """Why a run may have diverged, and what to do about it."""
    rate = experiment.optimizer.learning_rate
    pull, bound = rate * 2 * experiment.regularizer(L2).l2, l2_bound(experiment)
    if pull > bound:
        return (
            f"learning rate × 2 × L2 strength = {pull:.3g} is above {bound:.3g}, so every step overshoots zero",
            f"Take an L2 strength below {bound / 2 / rate:.2g}.",
        )
    decay = rate * experiment.regularizer(WeightDecay).weight_decay
    if decay > 2:
        return (
            f"learning rate × weight decay = {decay:.3g} is above 2, so every step makes the weights larger",
            f"Take a weight decay below {2 / rate:.2g}.",
        )
    return (
        f"the weights grew without end, most likely because a learning rate of {rate:g} is too large here",
        f"Try a tenth of it: {rate / 10:g}.",
    )


def _collapsed(experiment: Experiment, m: Measures) -> Diagnosis:
    sentence = f"{m.near_zero:.0%} of the weights are zero: the network answers the same for every row."
    l1, l2 = experiment.regularizer(L1).l1, experiment.regularizer(L2).l2
    if l1:
        return Diagnosis("collapsed", sentence, f"Lower the L1 strength from {l1:g} to {l1 / 10:g}.")
    if l2:
        return Diagnosis("collapsed", sentence, f"Lower the L2 strength from {l2:g} to {l2 / 10:g}.")
    return Diagnosis("collapsed", sentence, "Start from other initial weights, or lower the weight decay.")


def _overfitting(experiment: Experiment, m: Measures) -> Diagnosis:
    return Diagnosis(
        "overfitting",
        f"Overfitting: the validation loss was lowest at epoch {m.best_epoch} ({_n(m.best)}) and has risen to "
        f"{_n(m.validation)}, while the training loss went on falling to {_n(m.training)}.",
        _more_regularization(experiment, m),
    )


def _gap(experiment: Experiment, m: Measures) -> Diagnosis:
    return Diagnosis(
        "gap",
        f"A large gap: the validation loss {_n(m.validation)} stays far above the training loss {_n(m.training)}, "
        "though it has not risen much.",
        _more_regularization(experiment, m),
    )


def _more_regularization(experiment: Experiment, m: Measures) -> str:
    """The next regulariser to try: first dropout where it can act, then L2, then stopping, then more data."""
    rate, l2 = experiment.regularizer(Dropout).rate, experiment.regularizer(L2).l2
    hidden = experiment.network.widths_at(experiment.data.features)[1:]
    if hidden and not l2 and not experiment.regularizer(Dropout).active:
        return "Try dropout 0.3, or an L2 strength of 0.002."
    if not l2:
        return "Try an L2 strength of 0.002." if hidden else "Try an L2 strength of 0.01."
    if not experiment.regularizer(EarlyStopping).active and m.best_epoch < 0.8 * m.epochs:
        stronger = next((stop for stop in L2_STOPS if stop > 1.9 * l2), l2 * 2)
        return f"Raise the L2 strength from {l2:g} to {stronger:g}, or stop early with a patience of 10 epochs."
    if hidden and 0 < rate < 0.6:
        return f"Raise dropout from {rate:g} to {min(rate + 0.2, 0.9):g}, or give it more training rows."
    return "Give it more training rows, or a smaller network."


def _underfitting(experiment: Experiment, m: Measures) -> Diagnosis:
    return Diagnosis(
        "underfitting",
        f"Underfitting: even on the training rows the loss is {_n(m.training)}, hardly better than the "
        f"{_n(m.ignorant)} of knowing nothing.",
        _less_regularization(experiment),
    )


def _less_regularization(experiment: Experiment) -> str:
    strengths = {path: experiment.values[path] for path in ("l1.l1", "l2.l2", "weight_decay.weight_decay")}
    path, strongest = max(strengths.items(), key=lambda item: item[1])
    if strongest:
        label = {"l1.l1": "L1 strength", "l2.l2": "L2 strength"}.get(path, "weight decay")
        return f"Lower the {label} from {shown(strongest)} to {strongest / 10:g}."
    rate = experiment.regularizer(Dropout).rate
    if rate > 0.3:
        return f"Lower dropout from {rate:g} to {rate / 2:.2g}."
    return "Give the network more or wider hidden layers, or a larger learning rate."


def _improving(experiment: Experiment, m: Measures) -> Diagnosis:
    return Diagnosis(
        "improving",
        f"Still improving: the validation loss {_n(m.validation)} was falling until the last epoch.",
        f"Train longer: {min(2 * experiment.training.epochs, 2000)} epochs instead of {experiment.training.epochs}.",
    )


def _n(value: float) -> str:
    return f"{value:.3g}"
