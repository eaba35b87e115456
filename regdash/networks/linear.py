"""No hidden layer: linear, logistic or softmax regression."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.networks.build import INITIALIZERS, Station, initializer, layer_seed
from regdash.params import param


@dataclass(frozen=True)
class Linear:
    """z = x W + b, with W [F, O]: linear regression, or logistic and softmax regression by their loss."""

    name: ClassVar[str] = "linear"
    label: ClassVar[str] = "Linear"
    help: ClassVar[str] = "No hidden layer: linear, logistic or softmax regression. One weight per input."

    initializer: str = param(
        "glorot_uniform",
        "Initial weights",
        "How the weights are drawn before training. For a linear network only the way to the optimum depends on it.",
        choices=(*INITIALIZERS, "zeros"),
    )

    def widths_at(self, inputs: int) -> tuple[int, ...]:
        return (inputs,)

    def layers(self, keras: Any, inputs: int, outputs: int, station: Station, seed: int) -> tuple[Any, Any]:
        entry = keras.Input((inputs,), name="inputs")
        kernel = initializer(keras, self.initializer, layer_seed(seed, 1))
        dense = keras.layers.Dense(outputs, kernel_initializer=kernel, name="output")
        return entry, dense(station(entry, 0))
