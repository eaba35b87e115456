"""What a network is, and how it becomes an ordinary keras.Model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar, Protocol

Shape = tuple[int, ...]
"""One row without the rows' axis: (F,) of a table or a dense layer, (H, W, C) of an image."""

INITIALIZERS = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "unit_normal")
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "selu", "gelu", "silu", "linear")
NORMALIZATIONS = ("none", "batch", "layer")


@dataclass(frozen=True)
class Hooks:
    """Where a caller may step in while a network is drawn; by default nothing changes.

    `station` gets the activations of each place (0 = the flat input, 1.. = hidden places) and returns what goes on.
    `normalize` gets a BatchNormalization layer and its input, and calls it.
    """

    station: Callable[[Any, int], Any] = lambda x, place: x
    normalize: Callable[[Any, Any], Any] = lambda layer, x: layer(x)


class Network(Protocol):
    """A network is a frozen value; `layers` draws it with the `keras` handed in, so this room loads no framework.

    A training row is always flat: the input is [N, F] with F the product of `inputs`. A network with `images` needs
    `inputs` (H, W, C) and gives the rows that shape itself; an Experiment refuses to show it a table.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    images: ClassVar[bool]

    def stations(self, inputs: Shape) -> tuple[Shape, ...]:
        """The shape of the activations at each station: the flat input (F,) first, then each hidden place."""

    def layers(self, keras: Any, inputs: Shape, outputs: int, hooks: Hooks, seed: int) -> tuple[Any, Any]:
        """The symbolic input and output; kernel k, in order of creation from 1, starts from `layer_seed(seed, k)`."""

    def parameters(self, inputs: Shape, outputs: int) -> int:
        """P, the trainable numbers: kernels, biases, and the scales and shifts of normalisation."""

    def multiplications(self, inputs: Shape, outputs: int) -> int:
        """Multiply-adds of the kernels in one row's forward pass: dense I * O, convolution entries * positions."""

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


def initializers(keras: Any, name: str, seed: int) -> Iterator[Any]:
    """The initialisers of kernel 1, 2, 3, ... of a network built with that seed."""
    return (initializer(keras, name, layer_seed(seed, layer)) for layer in count(1))


def build(
    network: Network, keras: Any, inputs: Shape | int, outputs: int, seed: int = 0, hooks: Hooks = Hooks()
) -> Any:
    """An ordinary keras.Model of the network: [N, F] -> logits or values [N, O]; an int F means the shape (F,)."""
    shape = (inputs,) if isinstance(inputs, int) else inputs
    return keras.Model(*network.layers(keras, shape, outputs, hooks, seed))
