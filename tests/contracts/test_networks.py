"""Every network as an ordinary keras.Model, its weights against Keras' own initialisers."""

import dataclasses
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from regdash.networks import (
    MLP,
    NETWORKS,
    Convolutional,
    Highway,
    Hooks,
    Linear,
    ResidualConvolutional,
    ResidualMLP,
    build,
    layer_seed,
)
from regdash.networks.build import INITIALIZERS, NORMALIZATIONS
from regdash.params import params_of, problems

VARIANTS = [
    *(kind() for kind in NETWORKS),
    MLP(widths=()),
    MLP(widths=(1, 3, 3), activation="selu", normalization="batch"),
    MLP(widths=(5, 4), normalization="layer"),
    Convolutional(filters=(), widths=()),
    Convolutional(filters=(3,), kernel_size=5, pooling="none", widths=(), squeeze=True),
    Convolutional(filters=(4, 8, 5), pooling="average", widths=(6, 5), normalization="batch", squeeze=True),
    Convolutional(filters=(2, 3), normalization="layer"),
    ResidualMLP(width=5, blocks=2, skip=False),
    ResidualMLP(width=5, blocks=16, normalization="layer"),
    ResidualMLP(width=3, blocks=1, normalization="batch"),
    ResidualConvolutional(filters=(4, 4, 6), blocks=2),
    ResidualConvolutional(filters=(3, 4), skip=False, normalization="none"),
    ResidualConvolutional(filters=(), normalization="batch"),
    ResidualConvolutional(filters=(2, 3), normalization="layer"),
    Highway(width=4, depth=20),
]
every_network = pytest.mark.parametrize("network", VARIANTS, ids=lambda it: f"{it.name}-{VARIANTS.index(it)}")
every_kind = pytest.mark.parametrize("kind", NETWORKS, ids=lambda kind: kind.name)

PEERS = {
    "glorot_uniform": keras.initializers.GlorotUniform,
    "glorot_normal": keras.initializers.GlorotNormal,
    "he_uniform": keras.initializers.HeUniform,
    "he_normal": keras.initializers.HeNormal,
    "lecun_normal": keras.initializers.LecunNormal,
    "unit_normal": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed=seed),
}


def shapes_for(network: Any) -> list[tuple[int, ...]]:
    return [(8, 8, 1), (5, 7, 3), (1, 4, 2)] if network.images else [(2,), (64,), (8, 8, 1)]


@cache
def built(network: Any, inputs: tuple[int, ...], outputs: int) -> Any:
    """The model of a network, to be looked at and not to be changed."""
    return build(network, keras, inputs, outputs)


def rows_for(inputs: tuple[int, ...], rows: int = 6) -> Any:
    return np.random.default_rng(0).normal(size=(rows, prod(inputs))).astype(np.float32)


def test_every_kind_of_network_is_tested_in_several_variants() -> None:
    assert all(sum(type(each) is kind for each in VARIANTS) >= 2 for kind in NETWORKS if kind is not Linear)
    assert all(problems(network) == {} for network in VARIANTS)


@every_network
def test_it_is_an_ordinary_model_of_the_right_shape(network: Any) -> None:
    for inputs, outputs in zip(shapes_for(network), (1, 10, 3), strict=True):
        model = built(network, inputs, outputs)
        assert isinstance(model, keras.Model)
        assert model.input_shape == (None, prod(inputs))
        assert model.output_shape == (None, outputs)
        assert model.inputs[0].name == "inputs"


@every_network
def test_the_trainable_numbers_are_counted_as_keras_counts_them(network: Any) -> None:
    for inputs, outputs in zip(shapes_for(network), (1, 10, 3), strict=True):
        trainable = built(network, inputs, outputs).trainable_variables
        assert network.parameters(inputs, outputs) == sum(prod(variable.shape) for variable in trainable)


@every_network
def test_the_multiplications_are_entries_of_each_kernel_times_its_positions(network: Any) -> None:
    for inputs, outputs in zip(shapes_for(network), (1, 10, 3), strict=True):
        model = built(network, inputs, outputs)
        kernels = [layer for layer in model.layers if hasattr(layer, "kernel")]
        products = [prod(layer.kernel.shape) * prod(layer.output.shape[1:-1]) for layer in kernels]
        assert network.multiplications(inputs, outputs) == sum(products)


@every_network
def test_every_station_is_visited_once_in_order_with_its_shape(network: Any) -> None:
    for inputs in shapes_for(network):
        visited = []

        def station(activations: Any, place: int, visited: list[Any] = visited) -> Any:
            visited.append((place, tuple(activations.shape[1:])))
            return activations

        build(network, keras, inputs, 2, hooks=Hooks(station=station))
        assert visited == list(enumerate(network.stations(inputs)))
        assert visited[0] == (0, (prod(inputs),))


@every_network
def test_what_a_station_returns_goes_on(network: Any) -> None:
    inputs = shapes_for(network)[0]
    untouched = build(network, keras, inputs, 2)(rows_for(inputs))
    last = len(network.stations(inputs)) - 1
    for place in {0, 1, last} & set(range(last + 1)):

        def blocked(x: Any, here: int, place: int = place) -> Any:
            return keras.layers.Rescaling(0.0)(x) if here == place else x

        seen = build(network, keras, inputs, 2, hooks=Hooks(station=blocked))(rows_for(inputs))
        if not getattr(network, "skip", False) or place in (0, last):
            np.testing.assert_allclose(seen, np.broadcast_to(seen[:1], seen.shape), atol=1e-6)
        assert not np.allclose(seen, untouched)


@every_network
def test_every_batch_normalisation_is_called_by_the_hook(network: Any) -> None:
    called = []

    def normalize(layer: Any, x: Any) -> Any:
        called.append(layer.name)
        return layer(x)

    model = build(network, keras, shapes_for(network)[0], 2, hooks=Hooks(normalize=normalize))
    found = [layer.name for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert sorted(called) == sorted(found)
    assert bool(found) == (
        getattr(network, "normalization", "none") == "batch" and len(network.stations((8, 8, 1))) > 1
    )


@every_network
def test_no_two_layers_have_the_same_name_and_names_do_not_depend_on_what_was_built_before(network: Any) -> None:
    models = (built(network, (8, 8, 1), 2), build(network, keras, (8, 8, 1), 2))
    first, again = ([layer.name for layer in model.layers] for model in models)
    assert first == again
    assert len(set(first)) == len(first)
    assert all(name.replace("_", "").isalnum() and name.islower() for name in first)
    assert first[-1] == "output"


@every_network
def test_only_ordinary_keras_layers_are_used(network: Any) -> None:
    model = built(network, (8, 8, 1), 2)
    assert all(type(layer) is getattr(keras.layers, type(layer).__name__) for layer in model.layers)
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in model.layers)


@every_network
def test_what_is_to_be_penalised_is_called_kernel_and_nothing_else_has_more_than_one_axis(network: Any) -> None:
    for variable in built(network, (8, 8, 1), 2).trainable_variables:
        assert (variable.name == "kernel") == (len(variable.shape) > 1)
        assert variable.name in ("kernel", "bias", "gamma", "beta")


@every_network
def test_each_variable_starts_from_the_initialiser_that_its_layer_keeps_under_its_name(network: Any) -> None:
    for layer in build(network, keras, (8, 8, 1), 2, seed=5).layers:
        for variable in layer.trainable_variables:
            kept = getattr(layer, f"{variable.name}_initializer")
            np.testing.assert_array_equal(variable.numpy(), kept(variable.shape))


@every_network
def test_kernels_take_the_seeds_of_their_numbers_from_one_on(network: Any) -> None:
    layers = build(network, keras, (8, 8, 1), 2, seed=7).layers
    seeds = sorted(layer.kernel_initializer.seed for layer in layers if hasattr(layer, "kernel"))
    assert seeds == [layer_seed(7, number) for number in range(1, len(seeds) + 1)]
    assert len(seeds) < 100, "a hundredth kernel would share the seed of the next member's first"


@every_network
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(network: Any) -> None:
    models = (build(network, keras, (8, 8, 1), 2, seed) for seed in (3, 3, 4))
    first, again, other = (model.trainable_variables for model in models)
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert one.name != "kernel" or not np.array_equal(one, different)


@every_kind
@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_are_those_of_keras_with_the_seed_of_the_layer(kind: Any, name: str) -> None:
    model = build(kind(initializer=name), keras, (4, 4, 1), 2, seed=11)
    for layer in (layer for layer in model.layers if hasattr(layer, "kernel")):
        made = PEERS[name](seed=layer.kernel_initializer.seed)(layer.kernel.shape)
        np.testing.assert_array_equal(layer.kernel, made)


@every_network
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own, with NumPy 2
def test_saved_and_loaded_without_custom_objects_it_predicts_the_same(network: Any, tmp_path: Path) -> None:
    inputs = shapes_for(network)[1]
    model = build(network, keras, inputs, 3, seed=2)
    model.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras", safe_mode=True)
    np.testing.assert_allclose(loaded(rows_for(inputs)), model(rows_for(inputs)), rtol=1e-6, atol=1e-6)


@every_network
def test_the_answer_to_the_mean_input_is_a_logit_and_not_a_probability(network: Any) -> None:
    model = built(network, (8, 8, 1), 2)
    if getattr(network, "activation", "") != "selu" and not isinstance(network, Highway):
        np.testing.assert_allclose(model(np.zeros((1, 64), np.float32)), np.zeros((1, 2)), atol=1e-7)
    assert model.layers[-1].activation is keras.activations.linear


@every_kind
def test_every_choice_that_is_offered_builds(kind: Any) -> None:
    inputs = (4, 4, 1)
    for declared in (each for each in params_of(kind) if each.kind == "choice"):
        for choice in declared.choices:
            network = dataclasses.replace(kind(), **{declared.name: choice})
            assert network.parameters(inputs, 2) == sum(
                prod(variable.shape) for variable in build(network, keras, inputs, 2).trainable_variables
            )


def test_no_two_layers_of_neighbouring_seeds_share_a_seed() -> None:
    seeds = [layer_seed(seed, layer) for seed in range(50) for layer in range(1, 100)]
    assert len(set(seeds)) == len(seeds)


def test_every_normalisation_that_can_be_chosen_is_known_here() -> None:
    assert NORMALIZATIONS == ("none", "batch", "layer")
