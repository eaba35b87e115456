"""The regularisers beyond the everyday ones: which may be added, under which words, and how they begin."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.params import params_of
from regdash.regularizers import (
    L1,
    L2,
    REGULARIZERS,
    ActivityL1,
    ActivityL2,
    AlphaDropout,
    Cutout,
    Dropout,
    EarlyStopping,
    GaussianDropout,
    GradientClipping,
    ImageRotation,
    InputDropout,
    LabelSmoothing,
    MaxNorm,
    Mixup,
    Regularizer,
    SpatialDropout,
    WeightDecay,
)

EVERYDAY: tuple[type[Regularizer], ...] = (Dropout, L1, L2, WeightDecay, EarlyStopping)
EXTRAS = tuple(kind for kind in REGULARIZERS if kind not in EVERYDAY)

GROUPS = ("Weights", "Activations", "Inputs", "Labels", "Gradients")
_GROUP_AT = {
    "loss": "Weights",
    "update": "Weights",
    "weights": "Weights",
    "activations": "Activations",
    "inputs": "Inputs",
    "targets": "Labels",
    "gradients": "Gradients",
}
_MILD: Mapping[type[Any], tuple[str, Any]] = {
    MaxNorm: ("max_value", 3.0),
    ActivityL1: ("strength", 1e-4),
    ActivityL2: ("strength", 1e-4),
    InputDropout: ("rate", 0.1),
    GaussianDropout: ("rate", 0.3),
    SpatialDropout: ("rate", 0.2),
    AlphaDropout: ("rate", 0.1),
    ImageRotation: ("degrees", 10.0),
    Cutout: ("size", 2),
    LabelSmoothing: ("smoothing", 0.1),
    Mixup: ("alpha", 0.2),
    GradientClipping: ("clipnorm", 1.0),
}


def group_of(kind: type[Regularizer]) -> str:
    """Where a regulariser acts, in plain words."""
    return "Inputs" if kind is InputDropout else _GROUP_AT.get(kind.station, "Weights")


def fits(kind: type[Regularizer], experiment: Experiment) -> bool:
    """Whether a regulariser means anything for these data and this network."""
    if kind is SpatialDropout and not experiment.network.images:
        return False
    try:
        added(experiment, kind)
    except InvalidExperiment:
        return False
    return True


def added(experiment: Experiment, kind: type[Regularizer]) -> Experiment:
    """The experiment with a mild amount of a regulariser, so that its effect shows at once."""
    name, value = mild(kind)
    return experiment.with_part(kind.name, kind(**{name: value}))


def mild(kind: type[Regularizer]) -> tuple[str, Any]:
    """The setting that switches a regulariser on, and a value at which it acts mildly."""
    if kind in _MILD:
        return _MILD[kind]
    first = params_of(kind)[0]
    if first.kind == "switch":
        return first.name, True
    if first.log:
        return first.name, min(max(1e-3, first.low), first.high)
    return first.name, 1 if first.kind == "integer" else max(first.low, min(0.1, first.high))


def shown(experiment: Experiment, chosen: Collection[str]) -> tuple[type[Regularizer], ...]:
    """The regularisers that have controls of their own: those in use, and those chosen that are at 0 for now."""
    return tuple(
        kind
        for kind in EXTRAS
        if experiment.regularizer(kind).active or (kind.name in chosen and fits(kind, experiment))
    )


def offered(experiment: Experiment, chosen: Collection[str]) -> tuple[type[Regularizer], ...]:
    """The regularisers that may be added, group by group."""
    there = shown(experiment, chosen)
    free = [kind for kind in _fitting(experiment) if kind not in there]
    return tuple(sorted(free, key=lambda kind: GROUPS.index(group_of(kind))))


@lru_cache(maxsize=256)
def _fitting(experiment: Experiment) -> tuple[type[Regularizer], ...]:
    return tuple(kind for kind in EXTRAS if fits(kind, experiment))
