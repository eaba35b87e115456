"""The laws of every regulariser: neutral by default, its numbers, penalties with their slopes, constraints."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from drawn import parts
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.params import params_of
from regdash.regularizers import L1, L2, REGULARIZERS, Constraint, EarlyStopping, ElasticNet, GroupLasso, Penalty
from regdash.regularizers.base import Where
from regdash.training.backend import keras

PENALTIES = [kind for kind in REGULARIZERS if isinstance(kind(), Penalty)]
CONSTRAINTS = [kind for kind in REGULARIZERS if isinstance(kind(), Constraint)]
PEERS: dict[Any, Callable[[Any, float], Any]] = {
    L1: lambda w, strength: keras.regularizers.L1(strength)(w),
    L2: lambda w, strength: keras.regularizers.L2(strength)(w),
    GroupLasso: lambda w, strength: strength * np.linalg.norm(w, axis=1).sum(),
}
ALL_STRENGTHS = {"dropout": ("rate", "rates"), "gradient_clipping": ("clipnorm", "clipvalue", "global_clipnorm")}
"""Where more than the first hyper-parameter switches a regulariser on."""

every_regularizer = pytest.mark.parametrize("kind", REGULARIZERS, ids=lambda kind: kind.name)
every_penalty = pytest.mark.parametrize("kind", PENALTIES, ids=lambda kind: kind.name)
every_constraint = pytest.mark.parametrize("kind", CONSTRAINTS, ids=lambda kind: kind.name)

STRENGTHS = np.array([0.0, 0.001, 0.5])
KERNEL = np.random.default_rng(0).normal(size=(3, 10, 4))
KERNEL[:, ::4] = 0.0
KERNEL[:, :, 1] = 0.0


def weights_for(kind: Any) -> Any:
    """The same numbers of three members as the penalty wants them: kernels [R, I, O] or flat [R, P]."""
    return KERNEL if kind.each_kernel else KERNEL.reshape(3, -1)


def strengths_for(kind: Any, *strengths: float) -> Any:
    return np.reshape(strengths or STRENGTHS, (-1, 1, 1) if kind.each_kernel else (-1, 1))


def strength_of(kind: Any) -> str:
    """The name of the hyper-parameter that says how strong a regulariser is: its first one."""
    return params_of(kind)[0].name


def test_penalties_act_on_the_loss_and_constraints_on_the_weights() -> None:
    assert [kind for kind in REGULARIZERS if kind.station == "loss" and kind is not ElasticNet] == PENALTIES
    assert [kind for kind in REGULARIZERS if kind.station == "weights"] == CONSTRAINTS
    assert set(PENALTIES) == set(PEERS), "every penalty is compared with a peer"


@every_regularizer
def test_its_station_is_one_of_the_known_ones(kind: Any) -> None:
    assert kind.station in get_args(Where)


@every_regularizer
def test_with_its_defaults_it_is_not_active(kind: Any) -> None:
    assert not kind().active


@every_regularizer
@given(values=st.data())
@settings(max_examples=30)
def test_it_is_active_exactly_when_it_is_given_a_strength(kind: Any, values: st.DataObject) -> None:
    drawn = values.draw(parts(kind))
    names = ALL_STRENGTHS.get(kind.name, (strength_of(kind),))
    assert drawn.active == any(bool(getattr(drawn, name)) for name in names)


@every_regularizer
@given(values=st.data())
@settings(max_examples=30)
def test_its_numbers_keep_their_names_and_are_neutral_when_it_is_off(kind: Any, values: st.DataObject) -> None:
    drawn = values.draw(parts(kind))
    assert list(drawn.numbers) == list(kind().numbers)
    assert all(isinstance(number, float) and not math.isnan(number) for number in drawn.numbers.values())
    if not drawn.active:
        assert drawn.numbers == kind().numbers


@every_regularizer
def test_what_switches_it_on_says_whether_more_or_less_of_it_regularises_more(kind: Any) -> None:
    names = ALL_STRENGTHS.get(kind.name, (strength_of(kind),))
    limits = kind is EarlyStopping or math.inf in kind().numbers.values()
    declared = {each.name: each.strength for each in params_of(kind)}
    assert declared == {name: (-1 if limits else 1) * (name in names) for name in declared}


def test_neutral_numbers_are_0_or_an_infinite_limit() -> None:
    assert {number for kind in REGULARIZERS for number in kind().numbers.values()} == {0.0, math.inf}


def test_every_number_has_a_name_of_its_own_but_those_that_the_elastic_net_adds_to() -> None:
    names = [name for kind in REGULARIZERS if kind is not ElasticNet for name in kind().numbers]
    assert len(set(names)) == len(names)
    assert set(ElasticNet().numbers) == {*L1().numbers, *L2().numbers}


@every_regularizer
def test_every_number_of_it_may_differ_inside_one_stack(kind: Any) -> None:
    assert all(each.stack for each in params_of(kind))


@every_penalty
def test_a_penalty_is_that_of_its_peer(kind: Any) -> None:
    ours = kind.penalty(weights_for(kind), strengths_for(kind), np)
    theirs = [float(PEERS[kind](w, float(s))) for w, s in zip(KERNEL.astype(np.float32), STRENGTHS, strict=True)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@every_penalty
def test_a_gradient_is_the_slope_of_its_penalty_and_0_at_0(kind: Any) -> None:
    weights, strengths, tiny = weights_for(kind), strengths_for(kind), 1e-6
    slopes = kind.gradient(weights, strengths, np)
    assert slopes.shape == weights.shape
    np.testing.assert_array_equal(slopes[weights == 0], 0.0)
    for place in np.argwhere(weights != 0):
        up, down = weights.copy(), weights.copy()
        up[tuple(place)] += tiny
        down[tuple(place)] -= tiny
        rise = np.sum(kind.penalty(up, strengths, np) - kind.penalty(down, strengths, np))
        assert slopes[tuple(place)] == pytest.approx(rise / (2 * tiny), rel=1e-5, abs=1e-8)


@every_penalty
def test_keras_ops_and_numpy_give_the_same_penalty_and_gradient(kind: Any) -> None:
    arrays = [each.astype(np.float32) for each in (weights_for(kind), strengths_for(kind))]
    tensors = [keras.ops.convert_to_tensor(each) for each in arrays]
    for rule in (kind.penalty, kind.gradient):
        np.testing.assert_allclose(rule(*arrays, np), rule(*tensors, keras.ops), rtol=1e-5)


@every_penalty
def test_more_strength_is_a_larger_penalty_in_proportion(kind: Any) -> None:
    weights = weights_for(kind)[:1]
    one, two, none = (kind.penalty(weights, strengths_for(kind, s), np)[0] for s in (0.01, 0.02, 0.0))
    assert one > 0
    assert two == pytest.approx(2 * one)
    assert none == 0


@every_penalty
def test_a_step_down_the_gradient_makes_every_weight_smaller_and_leaves_zero_alone(kind: Any) -> None:
    weights = weights_for(kind)
    stepped = weights - 1e-3 * kind.gradient(weights, strengths_for(kind, 0.01, 0.01, 0.01), np)
    zero = weights == 0
    assert np.all(np.abs(stepped[~zero]) < np.abs(weights[~zero]))
    assert np.all(stepped[zero] == 0)


@every_penalty
def test_the_strength_is_the_number_that_was_set(kind: Any) -> None:
    chosen = kind(**{strength_of(kind): 0.25})
    assert chosen.strength == 0.25
    assert list(chosen.numbers.values()) == [0.25]


@every_constraint
@pytest.mark.parametrize("shape", [(3, 10, 4), (3, 2, 5, 2, 2)], ids=["dense", "convolution"])
def test_a_constraint_at_its_neutral_number_leaves_every_weight_exactly_as_it_is(kind: Any, shape: Any) -> None:
    kernel = KERNEL.reshape(shape).astype(np.float32)
    (neutral,) = kind().numbers.values()
    numbers = np.full((3,) + (1,) * (len(shape) - 1), neutral, np.float32)
    for ops in (np, keras.ops):
        np.testing.assert_array_equal(kind.constrained(kernel, ops, np.full_like(numbers, 0.1), numbers), kernel)


@every_constraint
def test_keras_ops_and_numpy_give_the_same_constrained_kernel(kind: Any) -> None:
    (neutral,) = kind().numbers.values()
    kernel, rates = KERNEL.astype(np.float32), np.full((3, 1, 1), 0.5, np.float32)
    numbers = np.array([neutral, 0.5, 1.0], np.float32)[:, None, None]
    there = kind.constrained(keras.ops.convert_to_tensor(kernel), keras.ops, rates, numbers)
    np.testing.assert_allclose(kind.constrained(kernel, np, rates, numbers), there, rtol=1e-6)


def test_l1_pulls_every_weight_with_the_same_force() -> None:
    np.testing.assert_array_equal(L1.gradient(np.array([[-2.0, 0.1, 0.0]]), np.array([[0.5]]), np), [[-0.5, 0.5, 0.0]])


def test_l2_pulls_weights_towards_zero_in_proportion_to_their_size() -> None:
    np.testing.assert_allclose(L2.gradient(np.array([[-2.0, 0.1, 0.0]]), np.array([[0.5]]), np), [[-2.0, 0.1, 0.0]])
