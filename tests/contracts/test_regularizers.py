"""The laws of every regulariser, and of penalties against Keras and automatic differentiation."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from drawn import parts
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.params import params_of
from regdash.regularizers import L1, L2, REGULARIZERS, Penalty

PENALTIES = [kind for kind in REGULARIZERS if isinstance(kind(), Penalty)]
PEERS = {L1: keras.regularizers.L1, L2: keras.regularizers.L2}

every_regularizer = pytest.mark.parametrize("kind", REGULARIZERS, ids=lambda kind: kind.name)
every_penalty = pytest.mark.parametrize("kind", PENALTIES, ids=lambda kind: kind.name)

WEIGHTS = np.random.default_rng(0).normal(size=(3, 40))
WEIGHTS[:, ::7] = 0.0
STRENGTHS = np.array([[0.0], [0.001], [0.5]])


def strength_of(kind: Any) -> str:
    """The name of the hyper-parameter that says how strong a regulariser is: its first one."""
    return params_of(kind)[0].name


def test_the_penalties_are_those_at_the_station_loss() -> None:
    assert [kind for kind in REGULARIZERS if kind.station == "loss"] == PENALTIES
    assert set(PENALTIES) == set(PEERS), "every penalty is compared with Keras' own"


@every_regularizer
def test_with_its_defaults_it_is_not_active(kind: Any) -> None:
    assert not kind().active


@every_regularizer
@given(values=st.data())
@settings(max_examples=30)
def test_it_is_active_exactly_when_it_is_given_a_strength(kind: Any, values: st.DataObject) -> None:
    drawn = values.draw(parts(kind))
    strengths = [getattr(drawn, strength_of(kind)), getattr(drawn, "rates", ())]
    assert drawn.active == any(map(bool, strengths))


@every_regularizer
def test_every_number_of_it_may_differ_inside_one_stack(kind: Any) -> None:
    assert all(each.stack for each in params_of(kind))


@every_penalty
def test_a_penalty_is_that_of_keras(kind: Any) -> None:
    ours = kind.penalty(WEIGHTS, STRENGTHS, np)
    theirs = [float(PEERS[kind](float(s))(w.astype(np.float32))) for w, s in zip(WEIGHTS, STRENGTHS[:, 0], strict=True)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@every_penalty
def test_a_gradient_is_that_of_automatic_differentiation(kind: Any) -> None:
    weights = tf.Variable(WEIGHTS)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(kind.penalty(weights, tf.constant(STRENGTHS), keras.ops))
    np.testing.assert_allclose(kind.gradient(WEIGHTS, STRENGTHS, np), tape.gradient(total, weights), rtol=1e-12)


@every_penalty
def test_keras_ops_and_numpy_give_the_same_penalty(kind: Any) -> None:
    there = kind.penalty(tf.constant(WEIGHTS), tf.constant(STRENGTHS), keras.ops)
    np.testing.assert_allclose(kind.penalty(WEIGHTS, STRENGTHS, np), there, rtol=1e-12)


@every_penalty
def test_more_strength_is_a_larger_penalty_in_proportion(kind: Any) -> None:
    one, two = (kind.penalty(WEIGHTS[:1], np.array([[s]]), np)[0] for s in (0.01, 0.02))
    assert one > 0
    assert two == pytest.approx(2 * one)
    assert kind.penalty(WEIGHTS[:1], np.array([[0.0]]), np) == 0


@every_penalty
def test_a_step_down_the_gradient_makes_every_weight_smaller_and_leaves_zero_alone(kind: Any) -> None:
    stepped = WEIGHTS - 1e-3 * kind.gradient(WEIGHTS, np.full((3, 1), 0.01), np)
    zero = WEIGHTS == 0
    assert np.all(np.abs(stepped[~zero]) < np.abs(WEIGHTS[~zero]))
    assert np.all(stepped[zero] == 0)


@every_penalty
def test_the_strength_is_the_number_that_was_set(kind: Any) -> None:
    assert kind(**{strength_of(kind): 0.25}).strength == 0.25


def test_l1_pulls_every_weight_with_the_same_force() -> None:
    np.testing.assert_array_equal(L1.gradient(np.array([[-2.0, 0.1, 0.0]]), np.array([[0.5]]), np), [[-0.5, 0.5, 0.0]])


def test_l2_pulls_weights_towards_zero_in_proportion_to_their_size() -> None:
    np.testing.assert_allclose(L2.gradient(np.array([[-2.0, 0.1, 0.0]]), np.array([[0.5]]), np), [[-2.0, 0.1, 0.0]])
