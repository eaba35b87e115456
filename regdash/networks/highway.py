"""Dense layers that learn how much of their input to let pass."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, Hooks, Shape
from regdash.networks.drawing import Drawing, drawing
from regdash.networks.outline import Outlined
from regdash.params import param


@dataclass(frozen=True)
class Highway(Outlined):
    """h <- T(h) * H(h) + (1 - T(h)) * h, with H = f(h W_H + b_H) and the gate T = sigmoid(h W_T + b_T).

    A first dense layer f(x W + b) brings the input to the width. The gates adapt to each row: where T is near 0 a
    unit passes on what it got. Drawn as h + T * (H - h), the same thing with one product less. Stations: the first
    layer and each highway layer, [N, U]. Source: Srivastava, Greff, Schmidhuber, Highway networks, arXiv 1505.00387.
    """

    name: ClassVar[str] = "highway"
    label: ClassVar[str] = "Highway (adaptive gates)"
    help: ClassVar[str] = (
        "Deep dense network whose units learn, row by row, whether to change their input or pass it on."
    )
    images: ClassVar[bool] = False

    width: int = param(64, "Width", "The number of units of every hidden layer.", low=1, high=256, unit="units")
    depth: int = param(
        3, "Highway layers", "The number of gated layers after the first dense layer.", low=1, high=20, unit="layers"
    )
    gate_bias: float = param(
        -1.0,
        "Gate at the start",
        "The first bias of the gates. Below 0 they are nearly closed at the start, so that a deep network "
        "begins close to the identity.",
        low=-6.0,
        high=3.0,
        step=0.5,
    )
    activation: str = param("relu", "Activation", "The bend in each unit.", choices=ACTIVATIONS)
    initializer: str = param(
        "glorot_uniform",
        "Initial weights",
        "How the weights are drawn before training. Glorot suits tanh and is Keras' default; He suits relu.",
        choices=INITIALIZERS,
    )
    normalization: str = param(
        "none",
        "Normalisation",
        "Shift and scale what enters each bend, over the batch or over the units of a row; gates are left alone.",
        choices=NORMALIZATIONS,
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer, self.activation, self.normalization)
        entry = keras.Input((prod(inputs),), name="inputs")
        h = hooks.station(draw.unit(hooks.station(entry, 0), self.width, "projection"), 1)
        for layer in range(1, self.depth + 1):
            h = hooks.station(self._adapted(draw, h, layer), layer + 1)
        return entry, draw.dense(h, outputs, "output")

    def _adapted(self, draw: Drawing, h: Any, layer: int) -> Any:
        layers = draw.keras.layers
        closed = draw.keras.initializers.Constant(self.gate_bias)
        transform = draw.unit(h, self.width, f"transform_{layer}")
        gate = draw.dense(h, self.width, f"gate_{layer}", "sigmoid", bias_initializer=closed)
        change = layers.Subtract(name=f"change_{layer}")([transform, h])
        gated = layers.Multiply(name=f"gated_{layer}")([gate, change])
        return layers.Add(name=f"highway_{layer}")([h, gated])
