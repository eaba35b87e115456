"""One change to an experiment, with what must follow from it."""

from typing import Any

from regdash.experiment import CHOICES, Experiment
from regdash.regularizers import Dropout


def with_setting(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with one hyper-parameter changed; the rates per layer follow the number of layers."""
    changes = {path: value}
    rates = experiment.regularizer(Dropout).rates
    if path == "network.widths" and rates and isinstance(value, tuple):
        changes["dropout.rates"] = _fitted(rates, len(value))
    return experiment.with_values(changes)


def with_kind(experiment: Experiment, place: str, name: str) -> Experiment:
    """The experiment with another kind of part at a place, with that kind's defaults.

    A data set brings the training share that suits it; wrong labels are taken back where there are no classes, and
    rates per layer where there are other layers.
    """
    kind = next(kind for kind in CHOICES[place] if kind.name == name)
    changed = _without_rates(experiment) if place == "network" else experiment
    changed = changed.with_part(place, kind())
    if place != "data":
        return changed
    follow: dict[str, Any] = {"split.train": kind.default_train}
    return changed.with_values(follow if changed.data.classes else follow | {"split.label_noise": 0.0})


def per_layer(experiment: Experiment, apart: bool) -> Experiment:
    """The experiment with one dropout rate for each hidden layer, or with one for all of them."""
    dropout = experiment.regularizer(Dropout)
    if apart:
        return experiment.with_values({"dropout.rates": dropout.per_layer(experiment.hidden_places), "dropout.rate": 0.0})
    return experiment.with_values({"dropout.rates": (), "dropout.rate": max(dropout.rates, default=dropout.rate)})


def _without_rates(experiment: Experiment) -> Experiment:
    return per_layer(experiment, False) if experiment.regularizer(Dropout).rates else experiment


def _fitted(rates: tuple[float, ...], layers: int) -> tuple[float, ...]:
    return (*rates, *[rates[-1]] * layers)[:layers]
