"""A search in words, before it begins and while it runs."""

import math

import pytest

from regdash.experiment import Experiment
from regdash.jobs.searches import SearchSummary
from regdash.search import Choice, Objective, Outcome, Plan, Range, Space, Trial
from regdash.ui.search_mine import pace
from regdash.ui.search_words import (
    between_words,
    duration,
    expected_seconds,
    interval_words,
    title,
    trial_score,
    values_words,
    work,
)

L2 = Range("l2.l2", 1e-4, 1e-2, log=True, steps=3, off=True)


def plan(*dimensions, **facts):
    return Plan(Space(Experiment(), dimensions or (L2,)), **{"strategy": "grid", **facts})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (0.5, "0.5 s"), (12.3, "12 s"), (180, "3 min"), (4_800, "80 min"), (7_260, "2 h 1 min")],
)
def test_durations_are_as_coarse_as_people_say_them(seconds, words):
    assert duration(seconds) == words


def test_work_counts_trials_runs_and_programs():
    assert work(plan(objective=Objective(seeds=3))).startswith("4 trials × 3 seeds = 12 runs, in one program: about ")
    widths = Choice("network.widths", ((8,), (16,), (32,)))
    assert "8 trials" not in work(plan(L2, widths))
    assert work(plan(L2, widths)).startswith("12 trials, which splits into 3 programs: about ")


def test_more_programs_take_longer_and_halving_shorter():
    several = plan(strategy="random", trials=64)
    assert expected_seconds(several, 4) > expected_seconds(several, 1)
    halved = plan(strategy="random", trials=64, halving="halving")
    assert expected_seconds(halved, 1) < expected_seconds(several, 1)
    assert "of the epochs of all trials" in work(halved)


def test_values_read_as_on_the_train_page():
    searched = plan(L2, Choice("optimizer", ("sgd", "adam")), Choice("network.widths", ((8, 8), (16,))))
    values = {"l2.l2": 0.0, "optimizer": "sgd", "network.widths": (8, 8)}
    assert values_words(searched, values) == "Optimizer SGD, L2 strength off, Hidden layers 8-8"
    assert title(searched) == "Grid: Optimizer × L2 strength × Hidden layers"


def test_a_score_has_its_standard_error_and_its_interval():
    found, judged = Objective("val_accuracy", seeds=3), Trial(0, {"l2.l2": 0.01})
    judged = judged.ended(Outcome((0.90, 0.92, 0.94)))
    error = 100 * 0.02 / math.sqrt(3)
    half = 4.302652729911275 * error  # Student's t, 2 degrees of freedom
    assert trial_score(found, judged) == f"92.0 % ± {error:.1f}"
    assert interval_words(found, judged) == f"95 % interval {92 - half:.1f} % to {92 + half:.1f} %"
    assert between_words(found, judged) == f"{92 - half:.3g} to {92 + half:.3g}"


def test_a_trial_without_a_score_says_why():
    assert trial_score(Objective(), Trial(0, {})) == "in training"
    failed = Trial(0, {}).ended(Outcome(problem="the run diverged at epoch 3"))
    assert trial_score(Objective(), failed) == "failed: the run diverged at epoch 3"
    assert interval_words(Objective(), failed) == "one run, so no interval"


def summary(search, spent, searched, state="done"):
    return SearchSummary(search, searched, state, "", searched.total, searched.total, spent, "", 0.0)


def test_what_is_expected_follows_how_long_earlier_searches_took():
    searched = plan(strategy="random", trials=64)
    expected = expected_seconds(searched, 1)
    slow = [summary(f"slow {times}", times * expected, searched) for times in (40.0, 10.0, 20.0)]
    assert pace(slow) == pytest.approx(20.0)
    assert pace([summary("stopped", 9.0, searched, "cancelled"), summary("known already", 0.1, searched)]) == 1.0
    assert work(searched, 20.0).endswith(f"about {duration(20 * expected)}.")
