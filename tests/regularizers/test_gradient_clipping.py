"""Gradient clipping against the three ways of Keras' optimizers."""

from typing import Any

import numpy as np
import pytest

from regdash.params import problems
from regdash.regularizers import GradientClipping
from regdash.training.backend import keras

SCALES = np.array([0.01, 1.0, 100.0], np.float32)  # of three members
PIECES = [
    np.random.default_rng(seed).normal(size=(3, *shape)).astype(np.float32) * SCALES.reshape(3, *[1] * len(shape))
    for seed, shape in enumerate([(4, 3), (3,), (3, 3, 2, 4)])
]
PIECES[1][1] = 0
OFF = np.full(3, np.inf, np.float32)


def clipped_by_keras(member: int, **limit: float) -> list[Any]:
    """What plain SGD with rate 1 subtracts from weights of 0: the clipped gradient."""
    variables = [keras.Variable(np.zeros_like(piece[member])) for piece in PIECES]
    keras.optimizers.SGD(1.0, **limit).apply([keras.ops.convert_to_tensor(p[member]) for p in PIECES], variables)
    return [-np.asarray(variable.value) for variable in variables]


@pytest.mark.parametrize("name", ["clipnorm", "clipvalue", "global_clipnorm"])
@pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])
def test_each_way_of_clipping_is_that_of_keras_with_a_limit_for_each_member(name: str, ops: Any) -> None:
    limits = np.array([0.5, 1.0, 2.0], np.float32)
    numbers = dict.fromkeys(GradientClipping().numbers, OFF) | {name: limits}
    ours = GradientClipping.clipped(PIECES, ops, **numbers)
    for member in range(3):
        for mine, theirs in zip(ours, clipped_by_keras(member, **{name: float(limits[member])}), strict=True):
            np.testing.assert_allclose(mine[member], theirs, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])
def test_without_limits_every_gradient_stays_exactly_as_it_is(ops: Any) -> None:
    for before, after in zip(PIECES, GradientClipping.clipped(PIECES, ops, OFF, OFF, OFF), strict=True):
        np.testing.assert_array_equal(before, after)


def test_without_limits_not_even_a_gradient_whose_length_overflows_is_touched() -> None:
    huge = keras.ops.full((3, 2), 1e30)
    (after,) = GradientClipping.clipped([huge], keras.ops, OFF, OFF, OFF)
    np.testing.assert_array_equal(after, huge)


def test_a_global_length_that_overflows_gives_nan_as_in_keras() -> None:
    limits = np.array([1.0, np.inf, np.inf], np.float32)
    (after,) = GradientClipping.clipped([keras.ops.full((3, 2), 1e30)], keras.ops, OFF, OFF, limits)
    assert np.isnan(np.asarray(after)).tolist() == [[True, True], [False, False], [False, False]]
    variable = keras.Variable(np.zeros(2, np.float32))
    keras.optimizers.SGD(1.0, global_clipnorm=1.0).apply([keras.ops.full((2,), 1e30)], [variable])
    assert np.isnan(np.asarray(variable.value)).all()


def test_the_whole_gradient_keeps_its_direction_and_a_long_one_gets_the_length_of_the_limit() -> None:
    after = GradientClipping.clipped(PIECES, np, OFF, OFF, np.ones(3, np.float32))
    before, rows = (np.concatenate([p.reshape(3, -1) for p in pieces], axis=1) for pieces in (PIECES, after))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1)[1:], 1.0, rtol=1e-5)
    np.testing.assert_allclose(rows / np.linalg.norm(rows, axis=1)[:, None],
                               before / np.linalg.norm(before, axis=1)[:, None], rtol=1e-4, atol=1e-6)  # fmt: skip


def test_limits_that_are_off_are_infinite_numbers() -> None:
    numbers = GradientClipping(clipvalue=0.5).numbers
    assert numbers == {"clipnorm": np.inf, "clipvalue": 0.5, "global_clipnorm": np.inf}


def test_more_than_one_limit_is_allowed_as_a_value_and_said_in_a_sentence() -> None:
    both = GradientClipping(clipnorm=1.0, global_clipnorm=2.0)
    assert problems(both) == {}
    assert both.clash == (
        "only one way of clipping the gradient may be set, got clipnorm and global_clipnorm; set the others to 0"
    )
    assert GradientClipping().clash == GradientClipping(clipvalue=0.5).clash == ""
    with pytest.raises(ValueError, match="Only one of"):
        keras.optimizers.SGD(clipnorm=1.0, global_clipnorm=2.0)
