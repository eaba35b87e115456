"""The penalties on activations against Keras' activity_regularizer."""

from typing import Any

import numpy as np
import pytest

from regdash.regularizers import ActivityL1, ActivityL2
from regdash.training.backend import keras

PAIRS = [(ActivityL1, keras.regularizers.L1), (ActivityL2, keras.regularizers.L2)]
pairs = pytest.mark.parametrize(("kind", "peer"), PAIRS, ids=["l1", "l2"])
X = np.random.default_rng(0).normal(size=(7, 5, 5, 2)).astype(np.float32)
ROWS = np.ones(7, np.float32)


@pairs
@pytest.mark.parametrize("ops", [np, keras.ops], ids=["numpy", "keras"])
def test_the_penalty_of_a_layer_is_the_one_that_keras_adds_divided_by_the_batch(kind: Any, peer: Any, ops: Any) -> None:
    for layer, x in (
        (keras.layers.Dense(6, "tanh", activity_regularizer=peer(0.03)), X.reshape(7, -1)),
        (keras.layers.Conv2D(3, 3, activation="relu", activity_regularizer=peer(0.03)), X),
    ):
        activations = keras.ops.convert_to_numpy(layer(x))
        ours = kind.penalty(activations, 0.03, ROWS, ops)
        assert float(ours) == pytest.approx(float(layer.losses[0]), rel=1e-5)


@pairs
def test_rows_that_only_fill_up_the_batch_do_not_count(kind: Any, peer: Any) -> None:
    filled = np.concatenate([X, 100 * X[:3]])
    weights = np.concatenate([ROWS, np.zeros(3, np.float32)])
    assert kind.penalty(filled, 0.1, weights, np) == pytest.approx(kind.penalty(X, 0.1, ROWS, np))


@pairs
def test_the_same_rows_twice_are_charged_the_same(kind: Any, peer: Any) -> None:
    twice = kind.penalty(np.concatenate([X, X]), 0.1, np.ones(14), np)
    assert twice == pytest.approx(kind.penalty(X, 0.1, ROWS, np))


@pairs
def test_no_strength_costs_nothing(kind: Any, peer: Any) -> None:
    assert kind.penalty(X, 0.0, ROWS, np) == 0
