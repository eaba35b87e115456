"""Which trial is the answer: against scikit-learn's cross-validated path, and rules worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LassoCV

from regdash.experiment import Experiment
from regdash.networks import MLP
from regdash.search import Choice, Objective, Outcome, Plan, Range, Space, Trial
from regdash.search.choosing import best, one_standard_error, strength, strengths, ties

L2_RANGE = Range("l2.l2", 1e-4, 1.0, log=True, off=True)


def plan_of(*dimensions, base=Experiment(), **judged):  # noqa: B008
    return Plan(Space(base, dimensions or (L2_RANGE,)), "random", objective=Objective(**{"folds": 5} | judged))


PLAN = plan_of()


def trial(number, scores, value=0.01, path="l2.l2", **facts):
    outcome = Outcome(tuple(scores)) if scores else Outcome(problem="diverged at epoch 3")
    return Trial(number, {path: value}, outcome=outcome, **facts)


def test_the_best_trial_has_the_lowest_loss_and_the_first_of_equal_ones_wins():
    trials = [trial(0, [3.0], 0.1), trial(1, [2.0], 0.2), trial(2, [2.0], 0.3), Trial(3, {"l2.l2": 0.4})]
    assert best(PLAN, trials).number == 1
    accuracy = plan_of(metric="val_accuracy")
    assert best(accuracy, trials).number == 0


def test_trials_without_a_score_are_never_the_best():
    assert best(PLAN, []) is None
    assert best(PLAN, [trial(0, []), Trial(1, {"l2.l2": 0.1})]) is None
    assert one_standard_error(PLAN, [trial(0, [])]) is None
    assert best(PLAN, [trial(0, []), trial(1, [9.0])]).number == 1


def test_with_halving_only_the_trials_with_the_most_epochs_are_compared():
    early, whole = trial(0, [1.0], 0.1, epochs=10), trial(1, [2.0], 0.2, epochs=90)
    assert best(PLAN, [early, whole]) == whole


def test_ties_are_the_trials_whose_paired_differences_student_cannot_tell_from_0():
    chance = np.random.default_rng(4)
    fold = chance.normal(size=8)  # the same rows are hard for everybody
    scores = [1 + fold + shift + 0.02 * chance.normal(size=8) for shift in (0.0, 0.005, 0.01, 0.02, 0.03, 0.2)]
    trials = [trial(number, row.tolist(), 0.01 * (number + 1)) for number, row in enumerate(scores)]
    first = min(trials, key=lambda each: each.score)
    others = sorted((each for each in trials if each != first), key=lambda each: each.score)
    expected = [each for each in others if stats.ttest_rel(each.outcome.scores, first.outcome.scores).pvalue > 0.05]
    assert ties(PLAN, trials) == tuple(expected)
    assert 0 < len(expected) < 5


def test_a_single_run_leaves_no_ties_to_be_told():
    assert ties(PLAN, [trial(0, [1.0], 0.1), trial(1, [1.0], 0.2)]) == ()


@pytest.mark.parametrize("folds", [5, 10])
def test_with_one_strength_the_rule_is_the_one_of_the_textbook(folds):
    x, y = load_diabetes(return_X_y=True)
    x, y = x / x.std(axis=0), y / y.std()
    peer = LassoCV(alphas=np.geomspace(1e-3, 0.4, 30), cv=folds).fit(x, y)
    errors = peer.mse_path_  # [K, folds], the strongest first
    means, spreads = errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(folds)
    lowest = means.argmin()
    largest = peer.alphas_[means <= means[lowest] + spreads[lowest]].max()
    plan = plan_of(Range("l1.l1", 1e-3, 0.9, log=True), folds=folds)
    order = np.random.default_rng(0).permutation(30)
    trials = [trial(n, errors[k].tolist(), 2 * peer.alphas_[k], "l1.l1") for n, k in enumerate(order.tolist())]
    found = one_standard_error(plan, trials)
    assert found.trial.values["l1.l1"] == 2 * largest > 2 * peer.alpha_
    assert found.best.values["l1.l1"] == 2 * peer.alpha_
    assert found.threshold == pytest.approx(means[lowest] + spreads[lowest])
    assert f"L1 strength {2 * largest:.6g}" in found.sentence


def test_of_an_accuracy_one_standard_error_less_is_still_within_the_rule():
    plan = plan_of(metric="val_accuracy")
    trials = [trial(0, [0.9, 0.92, 0.94], 0.001), trial(1, [0.9, 0.91, 0.92], 0.1), trial(2, [0.8, 0.8, 0.8], 0.5)]
    found = one_standard_error(plan, trials)
    assert found.trial.number == 1
    assert found.threshold == pytest.approx(0.92 - 0.02 / np.sqrt(3))
    assert "the best is 92 %, and down to 90.8 % is within one standard error (1.15 %)" in found.sentence


def test_a_single_run_per_trial_is_told_to_add_seeds_or_folds():
    found = one_standard_error(PLAN, [trial(0, [1.0], 0.001), trial(1, [1.0], 0.1)])
    assert found.trial == found.best
    assert np.isnan(found.threshold)
    assert "at least 2 seeds or folds" in found.sentence


def test_without_a_strength_in_the_space_the_rule_has_nothing_to_prefer():
    plan = plan_of(Range("optimizer.learning_rate", 1e-3, 1.0, log=True))
    assert strengths(plan) == ()
    trials = [trial(k, [1.0, 1.1, 1.2 + k], 0.1 * (k + 1), "optimizer.learning_rate") for k in range(2)]
    found = one_standard_error(plan, trials)
    assert found.trial == found.best == trials[0]
    assert "no stronger one" in found.sentence


def test_when_nothing_stronger_is_within_reach_the_best_itself_is_chosen():
    found = one_standard_error(
        PLAN, [trial(0, [1.0, 1.1], 0.1), trial(1, [1.0, 1.12], 0.001), trial(2, [5.0, 6.0], 0.9)]
    )
    assert found.trial == found.best
    assert "No trial that reaches it is regularised more strongly" in found.sentence


def strength_at(dimension, value, base=Experiment()):  # noqa: B008
    return strength(plan_of(dimension, base=base), {dimension.path: value})


def test_off_is_weaker_than_every_strength_and_a_larger_penalty_is_stronger():
    found = [strength_at(L2_RANGE, value) for value in (0.0, 1e-4, 1e-2, 1.0)]
    assert found[0] == 0
    assert found == sorted(set(found))
    assert found[2] == pytest.approx((found[1] + found[3]) / 2), "half way on the logarithmic range"


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [("max_norm.max_value", 0.5, 4.0), ("early_stopping.patience", 2, 50), ("gradient_clipping.clipnorm", 0.1, 10.0)],
)
def test_a_smaller_limit_and_less_patience_are_stronger_and_off_is_weakest(path, low, high):
    dimension = Range(path, low, high, off=True)
    off, loose, tight = (strength_at(dimension, value) for value in (0, high, low))
    assert off < loose < tight


def test_choices_are_ranked_by_their_size_and_not_by_their_order():
    rates = Choice("dropout.rate", (0.5, 0.0, 0.2))
    assert [strength_at(rates, value) for value in (0.0, 0.2, 0.5)] == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    limits = Choice("max_norm.max_value", (0.0, 4.0, 1.0))
    found = [strength_at(limits, value) for value in (0.0, 4.0, 1.0)]
    assert found == sorted(set(found))
    layered = Choice("dropout.rates", ((0.5, 0.1), (), (0.1, 0.1)))
    base = Experiment(network=MLP(widths=(8, 8)))
    found = [strength_at(layered, value, base) for value in ((), (0.1, 0.1), (0.5, 0.1))]
    assert found == sorted(set(found))
    switch = Choice("unit_norm.on", (True, False))
    assert strength_at(switch, False) < strength_at(switch, True)


def test_what_is_no_strength_does_not_count():
    plan = plan_of(
        L2_RANGE,
        Range("dropout.rate", 0.0, 0.8),
        Range("elastic_net.l1_ratio", 0.0, 1.0),
        Range("early_stopping.min_delta", 0.0, 0.1),
        Range("training.epochs", 10, 100),
        Choice("optimizer", ("sgd", "adam")),
    )
    assert strengths(plan) == ("l2.l2", "dropout.rate")


def test_two_strengths_are_added_place_by_place():
    plan = plan_of(replace(L2_RANGE, off=False), Range("dropout.rate", 0.0, 0.8))
    values = {"l2.l2": 1e-2, "dropout.rate": 0.4}
    alone = strength_at(replace(L2_RANGE, off=False), 1e-2), strength_at(Range("dropout.rate", 0.0, 0.8), 0.4)
    assert strength(plan, values) == pytest.approx(sum(alone))
    assert alone[0] == pytest.approx(alone[1])
