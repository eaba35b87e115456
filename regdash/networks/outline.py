"""The shapes and sizes of a network, read off its own drawing without any framework.

A network draws itself with the `keras` that it is given. Here it is given a stand-in whose layers only work out
the shape of their output and count their weights, so that no network has to state its architecture twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from regdash.networks.build import Hooks, Network, Shape


@dataclass(frozen=True)
class Outline:
    """What is known of a network before any framework is loaded."""

    stations: tuple[Shape, ...]
    parameters: int
    multiplications: int


@lru_cache(maxsize=512)
def outline(network: Network, inputs: Shape, outputs: int) -> Outline:
    """The stations, trainable numbers and multiply-adds of a network."""
    paper = Paper()
    stations: list[Shape] = []

    def station(x: Activations, place: int) -> Activations:
        stations.append(x.shape[1:])
        return x

    network.layers(paper, inputs, outputs, Hooks(station=station), 0)
    return Outline(tuple(stations), paper.parameters, paper.multiplications)


class Outlined:
    """A network whose figures follow from its `layers`."""

    def stations(self: Network, inputs: Shape) -> tuple[Shape, ...]:
        """The shape of the activations at each station: the flat input (F,) first, then each hidden place."""
        return outline(self, inputs, 1).stations

    def parameters(self: Network, inputs: Shape, outputs: int) -> int:
        """P, the trainable numbers: kernels, biases, and the scales and shifts of normalisation."""
        return outline(self, inputs, outputs).parameters

    def multiplications(self: Network, inputs: Shape, outputs: int) -> int:
        """Multiply-adds of the kernels in one row's forward pass: dense I * O, convolution entries * positions."""
        return outline(self, inputs, outputs).multiplications


@dataclass(frozen=True)
class Activations:
    """A symbolic tensor with nothing but a shape; its first axis, the rows, is None as in Keras."""

    shape: tuple[Any, ...]


Call = Callable[[Any], Activations]


class Initializers:
    """Stands in for `keras.initializers`: any of them, drawing nothing."""

    class Blank:
        def __init__(self, *given: object, **named: object) -> None: ...

    Constant = RandomNormal = Zeros = Blank

    def get(self, name: str) -> object:
        return self.Blank()


class Paper:
    """Stands in for `keras` and `keras.layers`: each layer gives the shape of its output and counts its weights."""

    def __init__(self) -> None:
        self.layers = self
        self.initializers = Initializers()
        self.parameters = 0
        self.multiplications = 0

    def Input(self, shape: Shape, name: str) -> Activations:  # noqa: N802
        return Activations((None, *shape))

    def Dense(self, units: int, activation: str | None = None, **facts: Any) -> Call:  # noqa: N802
        def call(x: Activations) -> Activations:
            entries = x.shape[-1] * units
            self._count(entries, units, positions=1)
            return Activations((*x.shape[:-1], units))

        return call

    def Conv2D(self, filters: int, kernel_size: int, strides: int = 1, **facts: Any) -> Call:  # noqa: N802
        def call(x: Activations) -> Activations:
            sides = _halved(x.shape[1:3], strides)
            self._count(kernel_size**2 * x.shape[-1] * filters, filters, positions=prod(sides))
            return Activations((None, *sides, filters))

        return call

    def BatchNormalization(self, **facts: Any) -> Call:  # noqa: N802
        return self._scaled

    LayerNormalization = BatchNormalization

    def MaxPooling2D(self, pool_size: int, **facts: Any) -> Call:  # noqa: N802
        return lambda x: Activations((None, *_halved(x.shape[1:3], pool_size), x.shape[-1]))

    AveragePooling2D = MaxPooling2D

    def GlobalAveragePooling2D(self, **facts: Any) -> Call:  # noqa: N802
        return lambda x: Activations((None, x.shape[-1]))

    def Flatten(self, **facts: Any) -> Call:  # noqa: N802
        return lambda x: Activations((None, prod(x.shape[1:])))

    def Reshape(self, shape: Shape, **facts: Any) -> Call:  # noqa: N802
        return lambda x: Activations((None, *shape))

    def Activation(self, activation: str, **facts: Any) -> Call:  # noqa: N802
        return lambda x: x

    def Add(self, **facts: Any) -> Call:  # noqa: N802
        return lambda several: several[0]

    Subtract = Multiply = Add

    def _scaled(self, x: Activations) -> Activations:
        self.parameters += 2 * x.shape[-1]
        return x

    def _count(self, entries: int, biases: int, positions: int) -> None:
        self.parameters += entries + biases
        self.multiplications += entries * positions


def _halved(sides: Sequence[int], step: int) -> tuple[int, ...]:
    """Sides after moving in steps with "same" padding: ceil(side / step)."""
    return tuple(-(-side // step) for side in sides)
