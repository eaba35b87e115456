"""Dense layers one after another."""

from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.networks.build import INITIALIZERS, Station, initializer, layer_seed
from regdash.params import param


@dataclass(frozen=True)
class MLP:
    """h_k = f(h_{k-1} W_k + b_k) for each hidden layer, then z = h W + b."""

    name: ClassVar[str] = "mlp"
    label: ClassVar[str] = "Dense layers (MLP)"
    help: ClassVar[str] = "Hidden layers of units that each see all units of the layer before."

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
        "The bend in each unit. Without one ('linear') a deep network is only a linear one.",
        choices=("relu", "tanh", "sigmoid", "elu", "gelu", "silu", "linear"),
    )
    initializer: str = param(
        "glorot_uniform",
        "Initial weights",
        "How the weights are drawn before training. Glorot suits tanh and is Keras' default; He suits relu.",
        choices=INITIALIZERS,
    )

    def widths_at(self, inputs: int) -> tuple[int, ...]:
        return (inputs, *self.widths)

    def layers(self, keras: Any, inputs: int, outputs: int, station: Station, seed: int) -> tuple[Any, Any]:
        entry = keras.Input((inputs,), name="inputs")
        hidden = station(entry, 0)
        for layer, width in enumerate(self.widths, start=1):
            kernel = initializer(keras, self.initializer, layer_seed(seed, layer))
            dense = keras.layers.Dense(width, self.activation, kernel_initializer=kernel, name=f"hidden_{layer}")
            hidden = station(dense(hidden), layer)
        kernel = initializer(keras, self.initializer, layer_seed(seed, len(self.widths) + 1))
        return entry, keras.layers.Dense(outputs, kernel_initializer=kernel, name="output")(hidden)
