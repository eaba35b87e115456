"""The warm-up in front of a schedule."""

from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import SCHEDULES, SGD, Constant, Cosine, LinearDecay, Step, learning_rates

every_schedule = pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.name)


@every_schedule
def test_the_ramp_begins_with_one_share_and_ends_with_the_full_learning_rate(kind: Any) -> None:
    rates = learning_rates(0.2, kind(warmup=5), np.arange(6))
    assert rates == pytest.approx([0.04, 0.08, 0.12, 0.16, 0.2, 0.2], rel=1e-12)


@every_schedule
def test_no_warm_up_hands_keras_its_own_schedule(kind: Any) -> None:
    named = kind().to_keras(keras, 0.2)
    assert named == 0.2 or type(named).__module__.startswith("keras.")


def test_a_schedule_is_never_asked_for_a_step_before_its_beginning() -> None:
    asked: list[float] = []

    class Watchful(Constant):
        def factor(self, step: Any) -> Any:
            asked.extend(np.ravel(step))
            return np.ones(np.shape(step))

    learning_rates(1.0, Watchful(warmup=100), np.arange(200))
    assert min(asked) == 0
    assert max(asked) == 99


@every_schedule
def test_a_keras_optimizer_takes_the_warm_up_step_by_step(kind: Any) -> None:
    # under a gradient of 1, SGD moves the weight by the learning rate of each step
    schedule = kind(warmup=3)
    optimizer = SGD().to_keras(keras, schedule.to_keras(keras, 0.5))
    weight, path = keras.Variable([0.0]), [0.0]
    for _ in range(8):
        optimizer.apply([keras.ops.ones(1)], [weight])
        path.append(float(weight.numpy()[0]))
    np.testing.assert_allclose(-np.diff(path), learning_rates(0.5, schedule, np.arange(8)), rtol=1e-5)


@pytest.mark.parametrize("schedule", [Constant(warmup=4), Cosine(0.1, 20, warmup=4)], ids=lambda each: each.name)
def test_an_optimizer_with_a_warm_up_can_be_saved_and_loaded(schedule: Any) -> None:
    optimizer = SGD().to_keras(keras, schedule.to_keras(keras, 0.5))
    loaded = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    for _ in range(7):
        assert float(loaded.learning_rate) == float(optimizer.learning_rate)
        for each in (optimizer, loaded):
            each.iterations.assign_add(1)


def test_the_keras_warm_up_counts_on_far_beyond_its_end() -> None:
    named = LinearDecay(0.5, 10, warmup=10).to_keras(keras, 1.0)
    assert float(named(np.int64(2**40))) == 0.5


def test_a_staircase_for_a_known_length_has_only_the_stairs_within_it() -> None:
    schedule, at = Step(10, 0.5, warmup=20), np.arange(100)
    named = schedule.to_keras(keras, 1.0, steps=100)
    assert named.then.boundaries == [10, 20, 30, 40, 50, 60, 70, 80]
    np.testing.assert_allclose([float(named(int(s))) for s in at], learning_rates(1.0, schedule, at), rtol=1e-6)


def test_a_staircase_for_a_training_shorter_than_its_first_stair_is_flat() -> None:
    named = Step(100, 0.5).to_keras(keras, 1.0, steps=30)
    assert [float(named(step)) for step in (0, 15, 29)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("drop", [0.05, 0.5, 0.95])
def test_a_staircase_without_a_length_goes_on_until_nothing_is_left(drop: float) -> None:
    named = Step(1, drop).to_keras(keras, 10.0)
    assert np.float32(named.values[-1]) == 0
    assert np.float32(named.values[-2]) >= 0
    assert len(named.boundaries) <= 2200
