"""Successive halving and Hyperband, on made-up curves that do not cross."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from regdash.experiment import Experiment, Training
from regdash.search import Choice, Objective, Outcome, Plan, Range, Space, Trial, finished, next_trials
from regdash.search.halving import brackets, epochs_of, known, rungs

EPOCHS = 135
SPACE = Space(
    Experiment(training=Training(epochs=EPOCHS)),
    (Range("dropout.rate", 0.0, 0.9, steps=9), Range("l2.l2", 1e-6, 1e-1, log=True, steps=9)),
)


def outcome(plan: Plan, trial: Trial) -> Outcome:
    """A curve that falls as 1 / epochs to the squared distance from (0.3, 0.6): no two of them cross."""
    places = plan.space.places(trial.values)
    end = (places[0] - 0.3) ** 2 + (places[1] - 0.6) ** 2
    return Outcome((end + 1 / (trial.epochs or EPOCHS),))


def searched(plan: Plan, before: tuple[Trial, ...] = ()) -> list[Trial]:
    trials = list(before)
    while new := next_trials(plan, trials):
        trials += [each.ended(outcome(plan, each)) for each in new]
    assert finished(plan, trials)
    return trials


def spent(trials: list[Trial]) -> int:
    return sum(each.epochs or EPOCHS for each in trials)


def winner(trials: list[Trial]) -> Trial:
    return min((each for each in trials if each.epochs in (0, EPOCHS)), key=lambda each: each.score)


@pytest.mark.parametrize("strategy", ["grid", "random", "sobol", "tpe"])
@pytest.mark.parametrize("eta", [2, 3, 4])
def test_halving_finds_the_winner_of_the_full_search_at_a_third_of_the_epochs(strategy: str, eta: int) -> None:
    full = Plan(SPACE, strategy, trials=81, seed=2)
    halved = replace(full, halving="halving", eta=eta)
    whole, few = searched(full), searched(halved)
    assert winner(few).values == winner(whole).values
    assert winner(few).score == winner(whole).score
    assert spent(few) <= spent(whole) / 3
    assert (spent(few), spent(whole)) == (epochs_of(halved), epochs_of(full))


def test_the_rungs_are_the_epochs_divided_by_eta_again_and_again_down_to_five() -> None:
    assert rungs(135, 3) == (5, 15, 45, 135)
    assert rungs(134, 3) == (15, 45, 134)
    assert rungs(100, 10) == (10, 100)
    assert rungs(40, 2) == (5, 10, 20, 40)


def test_of_each_rung_the_best_third_goes_on() -> None:
    trials = searched(Plan(SPACE, "random", trials=30, halving="halving"))
    by_rung = [[each for each in trials if each.rung == rung] for rung in range(4)]
    assert [len(each) for each in by_rung] == [30, 10, 4, 2]
    assert [{each.epochs for each in rung} for rung in by_rung] == [{5}, {15}, {45}, {135}]
    for lower, upper in pairwise(by_rung):
        best = sorted(lower, key=lambda each: each.score)[: len(upper)]
        assert {each.origin for each in upper} == {each.origin for each in best}
        assert all(each.values == trials[each.origin].values for each in upper)


def test_equals_go_on_by_their_numbers_and_failed_ones_never() -> None:
    plan = Plan(SPACE, "random", trials=9, halving="halving")
    first = next_trials(plan, [])
    failed = Outcome(problem="diverged")
    assert [t.origin for t in next_trials(plan, [t.ended(Outcome((1.0,))) for t in first])] == [0, 1, 2]
    only = [each.ended(Outcome((1.0,)) if each.number == 7 else failed) for each in first]
    assert [each.origin for each in next_trials(plan, only)] == [7]
    none = [each.ended(failed) for each in first]
    assert next_trials(plan, none) == []
    assert finished(plan, none)


def test_hyperband_has_the_brackets_of_its_paper() -> None:
    """Table 1 of Li et al. for R = 81 and eta = 3 (there one unit is 5 epochs here): 81, 34, 15, 8 and 5 points."""
    space = replace(SPACE, base=Experiment(training=Training(epochs=405)))
    found = brackets(Plan(space, "random", trials=143, halving="hyperband"))
    assert [each.points for each in found] == [81, 34, 15, 8, 5]
    assert [each.epochs for each in found] == [(5, 15, 45, 135, 405)[k:] for k in range(5)]
    assert found[0].sizes(3) == (81, 27, 9, 3, 1)


@pytest.mark.parametrize("points", [1, 2, 7, 64, 1_000])
def test_the_brackets_share_all_points(points: int) -> None:
    assert sum(each.points for each in brackets(Plan(SPACE, trials=points, halving="hyperband"))) == points


@pytest.mark.parametrize("strategy", ["random", "tpe", "cma_es"])
def test_hyperband_tries_all_points_and_ends_with_the_best_of_them(strategy: str) -> None:
    plan = Plan(SPACE, strategy, trials=40, halving="hyperband")
    trials = searched(plan)
    assert sum(each.rung == 0 for each in trials) == 40
    assert spent(trials) == epochs_of(plan) < epochs_of(replace(plan, halving="")) / 2
    best = min((each for each in trials if not each.rung), key=lambda each: each.score - 1 / each.epochs)
    assert winner(trials).origin == best.number


@pytest.mark.parametrize("halving", ["halving", "hyperband"])
def test_a_halving_that_is_taken_up_again_goes_the_same_way(halving: str) -> None:
    plan = Plan(SPACE, "tpe", trials=24, halving=halving)
    whole, before = searched(plan), []
    while new := next_trials(plan, before):
        assert searched(plan, tuple(before)) == whole
        half = [each.ended(outcome(plan, each)) if each.number % 2 else each for each in new]
        assert len(new) < 2 or next_trials(plan, [*before, *half]) == []
        before += [each.ended(outcome(plan, each)) for each in new]


def test_a_halving_can_be_given_more_points_later() -> None:
    plan = Plan(SPACE, "random", trials=27, halving="halving")
    more = searched(replace(plan, trials=54), tuple(searched(plan)))
    assert winner(more).values == winner(searched(replace(plan, trials=54))).values


def test_a_strategy_learns_from_the_most_epochs_that_enough_points_have() -> None:
    plan = Plan(SPACE, "tpe", trials=27, halving="halving")
    trials = searched(plan)
    for upto, least in ((27, 5), (36, 15), (len(trials), 15)):  # D + 3 = 5 points: nine have 15 epochs, three have 45
        seen = known(plan, trials[:upto])
        assert len(seen) == 27
        losses = {each.origin: each.score for each in trials[:upto] if each.epochs == least}
        for number, each in enumerate(seen):
            assert each.loss == losses[number] if number in losses else math.isnan(each.loss)


def test_the_epochs_count_all_runs() -> None:
    plan = Plan(SPACE, "random", trials=27, halving="halving", objective=Objective(seeds=2, folds=3))
    assert epochs_of(plan) == 6 * (27 * 5 + 9 * 15 + 3 * 45 + 1 * 135)
    some = Space(SPACE.base, (Choice("training.epochs", (10, 40)),))
    assert epochs_of(Plan(some, "random", trials=7)) == 7 * 40
