"""Every strategy on problems whose best point is known, driven as a search drives it."""

import math
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from regdash.experiment import Experiment
from regdash.search import Choice, Outcome, Plan, Range, Space, Trial, Values, finished, next_trials

SPACE = Space(
    Experiment(),
    (
        Range("dropout.rate", 0.0, 0.9, steps=4),
        Range("optimizer.learning_rate", 1e-4, 1e-1, log=True, steps=4),
        Range("l2.l2", 1e-6, 1e-1, log=True, steps=4),
    ),
)
BEST = (0.3, 0.6, 0.45)  # in the unit cube
SEEDS, TRIALS = 20, 60


def bowl(values: Values) -> float:
    """The squared distance from the best point, in the unit cube."""
    return sum((place - best) ** 2 for place, best in zip(SPACE.places(values), BEST, strict=True))


def searched(plan: Plan, loss: Callable[[Values], float] = bowl) -> list[Trial]:
    """A whole search with made-up results."""
    trials: list[Trial] = []
    while new := next_trials(plan, trials):
        assert [each.number for each in new] == list(range(len(trials), len(trials) + len(new)))
        trials += [each.ended(Outcome((loss(each.values),))) for each in new]
    assert finished(plan, trials)
    return trials


def best_of(strategy: str) -> float:
    """The median over the seeds of the lowest loss."""
    plans = (Plan(SPACE, strategy, TRIALS, seed=seed) for seed in range(SEEDS))
    return median(min(each.score for each in searched(plan)) for plan in plans)


@pytest.fixture(scope="module")
def random_best() -> float:
    return best_of("random")


def expected_of_random() -> float:
    """The median of the best of t independent points: t balls of volume V = 4/3 pi r^3 with 1 - (1 - V)^t = 1/2."""
    volume = 1 - 0.5 ** (1 / TRIALS)
    return float((3 * volume / (4 * math.pi)) ** (2 / 3))


def test_random_search_comes_as_near_as_chance_says(random_best: float) -> None:
    assert 0.6 * expected_of_random() < random_best < 1.6 * expected_of_random()


def test_quasi_random_search_is_no_worse_than_chance() -> None:
    assert best_of("sobol") < 1.6 * expected_of_random()


@pytest.mark.parametrize("strategy", ["tpe", "cma_es"])
def test_a_strategy_that_learns_comes_at_least_three_times_as_near_as_random(strategy: str, random_best: float) -> None:
    assert best_of(strategy) < random_best / 3


def test_the_grid_finds_its_nearest_point_and_visits_each_exactly_once() -> None:
    trials = searched(Plan(SPACE, "grid"))
    assert len(trials) == len({each.point for each in trials}) == 4**3
    steps = np.arange(4) / 3
    nearest = sum(min((step - best) ** 2 for step in steps) for best in BEST)
    assert min(each.score for each in trials) == pytest.approx(nearest, rel=1e-4)  # values have six digits


def test_a_grid_larger_than_one_portion_visits_each_point_exactly_once_in_its_order() -> None:
    space = Space(
        Experiment(),
        (
            Range("dropout.rate", 0.0, 0.9, steps=31),
            Range("l2.l2", 1e-6, 1e-1, log=True, steps=12, off=True),
            Choice("network.activation", ("relu", "tanh")),
        ),
    )
    trials = searched(Plan(space, "grid"), lambda values: 0.0)
    expected = [
        (rate, l2, activation)
        for rate in np.linspace(0, 0.9, 31)
        for l2 in (0.0, *np.geomspace(1e-6, 1e-1, 12))
        for activation in (0, 1)
    ]
    found = [
        (each.values["dropout.rate"], each.values["l2.l2"], ("relu", "tanh").index(each.values["network.activation"]))
        for each in trials
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("strategy", ["random", "sobol"])
def test_a_logarithmic_range_is_spread_evenly_over_its_decades(strategy: str) -> None:
    space = Space(Experiment(), (Range("l2.l2", 1e-6, 1e-1, log=True),))
    trials = searched(Plan(space, strategy, trials=2_000, seed=7), lambda values: 0.0)
    decades = [math.floor(math.log10(each.values["l2.l2"])) for each in trials]
    counts = [decades.count(decade) for decade in range(-6, -1)]
    assert sum(counts) == 2_000
    assert chisquare(counts).statistic < chi2.ppf(0.999, df=4)


def test_off_is_a_fifth_of_random_proposals() -> None:
    space = Space(Experiment(), (Range("l2.l2", 1e-6, 1e-1, log=True, off=True),))
    trials = searched(Plan(space, "random", trials=2_000, seed=1), lambda values: 0.0)
    off = sum(each.values["l2.l2"] == 0 for each in trials)
    assert abs(off - 400) < 3.3 * math.sqrt(2_000 * 0.2 * 0.8)  # binomial, 99.9 %


@pytest.mark.parametrize("strategy", ["random", "tpe", "cma_es"])
def test_a_search_that_is_taken_up_again_tries_the_same_points(strategy: str) -> None:
    plan = Plan(SPACE, strategy, trials=27, seed=4)
    whole = searched(plan)
    for kept in (0, 8, 16):
        trials = [*whole[:kept]]
        while new := next_trials(plan, trials):
            assert new == next_trials(plan, tuple(trials))
            trials += [each.ended(Outcome((bowl(each.values),))) for each in new]
        assert [each.values for each in trials] == [each.values for each in whole]


def test_a_strategy_that_learns_waits_for_the_whole_batch() -> None:
    plan = Plan(SPACE, "tpe", trials=20)
    first = next_trials(plan, [])
    ended: Sequence[Trial] = [each.ended(Outcome((bowl(each.values),))) for each in first]
    assert next_trials(plan, [*ended[:-1], first[-1]]) == []
    assert not finished(plan, [*ended[:-1], first[-1]])
    assert [each.number for each in next_trials(plan, ended)] == list(range(8, 16))


def test_failed_trials_are_avoided_and_never_the_best() -> None:
    def half_fails(values: Values) -> float:
        return bowl(values) if values["dropout.rate"] < 0.45 else math.nan

    for strategy in ("tpe", "cma_es"):
        trials = searched(Plan(SPACE, strategy, trials=48), half_fails)
        late = trials[24:]
        failed = sum(math.isnan(each.score) for each in late)
        assert failed < len(late) / 3  # blind proposals fail half of the time


def test_with_a_time_limit_fewer_runs_are_under_way_at_once() -> None:
    plain, timed = Plan(SPACE, "random", 1_000), Plan(SPACE, "random", 1_000, seconds=60.0)
    assert 0 < len(next_trials(timed, [])) < len(next_trials(plain, []))
