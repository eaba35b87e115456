"""What each further update rule is known for, in closed form."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import Adadelta, Adagrad, Adam, AdamW, AMSGrad, Lion, Nadam, numbers


def path(optimizer: Any, gradients: Iterable[Any], start: Any, coupled_l2: float = 0.0) -> np.ndarray[Any, Any]:
    """The weights before the first and after each gradient; `coupled_l2` adds 2 * l2 * w to every gradient."""
    w = np.asarray(start, float)
    slots, found = (np.zeros_like(w),) * optimizer.slots, [w]
    for t, gradient in enumerate(gradients, start=1):
        g = gradient + 2 * coupled_l2 * w
        w, *slots = optimizer.step(np, w, g, tuple(slots), float(t), optimizer.learning_rate, **numbers(optimizer))
        found.append(w)
    return np.array(found)


def test_coupled_l2_decays_by_the_size_of_the_gradients_and_adamw_decays_all_alike() -> None:
    # two weights with gradients +-10 and +-0.1 in turn, which cancel out; decay 0.1 = 2 * l2
    gradients = [(-1) ** t * np.array([10.0, 0.1]) for t in range(2000)]
    coupled = path(Adam(1e-3), gradients, [1.0, 1.0], coupled_l2=0.05)[-1]
    decoupled = path(AdamW(1e-3, weight_decay=0.1), gradients, [1.0, 1.0])[-1]
    assert coupled == pytest.approx([0.978, 0.190], abs=2e-3)
    assert decoupled == pytest.approx([0.817, 0.817], abs=2e-3)
    # without a gradient it is (1 - lr * decay) ^ steps
    assert path(AdamW(1e-3, weight_decay=0.1), np.zeros(2000), 1.0)[-1] == pytest.approx((1 - 1e-4) ** 2000)


def test_under_a_constant_gradient_the_steps_of_adagrad_shrink_like_one_over_the_root_of_time() -> None:
    lengths = -np.diff(path(Adagrad(0.1, 0.0), [3.0] * 20, 0.0))
    np.testing.assert_allclose(lengths, 0.1 / np.sqrt(np.arange(1, 21)), rtol=1e-7)


def test_every_step_of_lion_is_as_long_as_the_learning_rate() -> None:
    gradients = np.random.default_rng(0).normal(size=(20, 4)) * [1e-4, 1.0, 1e4, 0.0]
    lengths = np.abs(np.diff(path(Lion(0.01), gradients, np.zeros(4)), axis=0))
    np.testing.assert_allclose(lengths, np.full((20, 1), 0.01) * [1, 1, 1, 0], rtol=1e-9, atol=1e-15)


def test_amsgrad_never_forgets_a_large_gradient() -> None:
    # with beta 2 = 0.5 Adam has forgotten the 100 after thirty steps: its steps are as long as lr again
    gradients = [100.0] + [1.0] * 30
    adam, amsgrad = (-np.diff(path(kind(0.01, 0.0, 0.5), gradients, 0.0))[-1] for kind in (Adam, AMSGrad))
    assert adam == pytest.approx(0.01, rel=1e-3)
    assert amsgrad == pytest.approx(0.01 / np.sqrt(0.5 * 100**2), rel=1e-3)


def test_amsgrad_is_adam_while_gradients_grow() -> None:
    gradients = np.arange(1.0, 10.0)
    np.testing.assert_array_equal(path(AMSGrad(0.01), gradients, 0.0), path(Adam(0.01), gradients, 0.0))


def test_adadelta_moves_alike_whatever_the_size_of_the_gradients() -> None:
    small, large = (path(Adadelta(1.0), [size] * 50, 0.0)[-1] for size in (1.0, 1000.0))
    assert small == pytest.approx(large, rel=1e-4)


def test_the_momentum_schedule_of_nadam_is_that_of_keras_after_many_steps() -> None:
    gradients = np.random.default_rng(3).normal(size=(300, 3))
    weight, peer = keras.Variable(np.ones(3)), keras.optimizers.Nadam(0.01)
    for gradient in gradients:
        peer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [weight])
    np.testing.assert_allclose(path(Nadam(0.01), gradients, np.ones(3))[-1], weight.numpy(), rtol=1e-5)
