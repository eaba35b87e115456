"""How the weights of a keras.Model lie in one row per member: flat [R, P]."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.networks import Network, layer_seed
from regdash.training.backend import keras, ops, split


@dataclass(frozen=True)
class Layout:
    """The shapes of a model's weights in its own order, and which numbers are kernel entries."""

    shapes: tuple[tuple[int, ...], ...]
    layers: tuple[str, ...]  # the layer of each weight
    kernels: tuple[bool, ...]

    @property
    def sizes(self) -> list[int]:
        return [int(np.prod(shape)) for shape in self.shapes]

    @property
    def size(self) -> int:
        """P, the number of trainable numbers."""
        return sum(self.sizes)

    @property
    def kernel_mask(self) -> NDArray[np.float32]:
        """[P] with 1 for kernel entries and 0 for biases."""
        return np.repeat(np.array(self.kernels, np.float32), self.sizes)

    @property
    def kernel_layers(self) -> tuple[str, ...]:
        return tuple(layer for layer, kernel in zip(self.layers, self.kernels, strict=True) if kernel)

    @property
    def indicator(self) -> NDArray[np.float32]:
        """[P, L + 1]: column l is 1 on the kernel entries of layer l, the last column on those of all layers."""
        rows = np.repeat(np.eye(len(self.shapes), dtype=np.float32), self.sizes, axis=0)[:, list(self.kernels)]
        return np.hstack([rows, rows.sum(axis=1, keepdims=True)])

    def unflatten(self, flat: Any) -> list[Any]:
        """One member's row [P] as the model's list of weights."""
        return [ops.reshape(piece, shape) for piece, shape in zip(split(flat, self.sizes), self.shapes, strict=True)]

    def arrays(self, flat: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """One member's row [P] as NumPy arrays in the model's order."""
        pieces = np.split(flat, np.cumsum(self.sizes)[:-1])
        return tuple(piece.reshape(shape) for piece, shape in zip(pieces, self.shapes, strict=True))

    def flatten(self, weights: Sequence[Any]) -> NDArray[np.float32]:
        """A model's list of weights as one row [P]."""
        return np.concatenate([np.asarray(weight, np.float32).ravel() for weight in weights])


def layout_of(model: Any) -> Layout:
    """The layout of a keras.Model's trainable weights."""
    owners = {id(v): layer.name for layer in model.layers for v in layer.trainable_variables}
    found = model.trainable_variables
    return Layout(
        shapes=tuple(tuple(v.shape) for v in found),
        layers=tuple(owners[id(v)] for v in found),
        kernels=tuple(v.name == "kernel" for v in found),
    )


@lru_cache(maxsize=256)
def initial_weights(network: Network, inputs: int, outputs: int, seed: int) -> NDArray[np.float32]:
    """[P] as Keras' own initialisers draw them for a model built with this seed.

    Kernel k comes from the network's initialiser with seed `layer_seed(seed, k)`; biases start at 0.
    """
    model = _template(network, inputs, outputs)
    rows = []
    for layer in model.layers:
        for variable in layer.trainable_variables:
            initializer = layer.kernel_initializer if variable.name == "kernel" else layer.bias_initializer
            rows.append(np.asarray(_reseeded(initializer, seed)(variable.shape)).ravel())
    flat = np.concatenate(rows).astype(np.float32)
    flat.setflags(write=False)
    return flat


@lru_cache(maxsize=64)
def _template(network: Network, inputs: int, outputs: int) -> Any:
    entry, exit_ = network.layers(keras, inputs, outputs, lambda x, place: x, 0)
    return keras.Model(entry, exit_)


def _reseeded(initializer: Any, seed: int) -> Any:
    """The same initialiser as in a model built with `seed` instead of 0."""
    config = initializer.get_config()
    if "seed" in config:
        config["seed"] = layer_seed(seed, config["seed"])
    return type(initializer).from_config(config)
