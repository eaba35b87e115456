"""What acts on activations while a network is trained: the kinds of dropout, noise and penalties on activity."""

from dataclasses import dataclass
from typing import Any

from regdash.datasets import shape_of
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, indented
from regdash.regularizers import (
    ActivityL1,
    ActivityL2,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    InputDropout,
    InputNoise,
    Mixup,
    SpatialDropout,
)


@dataclass(frozen=True)
class Places:
    """The layers at the input and at each hidden place, as code."""

    at_input: tuple[str, ...]
    hidden: tuple[str, ...]
    blocks: tuple[str, ...]
    constants: tuple[Constant, ...]
    by_chance: bool

    def after(self, name: str) -> list[str]:
        """Lines that regularise the activations of that name at a hidden place."""
        if any(block.startswith("def ") for block in self.blocks):
            return [f"{name} = regularised({name})"]
        return [f"{name} = {layer}({name})" for layer in self.hidden]

    @property
    def entry(self) -> list[str]:
        """Lines from `entry` to x, the rows as the first layer gets them."""
        lines = [f"x = {layer}({'x' if place else 'entry'})" for place, layer in enumerate(self.at_input)]
        return lines or ["x = entry"]


def places_of(experiment: Experiment) -> Places:
    """What an experiment puts at the places of its network."""
    r = experiment.regularizer
    shapes = experiment.network.stations(shape_of(experiment.data))[1:]
    entry, constants = _at_input(experiment)
    hidden: list[str] = []
    first, second = r(ActivityL1).strength, r(ActivityL2).strength
    if shapes and (first or second):
        given = [("l1=ACTIVITY_L1", "ACTIVITY_L1", first), ("l2=ACTIVITY_L2", "ACTIVITY_L2", second)]
        hidden.append(f"layers.ActivityRegularization({', '.join(text for text, _, value in given if value)})")
        constants += [Constant(name, value) for _, name, value in given if value]
    dropout = r(Dropout)
    if shapes and dropout.rates:
        hidden.append("layers.Dropout(next(dropout_rates))")
        constants.append(Constant("DROPOUT", dropout.rates, "of each hidden layer"))
    elif shapes and dropout.rate:
        hidden.append("layers.Dropout(DROPOUT)")
        constants.append(Constant("DROPOUT", dropout.rate))
    images = sum(len(shape) > 1 for shape in shapes)
    others: tuple[tuple[Any, str, str], ...] = (
        (GaussianDropout, "GaussianDropout", "GAUSSIAN_DROPOUT"),
        (SpatialDropout, "SpatialDropout2D", "SPATIAL_DROPOUT"),
        (AlphaDropout, "AlphaDropout", "ALPHA_DROPOUT"),
    )
    for kind, layer, name in others:
        if shapes and r(kind).active and (images or kind is not SpatialDropout):
            hidden.append(f"layers.{layer}({name})")
            constants.append(Constant(name, r(kind).rate))
    mixed = 0 < images < len(shapes)
    return Places(
        tuple(entry),
        tuple(hidden),
        _blocks(hidden, bool(dropout.rates), mixed),
        tuple(constants),
        any("Drop" in layer or "Noise" in layer for layer in (*entry, *hidden)),
    )


def _at_input(experiment: Experiment) -> tuple[list[str], list[Constant]]:
    """Noise stands in front of the dropout; under mixup it is part of the batches, as rows are mixed with it."""
    noise, dropout = experiment.regularizer(InputNoise), experiment.regularizer(InputDropout)
    found, constants = [], []
    if noise.active:
        constants.append(Constant("INPUT_NOISE", noise.stddev, "standard deviation"))
        if not experiment.regularizer(Mixup).active:
            found.append("layers.GaussianNoise(INPUT_NOISE)")
    if dropout.active:
        constants.append(Constant("INPUT_DROPOUT", dropout.rate))
        found.append("layers.Dropout(INPUT_DROPOUT)")
    return found, constants


def _blocks(hidden: list[str], each_own: bool, mixed: bool) -> tuple[str, ...]:
    """A function for what acts at hidden places, where it is more than a line."""
    spatial = mixed and any("Spatial" in layer for layer in hidden)
    if len(hidden) < 2 and not spatial:
        return ("dropout_rates = iter(DROPOUT)",) if each_own and hidden else ()
    lines = []
    for layer in hidden:
        if spatial and "Spatial" in layer:
            lines += ["if len(x.shape) == 4:  # only images have feature maps", f"    x = {layer}(x)"]
        else:
            lines.append(f"x = {layer}(x)")
    function = "def regularised(x):\n" + indented(
        ['"""What acts on the activations of a hidden layer."""', *lines, "return x"]
    )
    return (*(("dropout_rates = iter(DROPOUT)",) if each_own else ()), function)
