"""Where normalisation stands in a network, and that it computes its formula."""

import keras
import numpy as np
import pytest

from regdash.networks import MLP, Convolutional, ResidualConvolutional, ResidualMLP, build

EPSILON = 1e-3  # Keras' default of both layers


def kinds_of(model):
    return [type(layer).__name__ for layer in model.layers]


@pytest.mark.parametrize(("normalization", "layer"), [("batch", "BatchNormalization"), ("layer", "LayerNormalization")])
def test_in_an_mlp_it_stands_between_the_product_and_the_bend(normalization, layer):
    model = build(MLP(widths=(6, 5), normalization=normalization), keras, 3, 2)
    hidden = ["Dense", layer, "Activation"]
    assert kinds_of(model) == ["InputLayer", *hidden, *hidden, "Dense"]
    assert model.get_layer("hidden_1").activation is keras.activations.linear
    assert model.get_layer("hidden_1_activation").activation is keras.activations.relu


@pytest.mark.parametrize(("axis", "normalization"), [(0, "batch"), (1, "layer")])
def test_an_mlp_normalises_over_the_rows_or_over_the_units(axis, normalization):
    model = build(MLP(widths=(6,), normalization=normalization), keras, 3, 2, seed=1)
    chance = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(chance.normal(size=variable.shape))
    w, b, gamma, beta, v, c = (variable.numpy() for variable in model.trainable_variables)
    x = chance.normal(size=(10, 3)).astype(np.float32)
    a = x @ w + b
    spread = np.sqrt(a.var(axis=axis, keepdims=True) + EPSILON)
    h = np.maximum((a - a.mean(axis=axis, keepdims=True)) / spread * gamma + beta, 0)
    np.testing.assert_allclose(model(x, training=True), h @ v + c, rtol=1e-4, atol=1e-4)


def test_a_convolution_is_normalised_for_each_filter_over_rows_and_places():
    model = build(Convolutional(filters=(4,), normalization="batch"), keras, (8, 8, 1), 2)
    moments = keras.Model(model.input, model.get_layer("conv_1_normalization").output)
    x = np.random.default_rng(0).normal(size=(20, 64)).astype(np.float32)
    seen = np.array(moments(x, training=True))
    np.testing.assert_allclose(seen.mean(axis=(0, 1, 2)), np.zeros(4), atol=1e-5)
    np.testing.assert_allclose(seen.var(axis=(0, 1, 2)), np.ones(4), rtol=0.05)


@pytest.mark.parametrize("network", [ResidualMLP(width=5, blocks=2), ResidualConvolutional(filters=(4,), blocks=2)])
def test_a_residual_network_normalises_before_each_bend(network):
    for normalization, kind in (("batch", "BatchNormalization"), ("layer", "LayerNormalization"), ("none", None)):
        changed = type(network)(**{**vars(network), "normalization": normalization})
        kinds = kinds_of(build(changed, keras, (8, 8, 1), 2))
        assert kinds.count("Activation") == 2 * 2 + 1
        assert kind is None or kinds.count(kind) == 2 * 2 + 1
        assert kind or not any("Normalization" in each for each in kinds)
