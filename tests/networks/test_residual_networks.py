"""Residual networks: the way past a block is the identity, and a plain network has the same layers."""

import keras
import numpy as np
import pytest

from regdash.networks import Hooks, ResidualConvolutional, ResidualMLP, build


def at(model, name):
    return keras.Model(model.input, model.get_layer(name).output)


def silence(model, suffix):
    """Set the last kernel of every block to 0, so that it adds nothing."""
    for layer in model.layers:
        if layer.name.endswith(suffix):
            layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_blocks_of_zeros_pass_the_projection_on_unchanged(normalization):
    model = build(ResidualMLP(width=7, blocks=4, normalization=normalization), keras, 3, 2, seed=1)
    silence(model, "_second")
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    np.testing.assert_array_equal(at(model, "skip_4")(x), at(model, "projection")(x))


def test_blocks_of_zeros_leave_one_bend_between_projection_and_output():
    model = build(ResidualMLP(width=7, blocks=4), keras, 3, 2, seed=1)
    silence(model, "_second")
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    (w, b), (v, c) = (model.get_layer(name).get_weights() for name in ("projection", "output"))
    np.testing.assert_allclose(model(x), np.maximum(x @ w + b, 0) @ v + c, rtol=1e-5, atol=1e-6)


def test_without_skip_blocks_of_zeros_answer_nothing():
    model = build(ResidualMLP(width=7, blocks=4, skip=False), keras, 3, 2, seed=1)
    silence(model, "_second")
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    assert not np.array(model(x)).any()


def test_a_block_computes_its_formula():
    model = build(ResidualMLP(width=5, blocks=1, activation="tanh"), keras, 3, 2, seed=1)
    chance = np.random.default_rng(0)
    model.set_weights([chance.normal(size=weight.shape) for weight in model.get_weights()])
    w, b, w1, b1, w2, b2, v, c = model.get_weights()
    x = chance.normal(size=(9, 3)).astype(np.float32)
    h = x @ w + b
    h = h + np.tanh(np.tanh(h) @ w1 + b1) @ w2 + b2
    np.testing.assert_allclose(model(x), np.tanh(h) @ v + c, rtol=1e-4, atol=1e-5)


def test_the_plain_network_starts_from_the_same_weights():
    residual, plain = (build(ResidualMLP(width=5, blocks=3, skip=on), keras, 3, 2, seed=4) for on in (True, False))
    for one, other in zip(residual.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_dense_figures_follow_by_hand():
    network = ResidualMLP(width=64, blocks=3)
    assert network.stations((2,)) == ((2,), (64,), (64,), (64,), (64,))
    assert network.parameters((2,), 1) == (2 * 64 + 64) + 6 * (64 * 64 + 64) + (64 + 1)
    assert network.multiplications((2,), 1) == 2 * 64 + 6 * 64 * 64 + 64
    normalised = ResidualMLP(width=64, blocks=3, normalization="batch")
    assert normalised.parameters((2,), 1) - network.parameters((2,), 1) == 7 * 2 * 64


def test_convolutional_figures_follow_by_hand():
    network = ResidualConvolutional(normalization="none")
    assert network.stations((8, 8, 1)) == ((64,), (8, 8, 16), (4, 4, 32), (32,))
    kernels = [(9 * 1 * 16, 64), (9 * 16 * 16, 64), (9 * 16 * 16, 64)]
    kernels += [(9 * 16 * 32, 16), (9 * 32 * 32, 16), (16 * 32, 16), (32 * 10, 1)]
    biases = 16 + 16 + 16 + 32 + 32 + 32 + 10
    assert network.parameters((8, 8, 1), 10) == sum(entries for entries, _ in kernels) + biases
    assert network.multiplications((8, 8, 1), 10) == sum(entries * places for entries, places in kernels)


def test_convolutional_blocks_of_zeros_pass_the_image_on_within_a_stage():
    model = build(ResidualConvolutional(filters=(4, 6), blocks=2), keras, (8, 8, 1), 2, seed=1)
    silence(model, "_second")
    x = np.random.default_rng(0).normal(size=(3, 64)).astype(np.float32)
    np.testing.assert_array_equal(at(model, "skip_2")(x), at(model, "stem")(x))
    np.testing.assert_array_equal(at(model, "skip_3")(x), at(model, "block_3_projection")(x))
    np.testing.assert_array_equal(at(model, "skip_4")(x), at(model, "block_3_projection")(x))
    assert at(model, "skip_4").output_shape == (None, 4, 4, 6)


def test_a_plain_convolutional_network_has_neither_sums_nor_projections():
    names = [layer.name for layer in build(ResidualConvolutional(skip=False), keras, (8, 8, 1), 2).layers]
    assert not any(name.startswith("skip") or name.endswith("projection") for name in names)


def test_dropping_every_inner_activation_leaves_the_identity():
    """The stations of the blocks lie beside the way past them."""
    network = ResidualMLP(width=7, blocks=4)

    def emptied(x, place):
        return keras.layers.Rescaling(0.0)(x) if 1 <= place <= 4 else x

    model = build(network, keras, 3, 2, seed=1, hooks=Hooks(station=emptied))
    x = np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)
    np.testing.assert_array_equal(at(model, "skip_4")(x), at(model, "projection")(x))
