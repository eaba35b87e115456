"""Dropout that leaves nothing, meets nothing, or changes what the network is judged on."""

from regdash.cautions.places import choice, hidden, joined, units
from regdash.experiment import Experiment
from regdash.regularizers import (
    ActivityL1,
    ActivityL2,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    InputDropout,
    SpatialDropout,
)
from regdash.regularizers.alpha_dropout import DROPPED

OFTEN = 0.05  # the share of rows for which a layer may be gone
SPREAD = 1.1  # by which alpha dropout may change the variance
MEAN = 0.5  # what must be left of the means in training

MOMENTS = {
    "relu": (0.3989, 0.3408),
    "tanh": (0.0, 0.3943),
    "sigmoid": (0.5, 0.0434),
    "elu": (0.1605, 0.6192),
    "gelu": (0.2821, 0.3456),
    "silu": (0.2066, 0.3131),
}
"""Mean and variance of f(z) for z ~ N(0, 1), where they are not 0 and 1 as those of selu and of no bend at all."""


def layer_switched_off(experiment: Experiment) -> str:
    """Rate ^ units is the chance that dropout leaves no unit of a layer. Skip connections pass by all but the last."""
    widths = units(experiment)
    rates = experiment.regularizer(Dropout).per_layer(len(widths))
    alpha = experiment.regularizer(AlphaDropout).rate
    found = [(max(rate, alpha), width) for rate, width in zip(rates, widths, strict=True)]
    if choice(experiment, "skip") is True:
        found = found[-1:]
    rate, width = max(found, key=lambda each: each[0] ** each[1], default=(0.0, 1))
    if rate**width < OFTEN:
        return ""
    return (
        f"With dropout {rate:g} a layer of {width} units is switched off as a whole for {rate**width:.0%} of the rows "
        f"({rate:g} to the power of {width}), and nothing passes through. Use a smaller rate or more units."
    )


def maps_switched_off(experiment: Experiment) -> str:
    """Rate ^ feature maps, the same for spatial dropout."""
    places = hidden(experiment)[-1:] if choice(experiment, "skip") is True else hidden(experiment)
    rate = experiment.regularizer(SpatialDropout).rate
    maps = min((place[-1] for place in places if len(place) > 1), default=0)
    if not maps or rate**maps < OFTEN:
        return ""
    return (
        f"With spatial dropout {rate:g} all {maps} feature maps of a layer are switched off for {rate**maps:.0%} of "
        f"the rows ({rate:g} to the power of {maps}), and nothing passes through. Use a smaller rate or more filters."
    )


def inputs_hidden(experiment: Experiment) -> str:
    """1 - (1 - rate) ^ inputs is the share of rows in which input dropout hides something."""
    rate, inputs = experiment.regularizer(InputDropout).rate, experiment.data.features
    touched = 1 - (1 - rate) ** inputs
    if inputs > 4 or touched <= 0.5:
        return ""
    return (
        f"Input dropout {rate:g} hides at least one of the {inputs} inputs for {touched:.0%} of the rows; with so few "
        "inputs most of what there is to learn is hidden. Try 0.1 or less."
    )


def nothing_hidden(experiment: Experiment) -> str:
    """What acts on hidden units, in a network that has none."""
    kinds = (Dropout, GaussianDropout, SpatialDropout, AlphaDropout, ActivityL1, ActivityL2)
    names = [kind.label for kind in kinds if experiment.regularizer(kind).active]
    if hidden(experiment) or not names:
        return ""
    verb = "changes" if len(names) == 1 else "change"
    return (
        f"{joined(names)} {verb} nothing here: the network has no hidden layer. "
        "Use input dropout, or add a hidden layer."
    )


def no_feature_maps(experiment: Experiment) -> str:
    """Spatial dropout acts on feature maps [H, W, C] alone."""
    places = hidden(experiment)
    if not experiment.regularizer(SpatialDropout).active or not places or any(len(place) > 1 for place in places):
        return ""
    return (
        "Spatial dropout changes nothing here: the network has no feature maps. Use dropout or a convolutional network."
    )


def alpha_spread(experiment: Experiment) -> str:
    """Alpha dropout makes of the variance s^2: a^2 (1 - p) (s^2 + p (mean - d)^2), which is s^2 for selu only."""
    rate, activation = experiment.regularizer(AlphaDropout).rate, choice(experiment, "activation")
    if not rate or not hidden(experiment) or activation not in MOMENTS:
        return ""
    mean, variance = MOMENTS[activation]
    growth = _a(rate) ** 2 * (1 - rate) * (variance + rate * (mean - DROPPED) ** 2) / variance
    if growth <= SPREAD:
        return ""
    return (
        f"Alpha dropout sets units to {DROPPED:.2f}, selu's lowest value; with {activation} that makes the variance of "
        f"a layer {growth:.1f} times as large instead of keeping it. Take the activation selu, or ordinary dropout."
    )


def alpha_mean(experiment: Experiment) -> str:
    """In training alpha dropout leaves a (1 - p) of a unit's mean, layer after layer; when judged all of it is there.

    Only means of 0 stay as they are, and training moves them away from 0.
    """
    rate, layers = experiment.regularizer(AlphaDropout).rate, len(hidden(experiment))
    left = (_a(rate) * (1 - rate)) ** layers
    if left >= MEAN:
        return ""
    return (
        f"Alpha dropout {rate:g} leaves {_a(rate) * (1 - rate):.2f} of what a unit says on average at each of {layers} "
        f"places, {left:.2f} in all, but nothing is taken away when the network is judged: it is then far too sure of "
        "itself. Try 0.05."
    )


def _a(rate: float) -> float:
    return float(1 / ((1 - rate) * (1 + rate * DROPPED**2)) ** 0.5)
