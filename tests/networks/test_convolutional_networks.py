"""The convolutional network against SciPy's correlation, closed forms and the sides of its images."""

import keras
import numpy as np
import pytest
from scipy.signal import correlate2d

from regdash.networks import Convolutional, build


def test_its_figures_on_eight_by_eight_digits_follow_by_hand():
    network = Convolutional()
    assert network.stations((8, 8, 1)) == ((64,), (8, 8, 16), (4, 4, 32), (64,))
    weights = (9 * 1 * 16 + 16) + (9 * 16 * 32 + 32) + (2 * 2 * 32 * 64 + 64) + (64 * 10 + 10)
    products = 9 * 1 * 16 * 64 + 9 * 16 * 32 * 16 + 2 * 2 * 32 * 64 + 64 * 10
    assert network.parameters((8, 8, 1), 10) == weights
    assert network.multiplications((8, 8, 1), 10) == products


def test_pooling_halves_the_image_rounding_up_and_stops_when_a_side_is_one():
    three = Convolutional(filters=(2, 2, 2), widths=())
    assert three.stations((8, 8, 1))[1:] == ((8, 8, 2), (4, 4, 2), (2, 2, 2))
    assert three.stations((5, 7, 1))[1:] == ((5, 7, 2), (3, 4, 2), (2, 2, 2))
    assert three.stations((2, 6, 1))[1:] == ((2, 6, 2), (1, 3, 2), (1, 3, 2))
    names = [layer.name for layer in build(three, keras, (2, 6, 1), 1).layers]
    assert [name for name in names if name.startswith("pool")] == ["pool_1"]


def test_without_pooling_the_image_keeps_its_size():
    network = Convolutional(filters=(2, 3), pooling="none", widths=())
    assert network.stations((8, 8, 1))[1:] == ((8, 8, 2), (8, 8, 3))
    assert network.parameters((8, 8, 1), 1) == (9 * 2 + 2) + (9 * 2 * 3 + 3) + (8 * 8 * 3 + 1)


@pytest.mark.parametrize(("pooling", "join"), [("max", np.max), ("average", np.mean)])
def test_it_computes_correlation_bend_and_pooling(pooling, join):
    model = build(Convolutional(filters=(3,), pooling=pooling, widths=(), activation="tanh"), keras, (6, 4, 2), 2, 1)
    chance = np.random.default_rng(0)
    model.set_weights([chance.normal(size=weight.shape) for weight in model.get_weights()])
    kernel, bias, w, b = model.get_weights()
    x = chance.normal(size=(5, 6, 4, 2)).astype(np.float32)
    images = [
        [sum(correlate2d(row[..., i], kernel[..., i, o], "same") for i in range(2)) + bias[o] for o in range(3)]
        for row in x
    ]
    bent = np.tanh(np.moveaxis(np.array(images), 1, -1))
    pooled = join(bent.reshape(5, 3, 2, 2, 2, 3), axis=(2, 4))
    np.testing.assert_allclose(model(x.reshape(5, -1)), pooled.reshape(5, -1) @ w + b, rtol=1e-4, atol=1e-4)


def test_squeeze_and_excitation_multiplies_each_filter_by_its_own_gate():
    model = build(Convolutional(filters=(8,), squeeze=True, widths=()), keras, (4, 4, 1), 2, seed=3)
    before, after = (keras.Model(model.input, model.get_layer(name).output) for name in ("conv_1", "gated_1"))
    x = np.random.default_rng(0).normal(size=(5, 16)).astype(np.float32)
    h = np.array(before(x))
    (w1, b1), (w2, b2) = (model.get_layer(name).get_weights() for name in ("squeeze_1", "excite_1"))
    assert w1.shape == (8, 2)
    gates = 1 / (1 + np.exp(-(np.maximum(h.mean(axis=(1, 2)) @ w1 + b1, 0) @ w2 + b2)))
    np.testing.assert_allclose(after(x), h * gates[:, None, None, :], rtol=1e-5, atol=1e-6)


def test_gates_cost_two_small_dense_layers_for_each_convolution():
    plain, gated = (Convolutional(filters=(8, 3), squeeze=on) for on in (False, True))
    extra = (8 * 2 + 2) + (2 * 8 + 8) + (3 * 1 + 1) + (1 * 3 + 3)
    assert gated.parameters((8, 8, 1), 10) - plain.parameters((8, 8, 1), 10) == extra
    assert gated.stations((8, 8, 1)) == plain.stations((8, 8, 1))
