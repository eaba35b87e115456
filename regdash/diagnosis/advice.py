"""The next thing to try: a sentence and the same as changes of settings, always within the limits of the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regdash.cautions import l2_bound
from regdash.diagnosis.measures import Measures
from regdash.experiment import Experiment, declaration
from regdash.networks import MLP, Linear
from regdash.params import shown
from regdash.regularizers import L2, Dropout, EarlyStopping, InputDropout, WeightDecay

RATE = "optimizer.learning_rate"
STRENGTHS = (
    "l1.l1",
    "proximal_l1.l1",
    "elastic_net.strength",
    "group_lasso.strength",
    "l2.l2",
    "weight_decay.weight_decay",
)
"""What pulls weights towards zero, in the order in which it is suspected of having emptied a network."""


@dataclass(frozen=True)
class Advice:
    """What to do, in words, and as changes for `Experiment.with_values`; empty where no setting of a run says it."""

    sentence: str
    changes: Mapping[str, Any] = field(default_factory=dict)


def lower(experiment: Experiment, path: str) -> Advice | None:
    """A tenth of a logarithmic setting, or the next stop of its slider below; off where there is none."""
    declared, value = declaration(experiment, path), float(experiment.values[path])
    label = _said(declared.label)
    below = [stop for stop in declared.stops() if stop != declared.off and stop <= value / 10 * (1 + 1e-9)]
    if below:
        return Advice(f"Lower the {label} from {shown(value)} to {shown(below[-1])}.", {path: below[-1]})
    return None if declared.off is None else Advice(f"Switch the {label} off.", {path: declared.off})


def higher(experiment: Experiment, path: str, factor: float) -> Advice | None:
    """The first stop from `factor` times the setting on; None when the slider ends before."""
    declared, value = declaration(experiment, path), float(experiment.values[path])
    above = next((stop for stop in declared.stops() if stop >= factor * value * (1 - 1e-9) and stop > value), None)
    if above is None:
        return None
    return Advice(f"Raise the {_said(declared.label)} from {shown(value)} to {shown(above)}.", {path: above})


def against_emptiness(experiment: Experiment) -> Advice:
    """After a collapse: less of what pulls weights to zero; without that longer steps or other initial weights."""
    found = next((lower(experiment, path) for path in STRENGTHS if experiment.values.get(path)), None)
    seed = (experiment.training.seed + 1) % 1_000_001
    other = Advice(f"Start from other initial weights: seed {seed}.", {"training.seed": seed})
    return found or higher(experiment, RATE, 10) or other


def against_divergence(experiment: Experiment) -> tuple[str, Advice]:
    """Why a run may have diverged, and what to do about it."""
    rate, bound = experiment.optimizer.learning_rate, l2_bound(experiment)
    pull, decay = rate * 2 * experiment.regularizer(L2).l2, rate * experiment.regularizer(WeightDecay).weight_decay
    if pull > bound:
        most = bound / 2 / rate
        cause = f"learning rate × 2 × L2 strength = {pull:.3g} is above {bound:.3g}, so every step overshoots zero"
        changes = {"l2.l2": _below(experiment, "l2.l2", most)}
        return cause, Advice(f"Take an L2 strength below {most:.2g}.", changes)
    if decay > 2:
        path = "weight_decay.weight_decay"
        cause = f"learning rate × weight decay = {decay:.3g} is above 2, so every step makes the weights larger"
        return cause, Advice(f"Take a weight decay below {2 / rate:.2g}.", {path: _below(experiment, path, 2 / rate)})
    cause = f"the weights grew without end, most likely because a learning rate of {rate:g} is too large here"
    return cause, lower(experiment, RATE) or Advice("Try another optimizer, such as Adam: no learning rate is smaller.")


def more_regularization(experiment: Experiment, m: Measures) -> Advice:
    """The first that is left to try: dropout or L2, more of it or stopping early, more dropout, rows, less network."""
    rules: tuple[Callable[[Experiment, Measures], Advice | None], ...] = (
        _first_regularizer,
        _more_l2_or_stop,
        _more_dropout,
        _more_rows,
        _smaller_network,
        _fewer_epochs,
    )
    found = (rule(experiment, m) for rule in rules)
    return next(filter(None, found), Advice("Every setting against it is at its limit; choose another data set."))


def less_regularization(experiment: Experiment) -> Advice:
    """Less of the strongest brake; without one more room for the network or longer steps."""
    strengths = {path: experiment.values.get(path, 0.0) for path in STRENGTHS}
    path, strongest = max(strengths.items(), key=lambda item: item[1])
    rate = experiment.regularizer(Dropout).rate
    if strongest and (found := lower(experiment, path)):
        return found
    if rate > 0.3:
        less = on_step(experiment, "dropout.rate", rate / 2)
        return Advice(f"Lower dropout from {rate:g} to {less:g}.", {"dropout.rate": less})
    if max(experiment.regularizer(Dropout).rates, default=0) > 0.3:
        halves = tuple(rate / 2 for rate in experiment.regularizer(Dropout).rates)
        return Advice(f"Halve the dropout per layer: {', '.join(map(shown, halves))}.", {"dropout.rates": halves})
    if experiment.regularizer(InputDropout).active:
        return Advice("Switch input dropout off.", {"input_dropout.rate": 0.0})
    return _larger_network(experiment) or _longer_steps(experiment)


def longer(experiment: Experiment, m: Measures) -> Advice:
    """More epochs, or more patience where early stopping ended the run; longer steps at the limit of both."""
    epochs, patience = experiment.training.epochs, experiment.regularizer(EarlyStopping).patience
    if m.epochs < epochs and 0 < patience < 200:
        more = min(2 * patience, 200)
        sentence = f"Raise the patience of early stopping from {patience} to {more} epochs."
        return Advice(sentence, {"early_stopping.patience": more})
    if epochs < 2000:
        more = min(2 * epochs, 2000)
        return Advice(f"Train longer: {more} epochs instead of {epochs}.", {"training.epochs": more})
    return _longer_steps(experiment)


def on_step(experiment: Experiment, path: str, value: float) -> float:
    """The nearest place of a linear slider within its limits."""
    declared = declaration(experiment, path)
    assert declared.step is not None
    place = declared.low + round((value - declared.low) / declared.step) * declared.step
    return round(min(max(place, declared.low), declared.high), 6)


def hidden(experiment: Experiment) -> bool:
    """Whether the network has hidden layers, so that dropout and width mean something."""
    network = experiment.network
    return not isinstance(network, Linear) and getattr(network, "widths", None) != ()


def _first_regularizer(experiment: Experiment, m: Measures) -> Advice | None:
    l2, inside = experiment.regularizer(L2).l2, hidden(experiment)
    if l2:
        return None
    if inside and not experiment.regularizer(Dropout).active:
        return Advice("Try dropout 0.3, or an L2 strength of 0.002.", {"dropout.rate": 0.3})
    strength = 0.002 if inside else 0.01
    return Advice(f"Try an L2 strength of {strength:g}.", {"l2.l2": strength})


def _more_l2_or_stop(experiment: Experiment, m: Measures) -> Advice | None:
    if experiment.regularizer(EarlyStopping).active or m.best_epoch >= 0.8 * m.epochs:
        return None
    patience = min(10, max(experiment.training.epochs // 5, 1))
    stop = f"top early with a patience of {patience} epoch{'s' if patience > 1 else ''}."
    stronger = higher(experiment, "l2.l2", 1.9)
    if stronger is None or 2 * experiment.optimizer.learning_rate * stronger.changes["l2.l2"] > l2_bound(experiment):
        return Advice(f"S{stop}", {"early_stopping.patience": patience})
    return Advice(f"{stronger.sentence[:-1]}, or s{stop}", stronger.changes)


def _more_dropout(experiment: Experiment, m: Measures) -> Advice | None:
    rate = experiment.regularizer(Dropout).rate
    if not hidden(experiment) or experiment.regularizer(Dropout).rates or not 0 < rate < 0.6:
        return None
    more = on_step(experiment, "dropout.rate", rate + 0.2)
    return Advice(f"Raise dropout from {rate:g} to {more:g}, or give it more training rows.", {"dropout.rate": more})


def _more_rows(experiment: Experiment, m: Measures) -> Advice | None:
    share = experiment.split.train
    more = on_step(experiment, "split.train", 2 * share)
    if more <= share:
        return None
    return Advice(f"Give it more training rows: a share of {more:g} instead of {share:g}.", {"split.train": more})


def _smaller_network(experiment: Experiment, m: Measures) -> Advice | None:
    network = experiment.network
    if not isinstance(network, MLP) or max(network.widths, default=1) == 1:
        return None
    widths = tuple(max(width // 2, 1) for width in network.widths)
    return Advice(f"Take a smaller network: {shown(widths)} units.", {"network.widths": widths})


def _fewer_epochs(experiment: Experiment, m: Measures) -> Advice | None:
    if m.best_epoch >= experiment.training.epochs:
        return None
    return Advice(f"Train for {m.best_epoch} epochs, where it was best.", {"training.epochs": m.best_epoch})


def _larger_network(experiment: Experiment) -> Advice | None:
    network, steps = experiment.network, higher(experiment, RATE, 2)
    faster = f", or a learning rate of {shown(steps.changes[RATE])}" if steps else ""
    if not hidden(experiment):
        return Advice(f"Take a network with hidden layers{faster}.", steps.changes if steps else {})
    if not isinstance(network, MLP):
        return None
    widths = tuple(min(2 * width, 512) for width in network.widths)
    if widths == network.widths:
        return None
    return Advice(f"Give the network wider hidden layers: {shown(widths)} units{faster}.", {"network.widths": widths})


def _longer_steps(experiment: Experiment) -> Advice:
    nothing = Advice("Every setting for more learning is at its limit; compare another network or optimizer.")
    return higher(experiment, RATE, 2) or nothing


def _below(experiment: Experiment, path: str, most: float) -> float:
    return max(stop for stop in declaration(experiment, path).stops() if stop < most)


def _said(label: str) -> str:
    """A label within a sentence: "Weight decay" becomes "weight decay", "L2 strength" stays."""
    return label[0].lower() + label[1:] if label[1].islower() else label
