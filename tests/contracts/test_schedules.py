"""Every schedule against the one of Keras and its closed form."""

from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import SCHEDULES, Constant, Exponential

PEERS = [
    (Constant(), lambda rate: lambda step: rate),
    (Exponential(0.96, 10), lambda rate: keras.optimizers.schedules.ExponentialDecay(rate, 10, 0.96)),
    (Exponential(0.5, 1), lambda rate: keras.optimizers.schedules.ExponentialDecay(rate, 1, 0.5)),
    (Exponential(1.0, 7), lambda rate: keras.optimizers.schedules.ExponentialDecay(rate, 7, 1.0)),
]
every_peer = pytest.mark.parametrize(("ours", "theirs"), PEERS, ids=[repr(ours) for ours, _ in PEERS])


def test_every_schedule_has_a_peer_here() -> None:
    assert {type(ours) for ours, _ in PEERS} == set(SCHEDULES)


@every_peer
def test_the_learning_rate_is_that_of_keras_at_every_step(ours: Any, theirs: Any) -> None:
    steps = np.array([0, 1, 2, 5, 10, 11, 99])
    np.testing.assert_allclose(0.05 * ours.factor(steps), [float(theirs(0.05)(step)) for step in steps], rtol=1e-6)


@every_peer
def test_the_keras_schedule_it_names_is_the_same(ours: Any, theirs: Any) -> None:
    named = ours.to_keras(keras, 0.05)
    at = [float(named(step) if callable(named) else named) for step in range(20)]
    assert at == [float(theirs(0.05)(step)) for step in range(20)]


@pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.name)
def test_training_begins_with_the_learning_rate_that_was_set(kind: Any) -> None:
    assert kind().factor(0) == 1
    assert kind().factor(np.arange(6).reshape(2, 3)).shape == (2, 3)


def test_exponential_decay_in_closed_form() -> None:
    # 0.05 * 0.96 ^ (5 / 10)
    assert 0.05 * Exponential(0.96, 10).factor(5) == pytest.approx(0.0489898, abs=5e-8)
