"""Decoupled weight decay against Keras."""

from typing import Any

import numpy as np
import pytest

from regdash.optimizers import SGD
from regdash.regularizers import L2, WeightDecay
from regdash.training.backend import keras

W = np.array([[1.5, -0.2], [0.0, 3.0]])
G = np.array([[0.3, -0.1], [0.2, 0.0]])


def after_one_step(optimizer: Any) -> Any:
    weight = keras.Variable(W)
    optimizer.apply([keras.ops.convert_to_tensor(G, "float32")], [weight])
    return np.asarray(weight.value)


@pytest.mark.parametrize("decay", [0.004, 0.5])
def test_the_shrink_before_a_step_is_that_of_keras(decay: float) -> None:
    (ours,) = SGD.step(np, WeightDecay.decayed(W, 0.1, decay), G, (), 1, 0.1)
    np.testing.assert_allclose(ours, after_one_step(keras.optimizers.SGD(0.1, weight_decay=decay)), rtol=1e-6)


def test_the_shrink_before_a_step_of_adam_is_that_of_keras() -> None:
    from regdash.optimizers import Adam

    shrunk = WeightDecay.decayed(W, 0.01, 0.3)
    ours, *_ = Adam.step(np, shrunk, G, (np.zeros_like(W), np.zeros_like(W)), 1, 0.01, 0.9, 0.999)
    np.testing.assert_allclose(ours, after_one_step(keras.optimizers.AdamW(0.01, weight_decay=0.3)), atol=1e-6)


def test_under_plain_sgd_it_is_l2_of_half_the_strength() -> None:
    (decayed,) = SGD.step(np, WeightDecay.decayed(W, 0.1, 0.02), G, (), 1, 0.1)
    (penalised,) = SGD.step(np, W, G + L2.gradient(W, 0.01, np), (), 1, 0.1)
    np.testing.assert_allclose(decayed, penalised)


def test_no_decay_leaves_the_weights_as_they_are() -> None:
    np.testing.assert_array_equal(WeightDecay.decayed(W, 0.1, 0.0), W)
