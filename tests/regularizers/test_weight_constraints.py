"""Max-norm and unit norm against keras.constraints, on dense and convolution kernels."""

from typing import Any

import numpy as np
import pytest

from regdash.regularizers import MaxNorm, UnitNorm
from regdash.training.backend import keras

DENSE = np.random.default_rng(0).normal(size=(2, 6, 5)).astype(np.float32)
FILTERS = np.random.default_rng(1).normal(size=(2, 3, 3, 2, 4)).astype(np.float32)
DENSE[:, :, 0] = 0
kernels = pytest.mark.parametrize(("kernel", "axis"), [(DENSE, 0), (FILTERS, [0, 1, 2])], ids=["dense", "filters"])


def column(kernel: Any, *numbers: float) -> Any:
    return np.reshape(np.array(numbers, np.float32), (-1,) + (1,) * (kernel.ndim - 1))


@kernels
def test_max_norm_of_each_member_is_that_of_keras(kernel: Any, axis: Any) -> None:
    ours = MaxNorm.constrained(kernel, np, column(kernel, 0.1, 0.1), column(kernel, 2.0, 0.5))
    theirs = [keras.constraints.MaxNorm(most, axis)(w) for w, most in zip(kernel, (2.0, 0.5), strict=True)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


@kernels
def test_unit_norm_of_the_member_that_has_it_on_is_that_of_keras(kernel: Any, axis: Any) -> None:
    ours = UnitNorm.constrained(kernel, np, column(kernel, 0.1, 0.1), column(kernel, 1.0, 0.0))
    np.testing.assert_allclose(ours[0], keras.constraints.UnitNorm(axis)(kernel[0]), rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(ours[1], kernel[1])


def test_max_norm_cuts_long_columns_and_leaves_short_ones() -> None:
    kernel = np.array([[[3.0, 3.0, 0.3], [0.0, 3.0, 0.4], [0.0, 3.0, 0.0]]])
    expected = [[2.0, 2 / np.sqrt(3), 0.3], [0.0, 2 / np.sqrt(3), 0.4], [0.0, 2 / np.sqrt(3), 0.0]]
    np.testing.assert_allclose(MaxNorm.constrained(kernel, np, 0.1, np.full((1, 1, 1), 2.0))[0], expected, rtol=1e-6)


def test_a_limit_for_one_member_leaves_another_without_limit_exactly_as_it_is() -> None:
    both = MaxNorm.constrained(DENSE, np, column(DENSE, 0.1, 0.1), column(DENSE, 0.5, np.inf))
    assert np.linalg.norm(both[0], axis=0).max() <= 0.5
    np.testing.assert_array_equal(both[1], DENSE[1])


def test_the_greatest_length_is_handed_to_the_program_and_infinite_when_off() -> None:
    assert MaxNorm(max_value=3.0).numbers == {"max_norm": 3.0}
    assert MaxNorm().numbers == {"max_norm": np.inf}
    assert UnitNorm(on=True).numbers == {"unit_norm": 1.0}
