"""Dense layers one after another."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, Hooks, Shape
from regdash.networks.drawing import drawing
from regdash.networks.outline import Outlined
from regdash.params import param


@dataclass(frozen=True)
class MLP(Outlined):
    """h_k = f(norm(h_{k-1} W_k + b_k)) for each hidden layer, then z = h W + b."""

    name: ClassVar[str] = "mlp"
    label: ClassVar[str] = "Dense layers (MLP)"
    help: ClassVar[str] = "Hidden layers of units that each see all units of the layer before."
    images: ClassVar[bool] = False

    widths: tuple[int, ...] = param(
        (64, 64),
        "Hidden layers",
        "The number of units of each hidden layer, such as 64-64. More units can fit more, and overfit more.",
        kind="integers",
        low=1,
        high=512,
        longest=6,
        unit="units",
    )
    activation: str = param(
        "relu",
        "Activation",
        "The bend in each unit. Without one ('linear') a deep network is only a linear one. "
        "'selu' goes with LeCun's initial weights and alpha dropout.",
        choices=ACTIVATIONS,
    )
    initializer: str = param(
        "glorot_uniform",
        "Initial weights",
        "How the weights are drawn before training. Glorot suits tanh and is Keras' default; He suits relu.",
        choices=INITIALIZERS,
    )
    normalization: str = param(
        "none",
        "Normalisation",
        "Shift and scale what enters each bend to mean 0 and spread 1: over the rows of a batch, "
        "or over the units of a layer (which needs at least 2 units). "
        "The network then learns a scale and a shift of its own for each unit.",
        choices=NORMALIZATIONS,
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer, self.activation, self.normalization)
        entry = keras.Input((prod(inputs),), name="inputs")
        h = hooks.station(entry, 0)
        for layer, width in enumerate(self.widths, start=1):
            h = hooks.station(draw.hidden(h, width, layer), layer)
        return entry, draw.dense(h, outputs, "output")
