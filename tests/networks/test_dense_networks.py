"""Dense and linear networks against their formulas."""

import keras
import numpy as np
import pytest
from scipy.special import erf, expit

from regdash.networks import MLP, Linear, build
from regdash.networks.build import ACTIVATIONS

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer and others, arXiv 1706.02515

BENDS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": expit,
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "selu": lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(z)),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "silu": lambda z: z * expit(z),
    "linear": lambda z: z,
}


@pytest.mark.parametrize("activation", BENDS)
def test_an_mlp_computes_its_formula(activation: str) -> None:
    model = build(MLP(widths=(6, 5), activation=activation), keras, 3, 2, seed=1)
    chance = np.random.default_rng(0)
    model.set_weights([chance.normal(size=weight.shape) for weight in model.get_weights()])
    w1, b1, w2, b2, w3, b3 = model.get_weights()
    x, bend = chance.normal(size=(10, 3)).astype(np.float32), BENDS[activation]
    np.testing.assert_allclose(model(x), bend(bend(x @ w1 + b1) @ w2 + b2) @ w3 + b3, rtol=1e-4, atol=1e-5)


def test_every_activation_that_can_be_chosen_has_its_formula_here() -> None:
    assert set(ACTIVATIONS) == set(BENDS)


def test_an_mlp_without_normalisation_is_dense_layers_and_nothing_else() -> None:
    model = build(MLP(widths=(6, 5), activation="tanh"), keras, 3, 2)
    assert [layer.name for layer in model.layers] == ["inputs", "hidden_1", "hidden_2", "output"]
    assert model.layers[1].activation is keras.activations.tanh


def test_a_linear_network_can_begin_at_zero() -> None:
    assert not any(weight.any() for weight in build(Linear("zeros"), keras, 4, 3).get_weights())


def test_an_mlp_without_hidden_layers_is_the_linear_network() -> None:
    assert MLP(widths=()).parameters((10,), 3) == Linear().parameters((10,), 3) == 10 * 3 + 3
