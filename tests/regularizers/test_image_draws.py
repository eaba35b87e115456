"""What is drawn for each image."""

from typing import Any

import numpy as np
import pytest

from regdash.regularizers import Cutout, ImageFlip, ImageRotation, ImageShift

ROWS = 6_000
OFF: list[tuple[Any, int]] = [(ImageShift(), 2), (ImageFlip(), 1), (ImageRotation(), 1), (Cutout(), 3)]


def drawn(kind: Any, seed: int = 0) -> Any:
    return kind.draw(np.random.default_rng(seed), ROWS)


@pytest.mark.parametrize(("kind", "numbers"), OFF, ids=lambda each: getattr(each, "name", None))
def test_what_is_off_draws_neutral_numbers_in_the_shape_of_the_program(kind: Any, numbers: int) -> None:
    table = drawn(kind)
    assert table.shape == (ROWS, numbers)
    assert table.dtype == np.float32
    np.testing.assert_array_equal(table[:, -1], 0)
    assert kind.name == "cutout" or not table.any()


@pytest.mark.parametrize("kind", [ImageShift(2), ImageFlip(True), ImageRotation(30.0), Cutout(4)])
def test_the_same_chance_gives_the_same_draws_and_another_one_others(kind: Any) -> None:
    np.testing.assert_array_equal(drawn(kind), drawn(kind))
    assert (drawn(kind) != drawn(kind, seed=1)).any()


@pytest.mark.parametrize("pixels", [1, 4])
def test_every_whole_shift_is_drawn_equally_often(pixels: int) -> None:
    table = drawn(ImageShift(pixels))
    for column in table.T:
        steps, counts = np.unique(column, return_counts=True)
        np.testing.assert_array_equal(steps, np.arange(-pixels, pixels + 1))
        np.testing.assert_allclose(counts / ROWS, 1 / (2 * pixels + 1), atol=0.03)


def test_half_of_the_images_are_mirrored() -> None:
    table = drawn(ImageFlip(True))
    assert set(np.unique(table)) == {0.0, 1.0}
    assert table.mean() == pytest.approx(0.5, abs=0.03)


def test_angles_are_spread_evenly_between_the_two_limits() -> None:
    table = drawn(ImageRotation(30.0))
    assert np.abs(table).max() <= np.pi / 6
    assert table.mean() == pytest.approx(0, abs=0.02)
    assert table.std() == pytest.approx(np.pi / 6 / np.sqrt(3), rel=0.03)


def test_squares_lie_anywhere_and_have_the_side_that_was_set() -> None:
    table = drawn(Cutout(5))
    assert table[:, :2].min() >= 0
    assert table[:, :2].max() < 1
    np.testing.assert_allclose(table[:, :2].mean(axis=0), 0.5, atol=0.02)
    np.testing.assert_array_equal(table[:, 2], 5)


def test_two_strengths_with_the_same_chance_are_paired() -> None:
    np.testing.assert_allclose(drawn(ImageRotation(20.0)), 2 * drawn(ImageRotation(10.0)), rtol=1e-5, atol=1e-7)
    chances = [np.random.default_rng(0) for _ in range(2)]
    for kind, chance in zip((ImageShift(1), ImageShift(4)), chances, strict=True):
        kind.draw(chance, 7)
    assert chances[0].random() == chances[1].random()
