"""What a network is, and how it becomes an ordinary keras.Model."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar, Protocol

Station = Callable[[Any, int], Any]
"""Called with the activations of a place (0 = the input, 1.. = the hidden layers); returns what goes on."""

INITIALIZERS = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "unit_normal")


class Network(Protocol):
    """A network is a frozen value; `layers` draws it with the `keras` handed in, so this room loads no framework."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]

    def widths_at(self, inputs: int) -> tuple[int, ...]:
        """The number of activations at each station: the input first, then each hidden layer."""

    def layers(self, keras: Any, inputs: int, outputs: int, station: Station, seed: int) -> tuple[Any, Any]:
        """The symbolic input and output; each kernel's initialiser gets `layer_seed(seed, layer)`."""

    def __hash__(self) -> int: ...


def layer_seed(seed: int, layer: int) -> int:
    """The seed of a layer's initial weights: a number of its own for every (member seed, layer)."""
    return seed * 100 + layer


def initializer(keras: Any, name: str, seed: int) -> Any:
    """Keras' own initialiser of that name; `unit_normal` is N(0, 1), `zeros` draws nothing."""
    if name == "unit_normal":
        return keras.initializers.RandomNormal(mean=0.0, stddev=1.0, seed=seed)
    if name == "zeros":
        return keras.initializers.Zeros()
    made = keras.initializers.get(name)
    return type(made)(seed=seed)


def build(
    network: Network, keras: Any, inputs: int, outputs: int, seed: int = 0, dropout: Station | None = None
) -> Any:
    """An ordinary keras.Model of the network: [N, inputs] -> logits or values [N, outputs]."""
    entry, exit_ = network.layers(keras, inputs, outputs, dropout or (lambda x, place: x), seed)
    return keras.Model(entry, exit_)


def parameter_count(network: Network, inputs: int, outputs: int) -> int:
    """The trainable numbers of a network of dense layers: sum of I * O + O."""
    widths = (*network.widths_at(inputs), outputs)
    return sum(i * o + o for i, o in pairwise(widths))
