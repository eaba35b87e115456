"""One change to an experiment, with what must follow from it."""

from dataclasses import replace
from typing import Any

from regdash.datasets import shape_of
from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment, assemble
from regdash.networks import MLP
from regdash.params import params_of
from regdash.regularizers import Dropout, GradientClipping, SpatialDropout

MOST_RATES = next(each.longest for each in params_of(Dropout) if each.name == "rates")


def with_setting(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with one hyper-parameter changed; the rates per layer follow the number of layers.

    Of the three ways of clipping the gradient the one that was set last is in use.
    """
    place, _, name = path.partition(".")
    if place == GradientClipping.name and value:
        others = [each.name for each in params_of(GradientClipping) if each.name != name]
        return experiment.with_values({path: value} | {f"{place}.{other}": 0.0 for other in others})
    rates = experiment.regularizer(Dropout).rates
    if place != "network" or not rates:
        return experiment.with_values({path: value})
    changed = per_layer(experiment, False).with_values({path: value})
    return _with_rates(changed, rates)


def with_kind(experiment: Experiment, place: str, name: str) -> Experiment:
    """The experiment with another kind of part at a place, with that kind's defaults.

    A data set brings the training share that suits it, and without images a network for images gives way to dense
    layers. What does not fit any more is taken back: wrong labels where there are no classes, rates per layer where
    there are other layers, and regularisers that need images or classes.
    """
    kind = next(kind for kind in CHOICES[place] if kind.name == name)
    parts = {at: getattr(experiment, at) for at in CHOICES} | {place: kind()}
    if place == "data":
        noise = parts["split"].label_noise if parts["data"].classes else 0.0
        parts["split"] = replace(parts["split"], train=kind.default_train, label_noise=noise)
        if experiment.network.images and len(shape_of(parts["data"])) == 1:
            parts["network"] = MLP()
    same = type(parts["network"]) is type(experiment.network) and place != "network"
    changed = assemble(parts)
    for each in (experiment if same else per_layer(experiment, False)).regularizers:
        if isinstance(each, SpatialDropout) and not changed.network.images:
            continue
        try:
            changed = changed.with_part(each.name, each)
        except InvalidExperiment:
            continue  # it needs images or classes, and is taken back
    return changed


def taken_back(before: Experiment, after: Experiment) -> tuple[str, ...]:
    """What `with_kind` has changed besides what was asked for, in sentences."""
    found = []
    if before.network.images and not after.network.images and type(before.data) is not type(after.data):
        found.append(f"{before.network.label} needs images, so the network is now {after.network.label}.")
    gone = [each for each in before.regularizers if not after.regularizer(type(each)).active]
    found += [f"{each.label} does not fit here and was taken back." for each in gone]
    if before.split.label_noise and not after.split.label_noise:
        found.append("Wrong labels were taken back: there are no classes here.")
    if before.regularizer(Dropout).rates and not after.regularizer(Dropout).rates:
        found.append("Dropout has one rate for all layers again.")
    return tuple(found)


def per_layer(experiment: Experiment, apart: bool) -> Experiment:
    """The experiment with one dropout rate for each hidden layer, or with one for all of them."""
    dropout = experiment.regularizer(Dropout)
    if apart:
        return experiment.with_values(
            {"dropout.rates": dropout.per_layer(experiment.hidden_places), "dropout.rate": 0.0}
        )
    if not dropout.rates:
        return experiment
    return experiment.with_values({"dropout.rates": (), "dropout.rate": max(dropout.rates, default=dropout.rate)})


def _with_rates(experiment: Experiment, rates: tuple[float, ...]) -> Experiment:
    """The rates for as many layers as there are now; one rate for all where there are none or too many."""
    layers = experiment.hidden_places
    if not 0 < layers <= MOST_RATES:
        return experiment
    fitted = (*rates, *[rates[-1]] * layers)[:layers]
    return experiment.with_values({"dropout.rates": fitted, "dropout.rate": 0.0})
