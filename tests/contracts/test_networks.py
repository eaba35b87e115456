"""Every network as an ordinary keras.Model, its weights against Keras' own initialisers."""

from typing import Any

import keras
import numpy as np
import pytest
from scipy.special import erf, expit

from regdash.networks import MLP, NETWORKS, Linear, build, layer_seed, parameter_count
from regdash.networks.build import INITIALIZERS

every_network = pytest.mark.parametrize("kind", NETWORKS, ids=lambda kind: kind.name)

PEERS = {
    "glorot_uniform": keras.initializers.GlorotUniform,
    "glorot_normal": keras.initializers.GlorotNormal,
    "he_uniform": keras.initializers.HeUniform,
    "he_normal": keras.initializers.HeNormal,
    "lecun_normal": keras.initializers.LecunNormal,
    "unit_normal": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed=seed),
}

BENDS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": expit,
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "silu": lambda z: z * expit(z),
    "linear": lambda z: z,
}


@every_network
@pytest.mark.parametrize(("inputs", "outputs"), [(2, 1), (64, 10)])
def test_it_is_an_ordinary_model_of_the_right_shape(kind: Any, inputs: int, outputs: int) -> None:
    model = build(kind(), keras, inputs, outputs)
    assert isinstance(model, keras.Model)
    assert model.input_shape == (None, inputs)
    assert model.output_shape == (None, outputs)
    assert model.count_params() == parameter_count(kind(), inputs, outputs)
    assert len(model.trainable_variables) == len(model.variables)


@every_network
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(kind: Any) -> None:
    first, again, other = (build(kind(), keras, 2, 1, seed).get_weights() for seed in (3, 3, 4))
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert one.ndim == 1 or not np.array_equal(one, different)


@every_network
@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_are_those_of_keras_with_the_seed_of_the_layer(kind: Any, name: str) -> None:
    network = kind(initializer=name)
    kernels = build(network, keras, 3, 2, seed=11).get_weights()[::2]
    widths = (*network.widths_at(3), 2)
    for layer, kernel in enumerate(kernels, start=1):
        made = PEERS[name](seed=layer_seed(11, layer))((widths[layer - 1], widths[layer]))
        np.testing.assert_array_equal(kernel, made)


@every_network
def test_biases_begin_at_zero(kind: Any) -> None:
    assert all(not bias.any() for bias in build(kind(), keras, 5, 3).get_weights()[1::2])


@every_network
def test_the_answer_to_the_mean_input_is_a_logit_and_not_a_probability(kind: Any) -> None:
    model = build(kind(), keras, 4, 3)
    np.testing.assert_array_equal(model(np.zeros((1, 4), np.float32)), np.zeros((1, 3)))


@every_network
def test_every_station_is_visited_once_in_order_with_its_width(kind: Any) -> None:
    visited = []

    def station(activations: Any, place: int) -> Any:
        visited.append((place, activations.shape[-1]))
        return activations

    build(kind(), keras, 7, 2, dropout=station)
    assert visited == list(enumerate(kind().widths_at(7)))


def test_layers_of_equal_shape_begin_with_different_weights() -> None:
    _, _, second, _, third, _, _, _ = build(MLP(widths=(8, 8, 8)), keras, 2, 1).get_weights()
    assert second.shape == third.shape
    assert not np.array_equal(second, third)


def test_no_two_layers_of_neighbouring_seeds_share_a_seed() -> None:
    seeds = [layer_seed(seed, layer) for seed in range(50) for layer in range(1, 8)]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("activation", BENDS)
def test_an_mlp_computes_its_formula(activation: str) -> None:
    model = build(MLP(widths=(6, 5), activation=activation), keras, 3, 2, seed=1)
    chance = np.random.default_rng(0)
    model.set_weights([chance.normal(size=weight.shape) for weight in model.get_weights()])
    w1, b1, w2, b2, w3, b3 = model.get_weights()
    x, bend = chance.normal(size=(10, 3)).astype(np.float32), BENDS[activation]
    np.testing.assert_allclose(model(x), bend(bend(x @ w1 + b1) @ w2 + b2) @ w3 + b3, rtol=1e-4, atol=1e-5)


def test_every_activation_that_can_be_chosen_has_its_formula_here() -> None:
    declared = next(field for field in MLP.__dataclass_fields__.values() if field.name == "activation")
    assert set(declared.metadata["param"].choices) == set(BENDS)


def test_a_linear_network_can_begin_at_zero() -> None:
    assert not any(weight.any() for weight in build(Linear("zeros"), keras, 4, 3).get_weights())


def test_an_mlp_without_hidden_layers_is_the_linear_network() -> None:
    assert parameter_count(MLP(widths=()), 10, 3) == parameter_count(Linear(), 10, 3) == 10 * 3 + 3
