"""Label smoothing against Keras' losses, and mixup against the moments of the beta distribution."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from regdash.regularizers import LabelSmoothing, Mixup
from regdash.training.backend import keras

CHANCE = np.random.default_rng(0)
CLASSES = np.eye(4, dtype=np.float32)[CHANCE.integers(0, 4, 30)]
LOGITS = CHANCE.normal(size=(30, 4)).astype(np.float32)


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
@pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])
def test_smoothed_classes_cost_what_the_smoothing_of_keras_costs(smoothing: float, ops: Any) -> None:
    smoothed = LabelSmoothing.smoothed(CLASSES, np.full((1, 1), smoothing, np.float32), ops)
    ours = keras.losses.CategoricalCrossentropy(from_logits=True)(smoothed, LOGITS)
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)(CLASSES, LOGITS)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-6)


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
def test_two_classes_in_one_column_cost_what_the_smoothing_of_keras_costs(smoothing: float) -> None:
    y, z = CLASSES[:, :1], LOGITS[:, :1]
    ours = keras.losses.BinaryCrossentropy(from_logits=True)(LabelSmoothing.smoothed(y, smoothing, np), z)
    theirs = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=smoothing)(y, z)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-6)


def test_smoothed_classes_still_add_up_to_one() -> None:
    smoothed = LabelSmoothing.smoothed(CLASSES, 0.3, np)
    np.testing.assert_allclose(smoothed.sum(axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(np.sort(smoothed, axis=-1)[0], [0.075, 0.075, 0.075, 0.775], rtol=1e-6)


def test_without_smoothing_the_targets_stay_as_they_are() -> None:
    np.testing.assert_array_equal(LabelSmoothing.smoothed(CLASSES, 0.0, np), CLASSES)


@pytest.mark.parametrize("alpha", [0.1, 1.0, 2.0])
def test_the_shares_of_mixup_are_beta_distributed(alpha: float) -> None:
    shares = Mixup(alpha=alpha).weights(np.random.default_rng(1), 5_000)
    assert shares.shape == (5_000,)
    assert shares.dtype == np.float32
    assert shares.mean() == pytest.approx(0.5, abs=0.02)
    assert shares.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.05)
    low = shares[shares < 0.5].astype(float)  # the upper half mirrors it, but float32 is too coarse near 1
    assert stats.kstest(low, lambda share: 2 * stats.beta.cdf(share, alpha, alpha)).pvalue > 0.01


def test_the_same_chance_gives_the_same_shares() -> None:
    one, two = (Mixup(alpha=0.4).weights(np.random.default_rng([3, 5]), 20) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_mixup_that_is_off_keeps_the_first_row() -> None:
    shares = Mixup().weights(np.random.default_rng(0), 6)
    np.testing.assert_array_equal(shares, np.ones(6))
    np.testing.assert_array_equal(Mixup.mixed(CLASSES[:6], CLASSES[6:12], shares[:, None], np), CLASSES[:6])


def test_a_mixture_is_the_weighted_sum_of_inputs_and_of_targets_alike() -> None:
    np.testing.assert_allclose(
        Mixup.mixed(np.array([[1.0, 0.0]]), np.array([[0.0, 4.0]]), np.array([[0.25]]), np), [[0.25, 3.0]]
    )
