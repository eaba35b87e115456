"""Gaussian, spatial and alpha dropout and input noise against Keras' layers with the same draws."""

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from regdash.regularizers import AlphaDropout, GaussianDropout, InputNoise, SpatialDropout
from regdash.training.backend import keras

X = np.random.default_rng(0).normal(size=(50, 40)).astype(np.float32)
rates = pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])


def normals(seed: int) -> Any:
    """The standard normal numbers that a Keras layer with this seed draws first."""
    return np.asarray(keras.random.normal(X.shape, seed=keras.random.SeedGenerator(seed)))


def test_gaussian_dropout_with_the_draws_of_keras_gives_what_keras_gives() -> None:
    theirs = keras.layers.GaussianDropout(0.3, seed=7)(X, training=True)
    np.testing.assert_allclose(X * GaussianDropout.multiplier(normals(7), 0.3, np), theirs, rtol=1e-4, atol=1e-6)


@rates
def test_the_factor_of_gaussian_dropout_has_the_mean_and_the_spread_of_dropouts_factor(rate: float) -> None:
    factors = GaussianDropout.multiplier(np.random.default_rng(1).normal(size=400_000), rate, np)
    assert factors.mean() == pytest.approx(1, abs=0.02)
    assert factors.var() == pytest.approx(rate / (1 - rate), rel=0.02)


@rates
def test_alpha_dropout_with_the_draws_of_keras_gives_what_keras_gives(rate: float) -> None:
    uniform = np.asarray(keras.random.uniform(X.shape, seed=keras.random.SeedGenerator(5)))
    m, c = AlphaDropout.affine((uniform >= rate).astype(np.float32), rate, np)
    theirs = keras.layers.AlphaDropout(rate, seed=5)(X, training=True)
    np.testing.assert_allclose(X * m + c, theirs, rtol=1e-5, atol=1e-6)


@rates
def test_alpha_dropout_keeps_the_mean_0_and_the_variance_1_of_activations(rate: float) -> None:
    chance = np.random.default_rng(2)
    m, c = AlphaDropout.affine((chance.random(400_000) >= rate).astype(float), rate, np)
    y = chance.normal(size=400_000) * m + c
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.var() == pytest.approx(1, rel=0.02)


def test_spatial_dropout_scales_whole_maps_as_keras_does() -> None:
    maps = keras.layers.SpatialDropout2D(0.4, seed=3)(np.ones((200, 4, 5, 6), np.float32), training=True)
    theirs = keras.ops.convert_to_numpy(maps)
    kept = (theirs[:, :1, :1, :] > 0).astype(np.float32)
    assert kept.mean() == pytest.approx(0.6, abs=0.05)
    ours = np.ones_like(theirs) * SpatialDropout.multiplier(kept, 0.4, np)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_input_noise_with_the_draws_of_keras_gives_what_keras_gives() -> None:
    theirs = keras.layers.GaussianNoise(0.3, seed=7)(X, training=True)
    np.testing.assert_allclose(InputNoise.noisy(X, normals(7), 0.3, np), theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("stddev", [0.1, 0.7])
def test_input_noise_on_a_linear_model_is_ridge_with_l2_of_the_variance(stddev: float) -> None:
    """Each row comes with noise of +-sqrt(F) on one input at a time: mean 0 and covariance 1, without any chance."""
    chance = np.random.default_rng(3)
    x = chance.normal(size=(30, 4))
    y = x @ [1.0, -2.0, 0.0, 0.5] + chance.normal(size=30)
    noises = np.concatenate([np.eye(4), -np.eye(4)]) * np.sqrt(4)
    noisy = InputNoise.noisy(x[:, None], noises, stddev, np).reshape(-1, 4)
    least_squares = np.linalg.lstsq(noisy, np.repeat(y, 8), rcond=None)[0]
    ridge = Ridge(alpha=len(x) * stddev**2, fit_intercept=False).fit(x, y)
    np.testing.assert_allclose(least_squares, ridge.coef_, rtol=1e-8)


@pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])
def test_at_rate_0_nothing_changes(ops: Any) -> None:
    zero, kept = np.zeros((1, 1), np.float32), np.ones_like(X)
    m, c = AlphaDropout.affine(kept, zero, ops)
    np.testing.assert_array_equal(m, 1)
    np.testing.assert_array_equal(c, 0)
    np.testing.assert_array_equal(GaussianDropout.multiplier(X, zero, ops), 1)
    np.testing.assert_array_equal(SpatialDropout.multiplier(kept, zero, ops), 1)
    np.testing.assert_array_equal(InputNoise.noisy(X, X, zero, ops), X)
