"""The high-dimensional line against its formula."""

import numpy as np
import pytest
from scipy import stats

from regdash.datasets import HighDimensionalLine, Split, samples


def test_without_noise_the_targets_lie_on_the_line() -> None:
    points = HighDimensionalLine(noise=0.0).points(0)
    np.testing.assert_allclose(points.targets, 0.05 + points.inputs @ np.full(200, 0.01), rtol=1e-12)


def test_the_noise_is_gaussian_with_standard_deviation_one_hundredth() -> None:
    points = HighDimensionalLine(samples=2_000).points(0)
    noise = points.targets - 0.05 - 0.01 * points.inputs.sum(axis=1)
    assert stats.kstest(noise / 0.01, "norm").pvalue > 0.01


def test_the_noise_is_drawn_apart_from_the_inputs() -> None:
    points = HighDimensionalLine(samples=2_000).points(0)
    noise = points.targets - 0.05 - 0.01 * points.inputs.sum(axis=1)
    for drawn in (points.inputs.ravel()[:2_000], points.inputs[:, 0]):
        assert abs(np.corrcoef(noise, drawn)[0, 1]) < 4 / np.sqrt(2_000)


def test_the_inputs_are_standard_normal_and_are_not_standardised() -> None:
    points = HighDimensionalLine().points(0)
    assert stats.kstest(points.inputs.ravel(), "norm").pvalue > 0.01
    made = samples(HighDimensionalLine(), Split())
    np.testing.assert_array_equal(made.input_scale, 1)
    np.testing.assert_array_equal(made.input_mean, 0)
    assert (made.target_mean, made.target_scale) == (0, 1)


def test_its_own_training_share_gives_twenty_training_rows_and_two_hundred_inputs() -> None:
    data = HighDimensionalLine()
    made = samples(data, Split(train=data.default_train))
    assert made.train.x.shape == (20, 200)
    assert (len(made.validation), len(made.test)) == (90, 90)


@pytest.mark.parametrize("inputs", [1, 12, 500])
def test_the_number_of_inputs_can_be_chosen_and_each_has_a_name(inputs: int) -> None:
    data = HighDimensionalLine(inputs=inputs)
    assert data.features == inputs == data.points(0).inputs.shape[1]
    assert len(data.points(0).feature_names) == inputs


def test_inputs_are_named_with_subscripts() -> None:
    names = HighDimensionalLine().points(0).feature_names
    assert (names[0], names[119], names[199]) == ("x₁", "x₁₂₀", "x₂₀₀")
