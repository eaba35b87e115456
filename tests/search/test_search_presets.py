"""What the ready-made searches promise is so."""

from dataclasses import replace

import numpy as np
import pytest

from regdash.api import search, train
from regdash.jobs.search_limits import check_search
from regdash.search import METRICS, STRATEGIES, next_trials, plan_from_json, plan_to_json
from regdash.search.presets import SEARCH_PRESETS
from regdash.settings import Settings

BY_LABEL = {each.label: each for each in SEARCH_PRESETS}
NAMES = [each.name for each in STRATEGIES]
MOST_RUNS, MOST_PROGRAMS = 400, 6  # what trains within a minute on two cores


@pytest.mark.parametrize("preset", SEARCH_PRESETS, ids=list(BY_LABEL))
def test_every_ready_made_search_is_allowed_everywhere_and_small(preset):
    for plan in preset.plans:
        check_search(plan, Settings())
        assert plan.total * plan.objective.runs <= MOST_RUNS
        assert plan.space.programs(plan.total) <= MOST_PROGRAMS
        assert plan_from_json(plan_to_json(plan)) == plan


@pytest.mark.parametrize("preset", SEARCH_PRESETS, ids=list(BY_LABEL))
def test_every_ready_made_search_says_what_to_look_for(preset):
    assert preset.label != ""
    assert preset.help.endswith(".")
    assert len(preset.help) <= 300


def test_all_in_a_race_have_the_same_budget():
    races = [each for each in SEARCH_PRESETS if each.race]
    assert races
    for preset in races:
        assert set(preset.race) <= set(NAMES)
        assert len({plan.total for plan in preset.plans}) == 1
        assert [plan.strategy for plan in preset.plans] == list(preset.race)


@pytest.mark.slow
def test_random_beats_the_grid_where_one_setting_matters_among_three_over_20_seeds():
    preset = BY_LABEL["Random beats a grid"]
    grid = search(replace(preset.plan, strategy="grid")).best.score
    plans = [replace(preset.plan, strategy="random", seed=seed) for seed in range(20)]
    trials = [each for plan in plans for each in next_trials(plan, [])]
    assert len(trials) == 20 * 27
    objective = preset.plan.objective
    runs = train([run for each in trials for run in preset.plan.members(each.values)])
    losses = np.array([objective.outcome([run]).mean for run in runs]).reshape(20, 27)
    assert np.sum(losses.min(axis=1) < grid) >= 19  # 20 of 20 when it was measured


@pytest.mark.slow
def test_the_rule_takes_more_than_the_best_strength_and_off_is_far_worse():
    found = search(BY_LABEL["How strong?"].plan)
    best, chosen = found.best.values["l2.l2"], found.one_standard_error.trial.values["l2.l2"]
    assert best < chosen <= 10 * best
    scores = {each.values["l2.l2"]: each.score for each in found.trials}
    assert scores[0.0] > found.one_standard_error.threshold
    assert scores[0.1] > found.one_standard_error.threshold


@pytest.mark.slow
def test_the_best_of_8_times_8_has_both_and_clearly_beats_none():
    found = search(BY_LABEL["8 × 8: dropout against L2"].plan)
    scores = {(each.values["dropout.rate"], each.values["l2.l2"]): each.score for each in found.trials}
    assert len(scores) == 64
    assert all(found.best.values.values())
    assert found.best.score < 0.7 * scores[0.0, 0.0]


@pytest.mark.slow
def test_halving_trains_a_seventh_of_the_epochs_of_the_full_search():
    preset = BY_LABEL["Halving"]
    found = search(preset.plan)
    trained = sum(each.epochs for each in found.trials)
    assert trained == 81 * 5 + 27 * 15 + 9 * 45 + 3 * 135
    assert 81 * 135 / trained == pytest.approx(7, abs=0.5)
    full = search(replace(preset.plan, halving=""))
    assert [each.point for each in full.ranked[:8]].count(found.best.point) == 1


def test_the_metrics_of_ready_made_searches_exist():
    assert {each.plan.objective.metric for each in SEARCH_PRESETS} <= set(METRICS)
