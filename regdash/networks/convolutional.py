"""Small filters moved over an image, then dense layers."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, Hooks, Shape
from regdash.networks.drawing import Drawing, drawing
from regdash.networks.outline import Outlined
from regdash.params import param


@dataclass(frozen=True)
class Convolutional(Outlined):
    """Convolution, bend and pooling for each entry of `filters`, then the dense layers of an MLP.

    The same few weights look at every place of the image, which is a strong regulariser by itself. Activations
    of convolution k are [N, H, W, C] before its pooling, where a SpatialDropout2D would stand.
    Source: LeCun and others, Gradient-based learning applied to document recognition (1998); for `squeeze`
    Hu, Shen, Sun, Squeeze-and-excitation networks, arXiv 1709.01507: gates = sigmoid(relu(mean(h) W_1) W_2).
    """

    name: ClassVar[str] = "convolutional"
    label: ClassVar[str] = "Convolutional (CNN)"
    help: ClassVar[str] = "Small filters moved over an image, then dense layers. For images only."
    images: ClassVar[bool] = True

    filters: tuple[int, ...] = param(
        (16, 32),
        "Filters",
        "The number of filters of each convolution, such as 16-32. Each looks for one small pattern everywhere.",
        kind="integers",
        low=1,
        high=64,
        longest=3,
        unit="filters",
    )
    kernel_size: int = param(
        3, "Filter size", "The side of the square that a filter looks at.", low=3, high=5, step=2, unit="pixels"
    )
    pooling: str = param(
        "max",
        "Pooling",
        "How 2 x 2 neighbours are joined to one after each convolution: their largest, their mean, or not at all.",
        choices=("max", "average", "none"),
    )
    widths: tuple[int, ...] = param(
        (64,),
        "Dense layers",
        "The number of units of each hidden layer after the convolutions.",
        kind="integers",
        low=1,
        high=512,
        longest=3,
        unit="units",
    )
    activation: str = param(
        "relu", "Activation", "The bend after each convolution and dense layer.", choices=ACTIVATIONS
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
        "Shift and scale what enters each bend: each filter over the batch and the image, "
        "or the filters of one place among themselves (which needs at least 2 filters).",
        choices=NORMALIZATIONS,
    )
    squeeze: bool = param(
        False,
        "Squeeze-and-excitation gates",
        "Let the network turn each filter up or down by what the whole image shows.",
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer, self.activation, self.normalization)
        entry = keras.Input((prod(inputs),), name="inputs")
        h = keras.layers.Reshape(inputs, name="image")(hooks.station(entry, 0))
        for layer, filters in enumerate(self.filters, start=1):
            h = hooks.station(self._convolved(draw, h, filters, layer), layer)
            h = self._pooled(keras, h, layer)
        h = keras.layers.Flatten(name="flatten")(h)
        for layer, width in enumerate(self.widths, start=1):
            h = hooks.station(draw.hidden(h, width, layer), len(self.filters) + layer)
        return entry, draw.dense(h, outputs, "output")

    def _convolved(self, draw: Drawing, h: Any, filters: int, layer: int) -> Any:
        name = f"conv_{layer}"
        if self.normalization == "none":
            h = draw.convolution(h, filters, self.kernel_size, name, self.activation)
        else:
            h = draw.bent(draw.convolution(h, filters, self.kernel_size, name), name)
        return _gated(draw, h, filters, layer) if self.squeeze else h

    def _pooled(self, keras: Any, h: Any, layer: int) -> Any:
        if self.pooling == "none" or min(h.shape[1:3]) == 1:
            return h
        kind = keras.layers.MaxPooling2D if self.pooling == "max" else keras.layers.AveragePooling2D
        return kind(2, padding="same", name=f"pool_{layer}")(h)


def _gated(draw: Drawing, h: Any, filters: int, layer: int) -> Any:
    """Each filter's image times its own gate between 0 and 1."""
    layers = draw.keras.layers
    seen = layers.GlobalAveragePooling2D(name=f"seen_{layer}")(h)
    squeezed = draw.dense(seen, max(1, filters // 4), f"squeeze_{layer}", "relu")
    gates = draw.dense(squeezed, filters, f"excite_{layer}", "sigmoid")
    gates = layers.Reshape((1, 1, filters), name=f"gates_{layer}")(gates)
    return layers.Multiply(name=f"gated_{layer}")([h, gates])
