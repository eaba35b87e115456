"""The drawn two-dimensional data sets against their formulas."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from regdash.datasets import Blobs, Circles, Moons, Spirals, Xor


def by_class(data: Any, seed: int = 0) -> list[Any]:
    """The inputs of each class."""
    points = data.points(seed)
    return [points.inputs[points.targets == number] for number in range(len(points.class_names))]


def test_moons_without_noise_lie_on_their_half_circles() -> None:
    upper, lower = by_class(Moons(noise=0.0))
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_circles_without_noise_have_their_radii() -> None:
    outer, inner = by_class(Circles(noise=0.0, inner=0.3))
    np.testing.assert_allclose(np.hypot(*outer.T), 1)
    np.testing.assert_allclose(np.hypot(*inner.T), 0.3)


def test_circles_are_drawn_all_around() -> None:
    for circle in by_class(Circles(samples=2_000, noise=0.0)):
        angle = np.arctan2(circle[:, 1], circle[:, 0]) % (2 * np.pi)
        assert stats.kstest(angle / (2 * np.pi), "uniform").pvalue > 0.01


def test_moving_the_inner_radius_leaves_the_outer_circle_as_it_is() -> None:
    np.testing.assert_array_equal(by_class(Circles(inner=0.2))[0], by_class(Circles(inner=0.8))[0])


@pytest.mark.parametrize("turns", [0.25, 1.5, 3.0])
def test_spirals_without_noise_turn_in_proportion_to_their_radius(turns: float) -> None:
    for arm, points in enumerate(by_class(Spirals(noise=0.0, turns=turns))):
        place = points @ [1, 1j]
        radius = np.abs(place)
        np.testing.assert_allclose(place, radius * np.exp(1j * (2 * np.pi * turns * radius + np.pi * arm)), atol=1e-12)
        assert radius.max() < 1


def test_the_second_arm_is_the_first_one_turned_by_half_a_circle() -> None:
    points = Spirals(noise=0.0, turns=0.25).points(0)
    first, second = (points.inputs[points.targets == arm] for arm in (0, 1))
    assert np.all(first >= 0), "a quarter turn from the right to the top stays in the first quarter"
    assert np.all(second <= 0)


def test_xor_without_noise_tells_the_class_by_the_signs() -> None:
    points = Xor(noise=0.0).points(0)
    np.testing.assert_array_equal(points.targets, points.inputs.prod(axis=1) < 0)
    assert np.abs(points.inputs).max() <= 1


def test_every_quarter_of_xor_gets_as_many_points() -> None:
    inputs = Xor(samples=400, noise=0.0).points(0).inputs
    quarters = 2 * (inputs[:, 0] > 0) + (inputs[:, 1] > 0)
    assert list(np.bincount(quarters)) == [100] * 4


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
def test_blobs_without_noise_are_the_corners_of_a_regular_polygon(classes: int) -> None:
    clouds = by_class(Blobs(noise=0.0, classes=classes))
    centres = np.array([cloud[0] for cloud in clouds])
    for cloud, centre in zip(clouds, centres, strict=True):
        np.testing.assert_allclose(cloud, np.broadcast_to(centre, cloud.shape))
    np.testing.assert_allclose(np.hypot(*centres.T), 1)
    side = 2 * np.sin(np.pi / classes)
    np.testing.assert_allclose(np.hypot(*(centres - np.roll(centres, 1, axis=0)).T), side)


def test_the_spread_of_blobs_is_their_standard_deviation() -> None:
    for cloud in by_class(Blobs(samples=5_000, noise=0.4, classes=2)):
        assert cloud.std(axis=0) == pytest.approx([0.4, 0.4], rel=0.05)


@pytest.mark.parametrize("kind", [Moons, Circles, Spirals, Xor])
def test_the_noise_is_gaussian_and_of_the_asked_size(kind: Any) -> None:
    noise = (kind(samples=5_000, noise=0.3).points(1).inputs - kind(samples=5_000, noise=0.0).points(1).inputs) / 0.3
    assert stats.kstest(noise.ravel(), "norm").pvalue > 0.01


@pytest.mark.parametrize("kind", [Moons, Circles, Spirals, Xor])
def test_two_classes_get_half_of_the_points_each(kind: Any) -> None:
    assert list(np.bincount(kind(samples=500).points(0).targets)) == [250, 250]
