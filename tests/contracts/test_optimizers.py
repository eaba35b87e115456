"""Every update rule against keras.optimizers, fed with the same gradients."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import (
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    Exponential,
    Lion,
    Momentum,
    Nadam,
    RMSprop,
    numbers,
)
from regdash.params import params_of

PEERS = [
    (SGD(0.3), lambda: keras.optimizers.SGD(0.3)),
    (Momentum(0.05), lambda: keras.optimizers.SGD(0.05, momentum=0.9)),
    (Momentum(0.2, 0.5), lambda: keras.optimizers.SGD(0.2, momentum=0.5)),
    (Momentum(0.05, 0.9, nesterov=True), lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)),
    (Momentum(0.05, 0.0), lambda: keras.optimizers.SGD(0.05)),
    (RMSprop(0.001), lambda: keras.optimizers.RMSprop(0.001)),
    (RMSprop(0.01, 0.5), lambda: keras.optimizers.RMSprop(0.01, rho=0.5)),
    (Adam(0.001), lambda: keras.optimizers.Adam(0.001)),
    (Adam(0.1, 0.5, 0.9), lambda: keras.optimizers.Adam(0.1, beta_1=0.5, beta_2=0.9)),
    (Adam(0.01, 0.0, 0.0), lambda: keras.optimizers.Adam(0.01, beta_1=0.0, beta_2=0.0)),
    (Adagrad(0.05), lambda: keras.optimizers.Adagrad(0.05)),
    (Adagrad(0.5, 0.0), lambda: keras.optimizers.Adagrad(0.5, initial_accumulator_value=0.0)),
    (Adadelta(1.0), lambda: keras.optimizers.Adadelta(1.0)),
    (Adadelta(0.1, 0.5), lambda: keras.optimizers.Adadelta(0.1, rho=0.5)),
    (AMSGrad(0.001), lambda: keras.optimizers.Adam(0.001, amsgrad=True)),
    (AMSGrad(0.1, 0.5, 0.5), lambda: keras.optimizers.Adam(0.1, beta_1=0.5, beta_2=0.5, amsgrad=True)),
    (AdamW(0.001), lambda: keras.optimizers.AdamW(0.001)),
    (AdamW(0.1, 0.5, 0.5, 0.9), lambda: keras.optimizers.AdamW(0.1, weight_decay=0.5, beta_1=0.5, beta_2=0.9)),
    (AdamW(0.01, 0.0), lambda: keras.optimizers.Adam(0.01)),
    (Nadam(0.001), lambda: keras.optimizers.Nadam(0.001)),
    (Nadam(0.1, 0.5, 0.9), lambda: keras.optimizers.Nadam(0.1, beta_1=0.5, beta_2=0.9)),
    (Nadam(0.01, 0.0, 0.0), lambda: keras.optimizers.Nadam(0.01, beta_1=0.0, beta_2=0.0)),
    (Lion(0.001), lambda: keras.optimizers.Lion(0.001)),
    (Lion(0.1, 0.5, 0.5), lambda: keras.optimizers.Lion(0.1, beta_1=0.5, beta_2=0.5)),
]
every_peer = pytest.mark.parametrize(("ours", "theirs"), PEERS, ids=[repr(ours) for ours, _ in PEERS])
every_optimizer = pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.name)

START = np.random.default_rng(1).normal(size=(2, 5))
GRADIENTS = np.random.default_rng(2).normal(size=(5, 2, 5)) * [1e-3, 1.0, 30.0, 0.0, 1e-9]


def steps(optimizer: Any, rates: Any = None, weight_decay: float = 0.0) -> list[Any]:
    """The weights after each of the five gradients, by our rule in float64; decoupled weight decay comes before it."""
    w, slots, path = START, (np.zeros_like(START),) * optimizer.slots, []
    for t, g in enumerate(GRADIENTS, start=1):
        lr = optimizer.learning_rate if rates is None else rates[t - 1]
        w = w - lr * weight_decay * w
        w, *slots = optimizer.step(np, w, g, tuple(slots), float(t), lr, **numbers(optimizer))
        assert len(slots) == optimizer.slots
        path.append(w)
    return path


def steps_of_keras(optimizer: Any) -> list[Any]:
    weight, path = keras.Variable(START), []
    for gradient in GRADIENTS:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [weight])
        path.append(weight.numpy().copy())
    return path


def test_every_optimizer_has_a_peer_here() -> None:
    assert {type(ours) for ours, _ in PEERS} == set(OPTIMIZERS)


@every_peer
def test_five_steps_are_those_of_keras(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(steps(ours), steps_of_keras(theirs()), rtol=1e-6, atol=1e-6)


@every_peer
def test_the_keras_optimizer_it_names_takes_the_same_steps(ours: Any, theirs: Any) -> None:
    named = ours.to_keras(keras, ours.learning_rate)
    np.testing.assert_array_equal(steps_of_keras(named), steps_of_keras(theirs()))


@every_optimizer
def test_with_a_schedule_it_takes_the_steps_of_keras(kind: Any) -> None:
    ours, decay = kind(0.05), Exponential(decay_rate=0.5, decay_steps=2)
    theirs = ours.to_keras(keras, decay.to_keras(keras, 0.05))
    rates = 0.05 * decay.factor(np.arange(5))
    np.testing.assert_allclose(steps(ours, rates), steps_of_keras(theirs), rtol=1e-6, atol=1e-6)


@every_peer
def test_the_keras_optimizer_it_names_takes_a_weight_decay(ours: Any, theirs: Any) -> None:
    if isinstance(ours, AdamW):
        ours = replace(ours, weight_decay=1e-5)  # two decays add up but for their product, here below 1e-8
    named = ours.to_keras(keras, ours.learning_rate, weight_decay=0.02)
    expected = steps(ours, weight_decay=0.02)
    np.testing.assert_allclose(expected, steps_of_keras(named), rtol=1e-6, atol=1e-6)
    assert not np.allclose(expected[-1], steps(ours)[-1], rtol=1e-6, atol=1e-6)


@every_optimizer
def test_without_a_weight_decay_the_keras_optimizer_has_only_its_own(kind: Any) -> None:
    assert kind().to_keras(keras, 0.1).weight_decay == getattr(kind(), "weight_decay", None)


@every_optimizer
def test_members_with_numbers_of_their_own_go_as_if_alone(kind: Any) -> None:
    ends = [kind(), kind(**{p.name: p.low for p in params_of(kind) if p.kind == "number"})]
    rates = np.array([[o.learning_rate] for o in ends])
    own = {name: np.array([[numbers(o)[name]] for o in ends]) for name in numbers(ends[0])}
    w, slots = START, (np.zeros_like(START),) * kind.slots
    for t, g in enumerate(GRADIENTS, start=1):
        w, *slots = kind.step(np, w, g, tuple(slots), np.array([[t], [t]], float), rates, **own)
    for member, optimizer in enumerate(ends):
        np.testing.assert_allclose(w[member], steps(optimizer)[-1][member], rtol=1e-12)


@every_optimizer
def test_a_gradient_of_zero_leaves_fresh_weights_as_they_are(kind: Any) -> None:
    w, *_ = kind.step(np, START, 0 * START, (0 * START,) * kind.slots, 1.0, 0.1, **numbers(kind()))
    np.testing.assert_array_equal(w, START * (1 - 0.1 * numbers(kind()).get("weight_decay", 0.0)))


@every_optimizer
def test_the_rule_goes_the_same_way_on_float32_tensors_with_columns_of_numbers(kind: Any) -> None:
    def column(value: float) -> Any:
        return keras.ops.full((2, 1), value, "float32")

    ours = kind()
    w, slots = keras.ops.convert_to_tensor(START, "float32"), (keras.ops.zeros((2, 5)),) * kind.slots
    own = {name: column(value) for name, value in numbers(ours).items()}
    for t, g in enumerate(GRADIENTS, start=1):
        g = keras.ops.convert_to_tensor(g, "float32")
        w, *slots = kind.step(keras.ops, w, g, tuple(slots), column(t), column(ours.learning_rate), **own)
        assert all(slot.shape == w.shape for slot in slots)
    np.testing.assert_allclose(w, steps(ours)[-1], rtol=1e-5, atol=1e-5)


@every_optimizer
def test_the_numbers_of_a_rule_are_those_besides_the_learning_rate(kind: Any) -> None:
    assert "learning_rate" not in numbers(kind())
    assert numbers(replace(kind(), learning_rate=0.5)) == numbers(kind())
    assert len(numbers(kind())) == len(params_of(kind)) - 1
