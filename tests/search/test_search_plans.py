"""Plans as JSON, there and back, and whatever else comes in."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.datasets import Digits
from regdash.experiment import Experiment, Training
from regdash.search import (
    Choice,
    InvalidSearch,
    Objective,
    Plan,
    Range,
    Space,
    plan_from_dict,
    plan_from_json,
    plan_to_dict,
    plan_to_json,
)

PLAN = Plan(
    Space(
        Experiment(data=Digits(), training=Training(epochs=90)),
        (
            Range("l2.l2", 1e-6, 0.1, log=True, steps=7, off=True),
            Range("training.batch_size", 8, 64),
            Choice("network.widths", ((16,), (64, 64))),
            Choice("optimizer", ("adam", "sgd")),
        ),
    ),
    strategy="random",
    trials=99,
    seconds=30.0,
    objective=Objective("val_accuracy", "last", seeds=2, folds=3),
    halving="hyperband",
    eta=4,
    seed=7,
)


def test_a_plan_comes_back_from_json_as_it_was() -> None:
    assert plan_from_json(plan_to_json(PLAN)) == PLAN
    assert plan_from_dict(json.loads(json.dumps(plan_to_dict(PLAN)))) == PLAN


def test_equal_plans_have_equal_texts_whatever_the_order_of_their_dimensions() -> None:
    turned = Space(PLAN.space.base, tuple(reversed(PLAN.space.dimensions)))
    assert set(turned.dimensions) == set(PLAN.space.dimensions)
    assert plan_to_json(plan_from_json(plan_to_json(PLAN))) == plan_to_json(PLAN)


def test_what_is_left_out_keeps_its_default_and_changes_replace_what_is_given() -> None:
    tree = {"space": {"dropout.rate": {"low": 0, "high": 0.9}}, "trials": 10}
    assert plan_from_dict(tree) == Plan(Space(Experiment(), (Range("dropout.rate", 0, 0.9),)), trials=10)
    assert plan_from_dict(tree, trials=20).trials == 20


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63, 1e308, -0.0])
    | st.floats()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
paths = st.sampled_from(
    ["dropout.rate", "l2.l2", "training.epochs", "optimizer", "network", "network.widths", "training.seed", "data", ""]
)
facts = st.sampled_from(["low", "high", "log", "steps", "off", "choices", "path"])
dimensions = st.dictionaries(facts, json_values, max_size=4) | json_values
fields = st.sampled_from(["schema", "strategy", "trials", "seconds", "halving", "eta", "seed", "base", "objective"])
judged = st.dictionaries(st.sampled_from(["metric", "epoch", "seeds", "folds"]), json_values, max_size=3)


@given(
    st.dictionaries(fields, json_values, max_size=3),
    st.dictionaries(paths, dimensions, max_size=3) | json_values,
    judged | st.none(),
)
@settings(max_examples=150)
def test_whatever_comes_in_is_a_plan_or_a_sentence(rest: dict[str, Any], space: Any, objective: Any) -> None:
    tree = {**rest, "space": space} | ({} if objective is None else {"objective": objective})
    with suppress(InvalidSearch):
        found = plan_from_dict(tree)
        assert plan_from_json(plan_to_json(found)) == found


@given(json_values)
@settings(max_examples=80)
def test_any_json_text_is_a_plan_or_a_sentence(value: Any) -> None:
    with pytest.raises(InvalidSearch):
        plan_from_json(json.dumps(value))


@pytest.mark.parametrize("depth", [11, 50, 900, 5_000, 100_000])
def test_however_deep_it_is_there_is_a_sentence(depth: int) -> None:
    inner = "[" * depth + "]" * depth
    for text in (inner, f'{{"space": {{"optimizer": {{"choices": {inner}}}}}}}', f'{{"base": {{"data": {inner}}}}}'):
        with pytest.raises(InvalidSearch):
            plan_from_json(text)


def test_names_that_are_no_names_are_refused() -> None:
    for tree in ({1: 2}, {"space": {("a", "b"): {}}}, {"space": {"x" * 10_000: {"low": 0, "high": 1}}}):
        with pytest.raises(InvalidSearch, match="fields with names of up to 80 letters"):
            plan_from_dict(tree)


def test_more_dimensions_than_anybody_needs_are_refused_at_once() -> None:
    with pytest.raises(InvalidSearch, match="at most 200 fields"):
        plan_from_dict({"space": {f"a{k}": {"low": 0, "high": 1} for k in range(10**5)}})
