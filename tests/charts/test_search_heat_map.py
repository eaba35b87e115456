"""The heat map: which trials stand in which cell, with what mean, and which cell is the best."""

from dataclasses import replace

import numpy as np
import pytest
from fake_trials import ACTIVATION, DROPOUT, STRENGTH, named, outcome, plan_of, scattered, tried
from scipy.stats import t as student

from regdash.charts.search_heat_map import alt_heat_map, draw_heat_map, read_heat_map
from regdash.search import Choice

BOTH = plan_of(DROPOUT, STRENGTH)


def at(dropout, strength):
    return {"dropout.rate": dropout, "l2.l2": strength}


def test_a_cell_holds_the_mean_the_count_and_the_numbers_of_its_trials():
    trials = tried([(at(0.05, 0.0), 0.9), (at(0.06, 0.0), 0.5), (at(0.75, 0.05), 0.3)])
    cells = named(draw_heat_map(read_heat_map(BOTH, trials), "light"), "cells")
    assert cells["z"][0][0] == pytest.approx(np.mean([0.9, 0.5]))
    assert cells["text"][0][0] == "2"
    assert cells["customdata"][0][0] == [1, 0]  # the better one first
    assert cells["z"][-1][-1] == pytest.approx(0.3)
    assert sum(value is not None for row in cells["z"] for value in row) == 2


def test_the_interval_is_over_trials_and_over_runs_where_there_is_one():
    trials = tried([(at(0.05, 0.0), 0.9), (at(0.06, 0.0), 0.5), (at(0.75, 0.05), (0.2, 0.3, 0.7))])
    data = read_heat_map(BOTH, trials)
    for cell, values in ((data.cells[0, 0], [0.9, 0.5]), (data.cells[8, 7], [0.2, 0.3, 0.7])):
        half = student.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
        assert (cell.low, cell.high) == pytest.approx((np.mean(values) - half, np.mean(values) + half))


def test_the_best_cell_has_the_best_mean_and_better_is_the_bright_end_for_every_metric():
    points = [(at(0.05, 0.0), 0.9), (at(0.45, 0.001), 0.2), (at(0.75, 0.05), 0.5)]
    for metric, best, reverse in (("val_loss", (3, 4), True), ("val_accuracy", (0, 0), False)):
        data = read_heat_map(plan_of(DROPOUT, STRENGTH, metric=metric), tried(points))
        cells = named(draw_heat_map(data, "dark"), "cells")
        frame = draw_heat_map(data, "dark").plain_layout["shapes"][0]
        assert data.best == best
        assert cells["reversescale"] is reverse
        assert (frame["x0"], frame["y0"]) == (best[1] - 0.5, best[0] - 0.5)


def test_failed_trials_are_counted_and_a_cell_of_nothing_else_has_a_cross():
    trials = tried([(at(0.05, 0.0), 0.9), (at(0.05, 0.0), None), (at(0.75, 0.05), None)])
    drawing = draw_heat_map(read_heat_map(BOTH, trials), "light")
    assert "1 trial failed" in named(drawing, "cells")["hovertext"][0][0]
    assert named(drawing, "failed")["customdata"] == [[2]]
    assert (named(drawing, "failed")["x"], named(drawing, "failed")["y"]) == ([7], [8])


def test_the_title_names_what_the_mean_is_taken_over_and_any_pair_can_be_chosen():
    plan = plan_of(DROPOUT, STRENGTH, ACTIVATION)
    trials = scattered(plan, 60)
    data = read_heat_map(plan, trials, x="network.activation", y="dropout.rate")
    assert data.title == "Validation loss by Activation and Dropout, mean over L2 strength"
    scores = {
        each.number: (each.values["network.activation"], each.score) for each in trials if each.score == each.score
    }
    relu = [score for word, score in scores.values() if word == "relu"]
    cells = [cell for (_, column), cell in data.cells.items() if column == 0 and cell.numbers]
    assert sum(cell.mean * len(cell.numbers) for cell in cells) == pytest.approx(sum(relu))
    assert read_heat_map(plan, trials, x="dropout.rate", y="dropout.rate").y.scale.path != "dropout.rate"
    assert read_heat_map(plan, trials, x="nonsense").x.scale.path == "dropout.rate"


def test_with_halving_only_the_longest_trial_of_a_point_counts():
    plan = plan_of(DROPOUT, STRENGTH, halving="halving")
    first, other = tried([(at(0.05, 0.0), 0.9), (at(0.75, 0.05), 0.8)])
    first, other = replace(first, epochs=10), replace(other, epochs=10)
    longer = replace(first, number=2, rung=1, epochs=30, outcome=outcome(0.4))
    data = read_heat_map(plan, [first, other, longer])
    assert data.cells[0, 0].numbers == (2,)
    assert data.cells[8, 7].numbers == (1,)


def test_lists_from_json_are_found_among_the_choices():
    plan = plan_of(DROPOUT, Choice("network.widths", ((8,), (16, 8))))
    data = read_heat_map(plan, tried([({"dropout.rate": 0.3, "network.widths": [16, 8]}, 0.5)]))
    assert data.y.words[data.best[0]] == "16-8"


def test_far_outliers_do_not_take_the_colours_of_the_others():
    points = [(at(0.1 * k, 0.0), 0.3 + 0.01 * k) for k in range(8)] + [(at(0.5, 0.05), 1000.0)]
    cells = named(draw_heat_map(read_heat_map(BOTH, tried(points)), "light"), "cells")
    assert cells["zmin"] == pytest.approx(0.3)
    assert cells["zmax"] < 1


def test_a_search_of_one_setting_and_one_without_scores_say_so():
    assert "two searched settings" in alt_heat_map(read_heat_map(plan_of(DROPOUT), []))
    assert read_heat_map(BOTH, []).problem == "No trial has ended yet."
    assert "all failed" in read_heat_map(BOTH, tried([(at(0.1, 0.0), None)])).problem


def test_a_mark_names_no_more_trials_than_a_click_can_use():
    trials = tried([(at(0.05, 0.0), 0.5)] * 500)
    cells = named(draw_heat_map(read_heat_map(BOTH, trials), "light"), "cells")
    assert cells["text"][0][0] == "500"
    assert len(cells["customdata"][0][0]) == 40
