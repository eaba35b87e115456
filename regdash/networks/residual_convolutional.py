"""Convolutions in blocks that each add something to what came in."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import ACTIVATIONS, INITIALIZERS, NORMALIZATIONS, Hooks, Shape
from regdash.networks.drawing import Drawing, drawing
from regdash.networks.outline import Outlined
from regdash.params import param

SIZE = 3  # the side of every filter but those of the projections


@dataclass(frozen=True)
class ResidualConvolutional(Outlined):
    """h <- h + conv(f(norm(conv(f(norm(h)))))) for each block; a new stage halves the image and changes the filters.

    Between stages the shape changes, and the way past the block is a 1 x 1 convolution in steps of 2 of the block's
    first bend; everywhere else it is the identity. At the end the mean over the image [N, C] goes to the output.
    Stations: the inner bend of each block [N, H, W, C], then that mean. Source: He, Zhang, Ren, Sun, Identity
    mappings in deep residual networks, arXiv 1603.05027.
    """

    name: ClassVar[str] = "residual_convolutional"
    label: ClassVar[str] = "Residual convolutional (ResNet)"
    help: ClassVar[str] = "Deep convolutional network in blocks that each add a correction. For images only."
    images: ClassVar[bool] = True

    filters: tuple[int, ...] = param(
        (16, 32),
        "Filters",
        "The number of filters of each stage, such as 16-32. Each stage after the first halves the image.",
        kind="integers",
        low=1,
        high=64,
        longest=3,
        unit="filters",
    )
    blocks: int = param(
        1, "Blocks per stage", "The number of blocks, of two convolutions each, in a stage.", low=1, high=3
    )
    skip: bool = param(
        True,
        "Skip connections",
        "Add what came in to what each block computes. Without them it is a plain network of the same depth.",
    )
    activation: str = param("relu", "Activation", "The bend before each convolution.", choices=ACTIVATIONS)
    initializer: str = param(
        "he_normal",
        "Initial weights",
        "How the weights are drawn before training. He suits relu; Glorot suits tanh.",
        choices=INITIALIZERS,
    )
    normalization: str = param(
        "batch",
        "Normalisation",
        "Shift and scale what enters each bend: each filter over the batch and the image, "
        "or the filters of one place among themselves (which needs at least 2 filters).",
        choices=NORMALIZATIONS,
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer, self.activation, self.normalization)
        entry = keras.Input((prod(inputs),), name="inputs")
        image = keras.layers.Reshape(inputs, name="image")(hooks.station(entry, 0))
        stages = self.filters or (inputs[-1],)
        h = draw.convolution(image, stages[0], SIZE, "stem")
        for block in range(self.blocks * len(stages)):
            stage, place = divmod(block, self.blocks)
            h = self._block(draw, h, stages[stage], block + 1, shrinks=stage > 0 and place == 0)
        mean = keras.layers.GlobalAveragePooling2D(name="mean")(draw.bent(h, "last"))
        mean = hooks.station(mean, self.blocks * len(stages) + 1)
        return entry, draw.dense(mean, outputs, "output")

    def _block(self, draw: Drawing, h: Any, filters: int, block: int, shrinks: bool) -> Any:
        """The image h [N, H, W, C] after one block; one that `shrinks` takes steps of 2."""
        first, second = f"block_{block}_first", f"block_{block}_second"
        stride = 2 if shrinks else 1
        bent = draw.bent(h, first)
        inner = draw.convolution(bent, filters, SIZE, first, stride=stride)
        inner = draw.hooks.station(draw.bent(inner, second), block)
        change = draw.convolution(inner, filters, SIZE, second)
        if not self.skip:
            return change
        past = draw.convolution(bent, filters, 1, f"block_{block}_projection", stride=2) if shrinks else h
        return draw.keras.layers.Add(name=f"skip_{block}")([past, change])
