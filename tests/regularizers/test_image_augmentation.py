"""What happens to images, against NumPy and SciPy."""

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from regdash.regularizers import augmented
from regdash.training import backend
from regdash.training.backend import keras

IMAGES = np.random.default_rng(0).random((6, 9, 12, 3)).astype(np.float32)
SQUARES = np.random.default_rng(1).random((5, 8, 8, 1)).astype(np.float32)


def changed(x: Any, ops: Any = np, **draws: Any) -> Any:
    """The images with some of the draws [..., k], the others neutral."""
    lead = x.shape[:-3]
    sizes = {"shift": (2,), "flip": (), "angle": (), "cut": (3,)}
    given = {
        name: np.broadcast_to(np.asarray(draws.get(name, 0.0), np.float32), (*lead, *size)).copy()
        for name, size in sizes.items()
    }
    return np.asarray(augmented(x, **given, ops=ops))


both_ops = pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])


@both_ops
def test_neutral_draws_leave_every_image_exactly_as_it_is(ops: Any) -> None:
    np.testing.assert_array_equal(changed(IMAGES, ops), IMAGES)


def rolled_with_zeros(image: Any, dx: int, dy: int) -> Any:
    """np.roll, with 0 where it wraps around."""
    moved = np.roll(image, (dy, dx), axis=(0, 1))
    height, width, _ = image.shape
    rows, columns = np.arange(height) - dy, np.arange(width) - dx
    moved[(rows < 0) | (rows >= height)] = 0
    moved[:, (columns < 0) | (columns >= width)] = 0
    return moved


@both_ops
def test_whole_shifts_are_exact_and_what_moves_in_is_0(ops: Any) -> None:
    shifts = np.array([[1, 0], [0, 1], [-2, 3], [4, -4], [0, 0], [30, 0]])
    expected = [rolled_with_zeros(image, *shift) for image, shift in zip(IMAGES, shifts, strict=True)]
    np.testing.assert_array_equal(changed(IMAGES, ops, shift=shifts), expected)


@both_ops
def test_mirroring_is_exact_and_only_for_the_images_that_drew_it(ops: Any) -> None:
    flips = np.array([1, 0, 1, 0, 0, 1])
    expected = [np.flip(image, axis=1) if flip else image for image, flip in zip(IMAGES, flips, strict=True)]
    np.testing.assert_array_equal(changed(IMAGES, ops, flip=flips), expected)


@both_ops
@pytest.mark.parametrize("images", [IMAGES, SQUARES], ids=["oblong", "square"])
def test_a_turn_is_that_of_scipy_with_bilinear_interpolation_and_zeros_outside(images: Any, ops: Any) -> None:
    degrees = np.linspace(-45, 45, len(images))
    expected = [
        ndimage.rotate(image, angle, reshape=False, order=1, mode="grid-constant", cval=0.0)
        for image, angle in zip(images, degrees, strict=True)
    ]
    np.testing.assert_allclose(changed(images, ops, angle=np.deg2rad(degrees)), expected, atol=1e-5)


def test_inside_the_image_a_turn_does_not_depend_on_how_scipy_treats_the_border() -> None:
    inside = ndimage.rotate(np.ones((9, 12, 3)), 20, reshape=False, order=1, mode="constant", cval=0.0) > 0.999
    expected = ndimage.rotate(IMAGES[0], 20, reshape=False, order=1, mode="constant", cval=0.0)
    np.testing.assert_allclose(changed(IMAGES[:1], angle=np.deg2rad(20))[0][inside], expected[inside], atol=1e-5)


@both_ops
def test_a_quarter_turn_is_anticlockwise(ops: Any) -> None:
    expected = np.rot90(SQUARES, axes=(1, 2))
    np.testing.assert_allclose(changed(SQUARES, ops, angle=np.pi / 2), expected, atol=1e-5)


@both_ops
def test_mirror_then_turn_then_shift_is_one_affine_map_of_scipy(ops: Any) -> None:
    chance = np.random.default_rng(2)
    shifts, angles = chance.uniform(-3, 3, (6, 2)), chance.uniform(-0.7, 0.7, 6)
    centre = (np.array(IMAGES.shape[1:3]) - 1) / 2
    expected = []
    for image, (dx, dy), angle in zip(IMAGES, shifts, angles, strict=True):
        cos, sin = np.cos(angle), np.sin(angle)
        matrix = np.array([[cos, sin], [-sin, cos]])  # from (row, column) of the new image to the old one
        offset = centre - matrix @ (centre + np.array([dy, dx]))
        channels = [
            ndimage.affine_transform(channel, matrix, offset, order=1, mode="grid-constant", cval=0.0)
            for channel in np.moveaxis(np.flip(image, axis=1), -1, 0)
        ]
        expected.append(np.stack(channels, axis=-1))
    np.testing.assert_allclose(changed(IMAGES, ops, shift=shifts, angle=angles, flip=1), expected, atol=1e-5)


@both_ops
@pytest.mark.parametrize(
    ("centre", "side", "rows", "columns"),
    [
        ((0.5, 0.5), 4, slice(2, 6), slice(4, 8)),
        ((0.5, 0.5), 3, slice(3, 6), slice(5, 8)),
        ((0.0, 0.0), 4, slice(0, 2), slice(0, 2)),
        ((0.99, 0.99), 5, slice(6, 9), slice(9, 12)),
        ((0.3, 0.7), 16, slice(0, 9), slice(0, 11)),
        ((0.3, 0.7), 1, slice(6, 7), slice(3, 4)),
        ((0.3, 0.7), 0, slice(0, 0), slice(0, 0)),
    ],
)
def test_the_square_is_0_and_clipped_at_the_border(
    centre: Any, side: int, rows: slice, columns: slice, ops: Any
) -> None:
    expected = IMAGES.copy()
    expected[:, rows, columns] = 0
    np.testing.assert_array_equal(changed(IMAGES, ops, cut=(*centre, side)), expected)


def test_the_square_is_cut_last_so_it_is_neither_turned_nor_moved() -> None:
    whole = changed(IMAGES, shift=(2, 1), angle=0.3, flip=1)
    whole[:, 2:6, 4:8] = 0
    np.testing.assert_array_equal(changed(IMAGES, shift=(2, 1), angle=0.3, flip=1, cut=(0.5, 0.5, 4)), whole)


def test_members_of_a_stack_get_their_own_draws() -> None:
    chance = np.random.default_rng(4)
    x = chance.random((3, 5, 8, 8, 2)).astype(np.float32)
    shift = chance.integers(-2, 3, (3, 5, 2)).astype(np.float32)
    flip, angle = chance.integers(0, 2, (3, 5)).astype(np.float32), chance.normal(size=(3, 5)).astype(np.float32)
    cut = np.concatenate([chance.random((3, 5, 2)), np.full((3, 5, 1), 3)], axis=-1).astype(np.float32)
    tensors = [keras.ops.convert_to_tensor(each) for each in (x, shift, flip, angle, cut)]
    stacked = backend.over_members(lambda *draws: augmented(*draws, keras.ops), *tensors)
    alone = np.stack([augmented(*each, np) for each in zip(x, shift, flip, angle, cut, strict=True)])
    np.testing.assert_allclose(stacked, alone, atol=1e-5)
    np.testing.assert_allclose(augmented(*tensors, keras.ops), alone, atol=1e-5)
