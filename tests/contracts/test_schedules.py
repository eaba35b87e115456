"""Every schedule against the one of Keras and its closed form, with and without a warm-up."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    LinearDecay,
    ReduceOnPlateau,
    Step,
    learning_rates,
)
from regdash.params import params_of

theirs_are = keras.optimizers.schedules
STAIRS = [100 * k for k in range(1, 17)]
PEERS = [
    (Constant(), lambda rate: lambda step: rate),
    (Exponential(0.96, 10), lambda rate: theirs_are.ExponentialDecay(rate, 10, 0.96)),
    (Exponential(0.5, 1), lambda rate: theirs_are.ExponentialDecay(rate, 1, 0.5)),
    (Exponential(1.0, 7), lambda rate: theirs_are.ExponentialDecay(rate, 7, 1.0)),
    (LinearDecay(0.0, 1000), lambda rate: theirs_are.PolynomialDecay(rate, 1000, 0.0)),
    (LinearDecay(0.02, 10), lambda rate: theirs_are.PolynomialDecay(rate, 10, 0.02 * rate)),
    (LinearDecay(0.1, 700, 2.5), lambda rate: theirs_are.PolynomialDecay(rate, 700, 0.1 * rate, power=2.5)),
    (Cosine(0.0, 1000), lambda rate: theirs_are.CosineDecay(rate, 1000)),
    (Cosine(0.25, 300), lambda rate: theirs_are.CosineDecay(rate, 300, alpha=0.25)),
    (Step(100, 0.5), lambda rate: theirs_are.PiecewiseConstantDecay(STAIRS, [rate * 0.5**k for k in range(17)])),
    (Step(1000, 0.1), lambda rate: theirs_are.PiecewiseConstantDecay([1000], [rate, 0.1 * rate])),
    (InverseTime(1.0, 500), lambda rate: theirs_are.InverseTimeDecay(rate, 500, 1.0)),
    (InverseTime(3.0, 7), lambda rate: theirs_are.InverseTimeDecay(rate, 7, 3.0)),
    (InverseTime(0.0, 7), lambda rate: theirs_are.InverseTimeDecay(rate, 7, 0.0)),
    (ReduceOnPlateau(), lambda rate: lambda step: rate),
]
every_peer = pytest.mark.parametrize(("ours", "theirs"), PEERS, ids=[repr(ours) for ours, _ in PEERS])
every_schedule = pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.name)
every_warmup = pytest.mark.parametrize("warmup", [0, 1, 7, 250])

RATE = 0.05
AT = np.array([0, 1, 2, 5, 10, 50, 99, 100, 101, 200, 250, 251, 257, 500, 999, 1000, 1001, 1500])
CLOSE = {"rtol": 1e-6, "atol": 1e-7 * RATE}  # Keras computes in float32, ours is float64


def rates_of_keras(named: Any, steps: Any = AT) -> list[float]:
    """The learning rate of what a Keras optimizer takes: a number or a schedule."""
    return [float(named(int(step)) if callable(named) else named) for step in steps]


def test_every_schedule_has_a_peer_here() -> None:
    assert {type(ours) for ours, _ in PEERS} == set(SCHEDULES)


@every_peer
def test_the_learning_rate_is_that_of_keras_at_every_step(ours: Any, theirs: Any) -> None:
    factor = ours.factor(AT)
    assert factor.dtype == np.float64
    np.testing.assert_allclose(RATE * factor, rates_of_keras(theirs(RATE)), **CLOSE)
    np.testing.assert_array_equal(learning_rates(RATE, ours, AT), RATE * factor)


@every_peer
def test_the_keras_schedule_it_names_is_the_same(ours: Any, theirs: Any) -> None:
    assert rates_of_keras(ours.to_keras(keras, RATE)) == rates_of_keras(theirs(RATE))


@every_warmup
@every_peer
def test_a_warm_up_is_a_ramp_and_then_the_schedule_from_its_beginning(ours: Any, theirs: Any, warmup: int) -> None:
    peer = theirs(RATE)
    expected = [RATE * (s + 1) / warmup if s < warmup else float(peer(int(s - warmup))) for s in AT]
    np.testing.assert_allclose(learning_rates(RATE, replace(ours, warmup=warmup), AT), expected, **CLOSE)


@every_warmup
@every_peer
def test_the_keras_schedule_it_names_has_the_same_warm_up(ours: Any, theirs: Any, warmup: int) -> None:
    ours = replace(ours, warmup=warmup)
    named = ours.to_keras(keras, RATE)
    np.testing.assert_allclose(learning_rates(RATE, ours, AT), rates_of_keras(named), **CLOSE)


@every_schedule
def test_training_begins_with_the_learning_rate_that_was_set(kind: Any) -> None:
    assert kind().factor(0) == 1
    assert kind().factor(np.arange(6).reshape(2, 3)).shape == (2, 3)
    assert learning_rates(RATE, kind(), np.arange(6).reshape(2, 3)).shape == (2, 3)


@every_schedule
def test_every_number_of_a_schedule_may_differ_within_a_stack(kind: Any) -> None:
    assert all(each.stack for each in params_of(kind))


def test_exponential_decay_in_closed_form() -> None:
    # 0.05 * 0.96 ^ (5 / 10)
    assert 0.05 * Exponential(0.96, 10).factor(5) == pytest.approx(0.0489898, abs=5e-8)


def test_linear_decay_in_closed_form() -> None:
    # half way between 0.05 and 0.001
    assert 0.05 * LinearDecay(0.02, 10).factor(5) == pytest.approx(0.0255, rel=1e-12)


def test_cosine_decay_in_closed_form() -> None:
    # (1 + cos(pi / 4)) / 2, 1 / 2, (1 + cos(3 pi / 4)) / 2
    assert Cosine(0.0, 1000).factor([250, 500, 750]) == pytest.approx([0.853553, 0.5, 0.146447], abs=5e-7)


def test_inverse_time_decay_leaves_one_half_then_one_third() -> None:
    assert InverseTime(1.0, 500).factor([500, 1000]) == pytest.approx([1 / 2, 1 / 3], rel=1e-12)


def test_a_boundary_of_the_staircase_belongs_to_its_left() -> None:
    assert list(Step(10, 0.5).factor([0, 10, 11, 20, 21, 30])) == [1, 1, 0.5, 0.5, 0.25, 0.25]
