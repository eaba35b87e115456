"""Highway networks against their formula."""

import keras
import numpy as np
import pytest

from regdash.networks import Highway, build


def at(model, name):
    return keras.Model(model.input, model.get_layer(name).output)


ROWS = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)


def test_closed_gates_are_the_identity():
    model = build(Highway(width=7, depth=5, gate_bias=-100.0), keras, 3, 2, seed=1)
    np.testing.assert_array_equal(at(model, "highway_5")(ROWS), at(model, "projection")(ROWS))


def test_open_gates_are_a_plain_deep_network():
    model = build(Highway(width=7, depth=5, gate_bias=100.0, activation="tanh"), keras, 3, 2, seed=1)
    h = ROWS
    for name in ("projection", *(f"transform_{layer}" for layer in range(1, 6))):
        w, b = model.get_layer(name).get_weights()
        h = np.tanh(h @ w + b)
    np.testing.assert_allclose(at(model, "highway_5")(ROWS), h, rtol=1e-4, atol=1e-5)


def test_a_layer_mixes_what_it_computes_with_what_it_got():
    model = build(Highway(width=5, depth=1), keras, 3, 2, seed=1)
    chance = np.random.default_rng(1)
    model.set_weights([chance.normal(size=weight.shape) for weight in model.get_weights()])
    layers = ("projection", "transform_1", "gate_1", "output")
    (w, b), (wh, bh), (wt, bt), (v, c) = (model.get_layer(name).get_weights() for name in layers)
    h = np.maximum(ROWS @ w + b, 0)
    gate = 1 / (1 + np.exp(-(h @ wt + bt)))
    h = gate * np.maximum(h @ wh + bh, 0) + (1 - gate) * h
    np.testing.assert_allclose(model(ROWS), h @ v + c, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("gate_bias", [-1.0, -3.0])
def test_gates_begin_at_their_bias(gate_bias):
    model = build(Highway(width=4, depth=2, gate_bias=gate_bias), keras, 3, 1)
    for layer in (1, 2):
        np.testing.assert_array_equal(model.get_layer(f"gate_{layer}").get_weights()[1], np.full(4, gate_bias))
        assert not model.get_layer(f"transform_{layer}").get_weights()[1].any()


def test_its_figures_follow_by_hand():
    network = Highway(width=64, depth=3)
    assert network.stations((2,)) == ((2,), (64,), (64,), (64,), (64,))
    assert network.parameters((2,), 1) == (2 * 64 + 64) + 3 * 2 * (64 * 64 + 64) + (64 + 1)
    assert network.multiplications((2,), 1) == 2 * 64 + 3 * 2 * 64 * 64 + 64
