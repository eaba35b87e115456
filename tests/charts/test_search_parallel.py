"""Parallel coordinates: a line per trial, and what a brush keeps."""

import numpy as np
import pytest
from fake_trials import ACTIVATION, DROPOUT, STRENGTH, named, plan_of, scattered, tried

from regdash.charts.search_parallel import alt_parallel, best_part, brushed, draw_parallel, kept, read_parallel

PLAN = plan_of(DROPOUT, STRENGTH)


def three():
    points = (((0.0, 0.0), 0.9), ((0.4, 1e-4), 0.3), ((0.8, 0.1), 0.5))
    return tried([({"dropout.rate": rate, "l2.l2": strength}, score) for (rate, strength), score in points])


def test_a_line_goes_through_every_setting_to_the_score_with_the_best_on_top():
    data = read_parallel(PLAN, three())
    assert data.paths == ("dropout.rate", "l2.l2", "score")
    assert data.numbers == (0, 2, 1)  # the worst is drawn first
    assert data.shares[:, 0] == pytest.approx([0, 1, 0.5])
    assert data.shares[:, 1] == pytest.approx([0, 1, 0.14 / 1.14], abs=1e-3)
    assert data.shares[-1, 2] == 1
    assert data.shares[0, 2] == 0
    best = named(draw_parallel(data, "light"), "best")
    assert best["x"] == [0, 1, 2, None]
    assert best["y"][:3] == pytest.approx(data.shares[-1].tolist())


def test_every_line_names_its_trial_and_all_are_drawn_once():
    plan = plan_of(DROPOUT, STRENGTH, ACTIVATION)
    trials = scattered(plan, 300)
    data = read_parallel(plan, trials)
    groups = [each for each in draw_parallel(data, "dark").traces if each["uid"].startswith("quality")]
    drawn = [name for each in groups for (name,) in each["customdata"][:: len(data.paths) + 1]]
    assert sorted(drawn) == sorted(data.numbers)
    assert all(len(each["customdata"]) == len(each["x"]) == len(each["y"]) for each in groups)


def test_real_units_are_written_on_the_axes():
    data = read_parallel(plan_of(DROPOUT, STRENGTH, ACTIVATION), scattered(plan_of(DROPOUT, STRENGTH, ACTIVATION), 20))
    words = [[word for _, word in ticks] for ticks in data.ticks]
    assert words[1] == ["off", "0.0001", "0.001", "0.01", "0.1"]
    assert words[2] == ["relu", "tanh"]


def test_a_box_brushes_the_axes_inside_it_and_keeps_what_lies_in_all_brushes():
    data = read_parallel(PLAN, three())
    brushes = brushed(data, {}, (-0.1, 0.2), (0.9, 0.3))
    assert brushes == {"dropout.rate": (0.3, 0.9)}
    assert kept(data, brushes) == (1,)
    both = brushed(data, brushed(data, {}, (-0.1, 0.2), (0.4, 1.2)), (1.7, 2.4), (0.5, 1.3))
    assert both == {"dropout.rate": (0.4, 1.0), "score": (0.5, 1.0)}
    assert kept(data, both) == (1, 2)
    assert brushed(data, both, (0.9, 1.1), (0.5, 0.5)) == both  # a click is no box
    assert kept(data, {}) == (1, 2, 0)


def test_lines_outside_the_brushes_are_grey_and_the_best_inside_them_is_marked():
    data = read_parallel(PLAN, three())
    brushes = {"dropout.rate": (0.9, 1.0)}
    drawing = draw_parallel(data, "light", brushes=brushes)
    assert len(named(drawing, "left out")["x"]) == 2 * 4
    assert named(drawing, "best")["y"][0] == 1
    rectangles = [shape for shape in drawing.plain_layout["shapes"] if shape["type"] == "rect"]
    assert [(each["y0"], each["y1"]) for each in rectangles] == [(0.9, 1.0)]
    assert "1 of them lie inside" in alt_parallel(data, brushes)


def test_a_box_that_keeps_nothing_leaves_only_grey_lines():
    drawing = draw_parallel(read_parallel(PLAN, three()), "light", brushes={"dropout.rate": (0.2, 0.3)})
    assert {each["uid"] for each in drawing.traces} == {"left out", "written"}


def test_a_brush_of_a_setting_that_is_not_searched_changes_nothing():
    data = read_parallel(PLAN, three())
    assert kept(data, {"nonsense": (0.0, 0.1)}) == (1, 2, 0)


def test_of_very_many_trials_the_best_are_drawn_and_the_title_says_so():
    trials = scattered(PLAN, 1_500, failing=10_000)
    data = read_parallel(PLAN, trials)
    scores = sorted(each.score for each in trials if np.isfinite(each.score))
    assert len(data.numbers) == 1_000
    assert {trials[number].score for number in data.numbers} == set(scores[:1_000])
    assert "best 1,000 trials" in data.title


def test_no_page_may_need_webgl():
    assert {each["type"] for each in draw_parallel(read_parallel(PLAN, three()), "light").traces} == {"scatter"}


def test_the_best_part_is_a_brush_on_the_score_that_keeps_so_many_and_those_that_are_as_good():
    scores = [0.9, 0.5, 0.5, 0.1, 0.7, 0.3, 0.8, 0.6]
    data = read_parallel(PLAN, tried([({"dropout.rate": 0.1, "l2.l2": 0.001}, (score,)) for score in scores]))
    assert kept(data, best_part(data, 0.25)) == (3, 5)
    assert set(kept(data, best_part(data, 3 / 8))) == {3, 5, 1, 2}
    assert best_part(read_parallel(PLAN, ()), 0.25) == {}
