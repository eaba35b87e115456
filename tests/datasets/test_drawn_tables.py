"""Line, Friedman's surface and pure noise against their formulas."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import make_friedman1
from sklearn.linear_model import LinearRegression

from regdash.datasets import DATASETS, Friedman, Line, Moons, PureNoise, Split, learnable, samples


class Given(np.random.RandomState):
    """Chance that is given: scikit-learn makes its surface of these inputs and this noise."""

    def __init__(self, inputs: Any, noise: Any) -> None:
        super().__init__(0)
        self.inputs, self.noise = inputs, noise

    def uniform(self, *, size: Any) -> Any:
        assert size == self.inputs.shape
        return self.inputs

    def standard_normal(self, *, size: Any) -> Any:
        return self.noise


@pytest.mark.parametrize("inputs", [5, 10, 100])
@pytest.mark.parametrize("noise", [0.0, 1.0, 2.5])
def test_friedmans_surface_is_that_of_scikit_learn(inputs: int, noise: float) -> None:
    drawn = Friedman(inputs=inputs, noise=noise).points(3)
    clean = Friedman(inputs=inputs, noise=0.0).points(3)
    once = Friedman(inputs=inputs, noise=1.0).points(3).targets - clean.targets
    x, y = make_friedman1(400, inputs, noise=noise, random_state=Given(drawn.inputs, once))
    np.testing.assert_array_equal(drawn.inputs, x)
    np.testing.assert_allclose(drawn.targets, y, atol=1e-12)


def test_the_inputs_of_friedmans_surface_are_uniform_and_the_noise_is_gaussian() -> None:
    clean, noisy = (Friedman(samples=2_000, noise=noise).points(0) for noise in (0.0, 2.0))
    assert stats.kstest(noisy.inputs.ravel(), "uniform").pvalue > 0.01
    assert stats.kstest((noisy.targets - clean.targets) / 2, "norm").pvalue > 0.01


def test_the_noise_of_friedmans_surface_is_drawn_apart_from_the_inputs() -> None:
    clean, noisy = (Friedman(samples=5_000, noise=noise).points(0) for noise in (0.0, 1.0))
    noise = noisy.targets - clean.targets
    for column in noisy.inputs.T:
        assert abs(np.corrcoef(noise, column)[0, 1]) < 4 / np.sqrt(5_000)


def test_friedmans_inputs_after_the_fifth_have_no_effect() -> None:
    points = Friedman(samples=5_000, noise=0.0).points(0)
    for column in points.inputs.T[5:]:
        assert abs(np.corrcoef(points.targets, column)[0, 1]) < 4 / np.sqrt(5_000)


def test_without_noise_the_line_has_weight_three_and_bias_two() -> None:
    points = Line(noise=0.0).points(0)
    fitted = LinearRegression().fit(points.inputs, points.targets)
    assert fitted.coef_ == pytest.approx([3])
    assert fitted.intercept_ == pytest.approx(2)
    assert np.abs(points.inputs).max() <= 1


def test_the_line_is_not_standardised_so_that_a_network_can_find_its_numbers() -> None:
    made = samples(Line(noise=0.0), Split())
    np.testing.assert_allclose(made.train.y, 3 * made.train.x[:, 0] + 2, atol=1e-6)
    assert (made.target_mean, made.target_scale) == (0, 1)


def test_the_noise_of_the_line_is_gaussian_and_its_inputs_are_uniform() -> None:
    points = Line(samples=5_000, noise=0.4).points(1)
    assert stats.kstest((points.targets - 3 * points.inputs[:, 0] - 2) / 0.4, "norm").pvalue > 0.01
    assert stats.kstest((points.inputs[:, 0] + 1) / 2, "uniform").pvalue > 0.01


def test_pure_noise_has_a_hundred_rows_of_ten_gaussian_inputs_and_two_classes_of_the_same_size() -> None:
    points = PureNoise().points(0)
    assert points.inputs.shape == (100, 10)
    assert list(np.bincount(points.targets)) == [50, 50]
    assert stats.kstest(PureNoise(rows=2_000).points(0).inputs.ravel(), "norm").pvalue > 0.01


def test_the_classes_of_pure_noise_have_nothing_to_do_with_the_inputs_or_the_row() -> None:
    points = PureNoise(rows=5_000).points(0)
    for column in (*points.inputs.T, np.arange(5_000) % 2):
        assert abs(np.corrcoef(points.targets, column)[0, 1]) < 4 / np.sqrt(5_000)


def test_only_pure_noise_is_said_to_have_nothing_to_learn() -> None:
    assert not learnable(PureNoise())
    assert learnable(Moons())
    assert [kind for kind in DATASETS if not learnable(kind())] == [PureNoise]
