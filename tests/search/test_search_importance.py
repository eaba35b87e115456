"""Importance on functions whose shares are known, and when nothing is said."""

import math
from collections.abc import Callable

import pytest

from regdash.errors import RegdashError
from regdash.experiment import Experiment, Training
from regdash.search import Choice, Outcome, Plan, Range, Space, Trial, Values, next_trials
from regdash.search.importance import METHODS, importance

BASE = Experiment(training=Training(epochs=45))
SPACE = Space(
    BASE,
    (
        Range("optimizer.learning_rate", 1e-4, 1e-1, log=True),
        Range("dropout.rate", 0.0, 0.9),
        Range("l2.l2", 1e-6, 1e-1, log=True),
        Choice("training.batch_size", (32,)),
    ),
)
NINE_THREE_ONE = (3.0, 9.0, 1.0)
"""Weights of a sum of independent uniform numbers: their shares of the variance are 9, 81 and 1 of 91."""

every_method = pytest.mark.parametrize("method", METHODS)


def weighted(values: Values) -> float:
    places = SPACE.places(values)
    return sum(weight * place for weight, place in zip(NINE_THREE_ONE, places[:3], strict=True))


def searched(plan: Plan, score: Callable[[Values], float]) -> list[Trial]:
    trials: list[Trial] = []
    while new := next_trials(plan, trials):
        trials += [each.ended(Outcome((score(each.values),))) for each in new]
    return trials


@every_method
@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_known_shares_is_found(method: str, seed: int) -> None:
    plan = Plan(SPACE, "random", trials=200, seed=seed)
    found = importance(plan, searched(plan, weighted), method)
    assert list(found.shares) == ["dropout.rate", "optimizer.learning_rate", "l2.l2"]
    assert sum(each.mean for each in found.shares.values()) == pytest.approx(1)
    assert all(0 <= each.low <= each.mean <= each.high <= 1 for each in found.shares.values())
    assert found.sentence.startswith("Dropout matters most: ")
    assert METHODS[method] in found.sentence
    assert "200 trials" in found.sentence


def test_a_forest_finds_the_shares_of_the_variance() -> None:
    plan = Plan(SPACE, "sobol", trials=256)
    found = importance(plan, searched(plan, weighted), "mdi")
    for path, weight in (("dropout.rate", 81), ("optimizer.learning_rate", 9), ("l2.l2", 1)):
        assert found.shares[path].mean == pytest.approx(weight / 91, abs=0.04)


@every_method
def test_the_order_of_the_dimensions_makes_no_difference(method: str) -> None:
    turned = Space(BASE, tuple(reversed(SPACE.dimensions)))
    plan = Plan(SPACE, "random", trials=64)
    trials = searched(plan, weighted)
    assert importance(Plan(turned, "random", trials=64), trials, method) == importance(plan, trials, method)


@every_method
def test_a_switch_beside_a_range_counts_for_it(method: str) -> None:
    space = Space(
        BASE,
        (
            Range("l1.l1", 1e-6, 1e-1, log=True, off=True),
            Range("l2.l2", 1e-6, 1e-1, log=True, off=True),
            Choice("optimizer", ("adam", "sgd")),
        ),
    )
    plan = Plan(space, "random", trials=120)
    trials = searched(plan, lambda values: float(values["l2.l2"] == 0) + 0.01 * space.places(values)[2])
    found = importance(plan, trials, method)
    assert set(found.shares) == {"l1.l1", "l2.l2", "optimizer"}
    assert next(iter(found.shares)) == "l2.l2"


def test_failed_trials_count_as_the_worst() -> None:
    plan = Plan(SPACE, "random", trials=80)
    trials = searched(plan, lambda values: math.nan if values["optimizer.learning_rate"] > 0.01 else 0.1)
    assert next(iter(importance(plan, trials).shares)) == "optimizer.learning_rate"


def test_without_any_difference_there_is_no_importance() -> None:
    plan = Plan(SPACE, "random", trials=60)
    found = importance(plan, searched(plan, lambda values: 0.1))
    assert (found.shares, found.sentence) == ({}, "All trials are equally good: no setting makes a difference")


def test_halved_trials_are_compared_at_equal_epochs() -> None:
    plan = Plan(SPACE, "random", trials=81, halving="halving")
    trials: list[Trial] = []
    while new := next_trials(plan, trials):
        trials += [each.ended(Outcome((weighted(each.values) + 1000 / each.epochs,))) for each in new]
    assert [sum(each.rung == rung for each in trials) for rung in range(3)] == [81, 27, 9]
    found = importance(plan, trials)
    assert found.trials == 81  # 27 are too few
    assert next(iter(found.shares)) == "dropout.rate"


@pytest.mark.parametrize("count", [0, 1, 49])
def test_nothing_is_said_below_fifty_trials(count: int) -> None:
    plan = Plan(SPACE, "random", trials=60)
    found = importance(plan, searched(plan, weighted)[:count])
    assert not found.shares
    assert found.sentence == f"The importance needs at least 50 finished trials to be more than chance, got {count}"


def test_a_single_setting_cannot_be_compared() -> None:
    plan = Plan(Space(BASE, (SPACE.dimensions[0],)), "random", trials=60)
    found = importance(plan, searched(plan, lambda values: values["optimizer.learning_rate"]))
    assert (found.shares, found.sentence) == ({}, "The importance compares settings, and fewer than two of them vary")


def test_a_method_nobody_has_is_refused() -> None:
    with pytest.raises(RegdashError, match="the method must be one of mdi, ped_anova, got 'fanova'"):
        importance(Plan(SPACE), [], "fanova")
