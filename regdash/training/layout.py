"""How the weights of a keras.Model lie in one row per member: first the P trainable numbers, then the Q others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import shape_of
from regdash.datasets.recent import remembered
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.networks import Network, Shape, build, layer_seed
from regdash.training.backend import keras, ops, split

Row = NDArray[np.float32]


@dataclass(frozen=True)
class Variable:
    """One weight of a model: the layer it belongs to, its name there, its shape and whether it is trained."""

    layer: str
    name: str
    shape: tuple[int, ...]
    trainable: bool

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def kernel(self) -> bool:
        """Whether it is a kernel, [..., I, O]; only kernels are penalised."""
        return self.name == "kernel"


@dataclass(frozen=True)
class Layout:
    """The variables of a model in the order of `model.weights`."""

    variables: tuple[Variable, ...]

    @cached_property
    def trainable(self) -> tuple[Variable, ...]:
        return tuple(v for v in self.variables if v.trainable)

    @cached_property
    def moving(self) -> tuple[Variable, ...]:
        """The numbers that training keeps without a gradient: the running statistics of batch normalisation."""
        return tuple(v for v in self.variables if not v.trainable)

    @cached_property
    def sizes(self) -> list[int]:
        return [v.size for v in self.trainable]

    @cached_property
    def size(self) -> int:
        """P, the number of trainable numbers."""
        return sum(self.sizes)

    @cached_property
    def moving_size(self) -> int:
        """Q, the number of the others."""
        return sum(v.size for v in self.moving)

    @cached_property
    def kernel_mask(self) -> Row:
        """[P] with 1 for kernel entries and 0 for biases and scales."""
        return np.repeat(np.array([v.kernel for v in self.trainable], np.float32), self.sizes)

    @cached_property
    def kernel_layers(self) -> tuple[str, ...]:
        return tuple(v.layer for v in self.trainable if v.kernel)

    @cached_property
    def kernel_places(self) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
        """Where each kernel lies in [P]: its first number, the number after its last, and its shape."""
        ends = np.cumsum(self.sizes)
        found = zip(self.trainable, ends, strict=True)
        return tuple((int(end) - v.size, int(end), v.shape) for v, end in found if v.kernel)

    def unflatten(self, flat: Any, names: Sequence[tuple[str, str]] | None = None) -> list[Any]:
        """One member's trainable numbers [P] as a model's list of weights, in the order of `names`."""
        return self._pieces(flat, self.trainable, names)

    def unflatten_moving(self, flat: Any, names: Sequence[tuple[str, str]] | None = None) -> list[Any]:
        """One member's other numbers [Q] as a model's list of non-trainable weights."""
        return self._pieces(flat, self.moving, names) if self.moving else []

    def flatten_moving(self, values: Sequence[Any], names: Sequence[tuple[str, str]]) -> Any:
        """The other way round: a model's non-trainable weights as one row [Q]."""
        by_name = dict(zip(names, values, strict=True))
        return ops.concatenate([ops.reshape(by_name[v.layer, v.name], (v.size,)) for v in self.moving])

    @staticmethod
    def _pieces(flat: Any, variables: tuple[Variable, ...], names: Sequence[tuple[str, str]] | None) -> list[Any]:
        pieces = zip(split(flat, [v.size for v in variables]), variables, strict=True)
        shaped = {(v.layer, v.name): ops.reshape(piece, v.shape) for piece, v in pieces}
        return [shaped[name] for name in names] if names is not None else list(shaped.values())

    def arrays(self, row: Row) -> tuple[Row, ...]:
        """One member's row [P + Q] as NumPy arrays in the order of `model.weights`."""
        pieces = np.split(row, np.cumsum([v.size for v in (*self.trainable, *self.moving)])[:-1])
        found = dict(zip((*self.trainable, *self.moving), pieces, strict=True))
        return tuple(found[v].reshape(v.shape) for v in self.variables)

    def flatten(self, weights: Sequence[Any]) -> Row:
        """A model's list of weights, in the order of `model.weights`, as one row [P + Q]."""
        found = dict(zip(self.variables, weights, strict=True))
        rows = [np.asarray(found[v], np.float32).ravel() for v in (*self.trainable, *self.moving)]
        return np.concatenate(rows)


def layout_of(model: Any) -> Layout:
    """The layout of a keras.Model."""
    return Layout(tuple(Variable(*name, tuple(v.shape), v.trainable) for name, v in named(model)))


def named(model: Any) -> list[tuple[tuple[str, str], Any]]:
    """The variables of a model in the order of `model.weights`, each with its layer and its name there."""
    owners = {id(v): layer.name for layer in model.layers for v in layer.variables}
    return [((owners[id(v)], v.name), v) for v in model.weights]


def _bytes(row: Row) -> int:
    return row.nbytes


@remembered(1024, 2**28, _bytes)
def initial_weights(network: Network, inputs: Shape, outputs: int, seed: int) -> Row:
    """[P + Q] as Keras' own initialisers draw them for a model built with this seed.

    Kernel k comes from the network's initialiser with seed `layer_seed(seed, k)`; biases start at 0.
    """
    model = _template(network, inputs, outputs)
    layers = {layer.name: layer for layer in model.layers}
    layout = layout_of(model)
    values = []
    for v, built in zip(layout.variables, model.weights, strict=True):
        initializer = getattr(layers[v.layer], f"{v.name}_initializer")
        config = initializer.get_config()
        drawn = built if "seed" not in config else _reseeded(initializer, config, seed)(v.shape)
        values.append(np.asarray(keras.ops.convert_to_numpy(drawn)))
    flat = layout.flatten(values)
    flat.setflags(write=False)
    return flat


@lru_cache(maxsize=64)
def _template(network: Network, inputs: Shape, outputs: int) -> Any:
    return build(network, keras, inputs, outputs)


def flat_weights(experiment: Experiment, weights: Sequence[Any]) -> Row:
    """Weights as `keras.Model.get_weights` lists them as one row [P + Q]; RegdashError says which do not fit."""
    model = _template(experiment.network, shape_of(experiment.data), _outputs(experiment))
    layout = layout_of(model)
    expected, got = [v.shape for v in layout.variables], [tuple(np.shape(weight)) for weight in weights]
    if expected != got:
        raise RegdashError(f"the initial weights must have the shapes {expected}, got {got}")
    return layout.flatten(weights)


def _outputs(experiment: Experiment) -> int:
    return experiment.data.classes if experiment.data.classes > 2 else 1


def _reseeded(initializer: Any, config: Mapping[str, Any], seed: int) -> Any:
    """The same initialiser as in a model built with `seed` instead of 0."""
    return type(initializer).from_config({**config, "seed": layer_seed(seed, config["seed"])})
