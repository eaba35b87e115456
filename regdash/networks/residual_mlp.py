"""Dense blocks that each add something to what came in."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, Hooks, Shape
from regdash.networks.drawing import Drawing, drawing
from regdash.networks.outline import Outlined
from regdash.params import param


@dataclass(frozen=True)
class ResidualMLP(Outlined):
    """h <- h + W_2 f(norm(W_1 f(norm(h)))) for each block, between a projection x W to the width and z = f(norm(h)) W.

    The way past a block is the identity, so a block that learns nothing does no harm. Without `skip` the very same
    layers stand in a row. Stations: the inner bend of each block, where dropout leaves the identity alone, and the
    last bend before the output. Source: He, Zhang, Ren, Sun, Identity mappings in deep residual networks,
    arXiv 1603.05027.
    """

    name: ClassVar[str] = "residual_mlp"
    label: ClassVar[str] = "Residual dense layers"
    help: ClassVar[str] = "Deep dense network in blocks that each add a correction to what came in."
    images: ClassVar[bool] = False

    width: int = param(64, "Width", "The number of units of every hidden layer.", low=1, high=256, unit="units")
    blocks: int = param(
        3,
        "Blocks",
        "The number of blocks, of two dense layers each. More blocks make the network deeper.",
        low=1,
        high=16,
    )
    skip: bool = param(
        True,
        "Skip connections",
        "Add what came in to what each block computes. Without them it is a plain network of the same depth.",
    )
    activation: str = param("relu", "Activation", "The bend in each unit.", choices=ACTIVATIONS)
    initializer: str = param(
        "he_normal",
        "Initial weights",
        "How the weights are drawn before training. He suits relu; Glorot suits tanh.",
        choices=INITIALIZERS,
    )
    normalization: str = param(
        "none",
        "Normalisation",
        "Shift and scale what enters each bend: each unit over the rows of a batch, or the units of a layer "
        "among themselves (which needs at least 2 units). Deep networks often need it.",
        choices=NORMALIZATIONS,
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer, self.activation, self.normalization)
        entry = keras.Input((prod(inputs),), name="inputs")
        h = draw.dense(hooks.station(entry, 0), self.width, "projection")
        for block in range(1, self.blocks + 1):
            change = self._change(draw, h, block)
            h = keras.layers.Add(name=f"skip_{block}")([h, change]) if self.skip else change
        last = hooks.station(draw.bent(h, "last"), self.blocks + 1)
        return entry, draw.dense(last, outputs, "output")

    def _change(self, draw: Drawing, h: Any, block: int) -> Any:
        """What a block computes from h [N, U]."""
        first, second = f"block_{block}_first", f"block_{block}_second"
        inner = draw.dense(draw.bent(h, first), self.width, first)
        inner = draw.hooks.station(draw.bent(inner, second), block)
        return draw.dense(inner, self.width, second)
