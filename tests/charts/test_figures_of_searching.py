import numpy as np
import pytest
from scipy.stats import binom
from sklearn.linear_model import Ridge

from regdash.charts.diabetes_rows import diabetes_rows
from regdash.charts.figure_one_standard_error import (
    OneStandardError,
    draw_one_standard_error,
    facts_one_standard_error,
    fold_errors,
    read_one_standard_error,
)
from regdash.charts.figure_random_and_grid import (
    RandomAndGrid,
    draw_random_and_grid,
    facts_random_and_grid,
    read_random_and_grid,
)
from regdash.charts.figure_search_strategies import (
    SearchStrategies,
    facts_search_strategies,
    read_search_strategies,
)


def test_sixty_four_random_trials_come_closer_than_a_grid_of_eight_by_eight():
    data = read_random_and_grid(RandomAndGrid(64))
    facts = facts_random_and_grid(data)
    assert facts["best_grid"] == 1 - 1 / 16
    assert facts["best_random"] == pytest.approx(64 / 65, abs=0.002)
    assert facts["values_grid"] == 8
    assert len(np.unique(data.random[:, 0])) == 64


@pytest.mark.parametrize(("trials", "chance"), [(60, 0.954), (8, 0.337)])
def test_the_chance_of_a_trial_in_the_top_five_percent(trials, chance):
    hit = facts_random_and_grid(read_random_and_grid(RandomAndGrid(trials)))["hit"]
    assert hit == pytest.approx(chance, abs=0.0005)
    assert hit == pytest.approx(binom.sf(0, trials, 0.05))


def test_the_ticks_below_the_squares_are_the_values_that_were_tried():
    data = read_random_and_grid(RandomAndGrid(20))
    traces = {trace["uid"]: trace for trace in draw_random_and_grid(data, "light").traces}
    assert traces["grid values"]["x"] == [0.125, 0.375, 0.625, 0.875]
    assert len(traces["random values"]["x"]) == 20


def test_the_grid_ends_at_its_best_point_and_bayesian_search_ends_lower_than_both_others():
    data = read_search_strategies(SearchStrategies(49, 0.1))
    u, v = np.meshgrid(np.linspace(0, 1, 7), np.linspace(0, 1, 7))
    facts = facts_search_strategies(data)
    assert facts["grid"] == pytest.approx(((u - 0.62) ** 2 + 0.1 * (v - 0.38) ** 2).min(), rel=1e-3)
    assert facts["tpe"] < facts["random"]
    assert facts["tpe"] < facts["grid"]
    assert all((np.diff(best) <= 0).all() for best in data.best.values())
    assert {len(best) for best in data.best.values()} == {49}


def test_the_errors_over_folds_are_those_of_scikit_learn():
    x, y = diabetes_rows()
    x, y, strengths = x[:100], y[:100], np.array([0.001, 0.1, 2.0])
    found = fold_errors(x, y, strengths, 5)
    for errors, out in zip(found, np.array_split(np.random.default_rng(0).permutation(100), 5), strict=True):
        rest = np.setdiff1d(np.arange(100), out)
        fits = [Ridge(alpha=len(rest) * l2).fit(x[rest], y[rest]) for l2 in strengths]
        assert errors == pytest.approx([np.mean((fit.predict(x[out]) - y[out]) ** 2) for fit in fits])


@pytest.mark.parametrize("settings", [OneStandardError(), OneStandardError(80, 5)], ids=str)
def test_the_rule_takes_the_strongest_penalty_within_one_standard_error_of_the_best(settings):
    x, y = diabetes_rows()
    data = read_one_standard_error(settings)
    errors = fold_errors(x[: settings.rows], y[: settings.rows], data.strengths, settings.folds)
    mean = errors.mean(axis=0)
    best = mean.argmin()
    limit = mean[best] + errors[:, best].std(ddof=1) / np.sqrt(settings.folds)
    facts = facts_one_standard_error(data)
    assert facts["best_l2"] == data.strengths[best]
    assert facts["chosen_l2"] == data.strengths[mean <= limit].max()
    assert facts["best_error"] <= facts["chosen_error"] <= limit
    shapes = draw_one_standard_error(data, "light").layout.shapes
    assert shapes[0].y0 == pytest.approx(limit)
