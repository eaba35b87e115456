"""No hidden layer: linear, logistic or softmax regression."""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from regdash.networks.build import INITIALIZERS, Hooks, Shape
from regdash.networks.drawing import drawing
from regdash.networks.outline import Outlined
from regdash.params import param


@dataclass(frozen=True)
class Linear(Outlined):
    """z = x W + b, with W [F, O]: linear regression, or logistic and softmax regression by their loss."""

    name: ClassVar[str] = "linear"
    label: ClassVar[str] = "Linear"
    help: ClassVar[str] = "No hidden layer: linear, logistic or softmax regression. One weight per input."
    images: ClassVar[bool] = False

    initializer: str = param(
        "glorot_uniform",
        "Initial weights",
        "How the weights are drawn before training. For a linear network only the way to the optimum depends on it.",
        choices=(*INITIALIZERS, "zeros"),
    )

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        draw = drawing(keras, hooks, seed, self.initializer)
        entry = keras.Input((prod(inputs),), name="inputs")
        return entry, draw.dense(hooks.station(entry, 0), outputs, "output")
