"""Charts of predictions: what was predicted and what the runs say, against SciPy and numbers worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.interpolate import PchipInterpolator

from regdash.charts.predict_choice import Chosen, alt_predict_choice, draw_predict_choice, read_predict_choice
from regdash.charts.predict_crowd import Crowd, alt_predict_crowd, draw_predict_crowd, read_predict_crowd
from regdash.charts.predict_number import Guessed, draw_predict_number, read_predict_number
from regdash.charts.predict_sketch import Sketched, alt_predict_sketch, draw_predict_sketch, read_predict_sketch
from regdash.charts.sketch_curve import sketched, slopes_of

TEXTS = ("rises", "falls", "stays")


def random_points(seed):
    chance = np.random.default_rng(seed)
    y = chance.choice([chance.uniform(-2, 2, 3), chance.integers(-2, 3, 3).astype(float)])  # equal heights as well
    return ((0.0, y[0]), (chance.uniform(0.02, 0.98), y[1]), (1.0, y[2]))


@pytest.mark.parametrize("seed", range(60))
def test_a_sketch_is_scipys_monotone_cubic_through_its_points(seed):
    points = random_points(seed)
    at, peer = np.linspace(0, 1, 57), PchipInterpolator(*np.array(points).T)
    np.testing.assert_allclose(sketched(points, at), peer(at), atol=1e-12)
    np.testing.assert_allclose(slopes_of(points), peer.derivative()([x for x, _ in points]), atol=1e-9)


def test_a_sketch_stays_level_beyond_its_points():
    points = ((0.2, 1.0), (0.5, 3.0), (0.8, 2.0))
    assert sketched(points, np.array([0.0, 0.2, 0.8, 1.0])).tolist() == [1, 1, 2, 2]


def truth(*values):
    return np.array(values, bool)


def test_each_answer_is_counted_in_its_seeds_and_otherwise_means_none_of_the_others():
    data = read_predict_choice(Chosen(TEXTS, (truth(1, 0, 0), truth(0, 1, 0), None), picked=2))
    assert (data.counts, data.of, data.picked, data.right) == ((1, 1, 1), 3, 2, 0)
    data = read_predict_choice(Chosen(TEXTS, (truth(1, 1, 0), truth(1, 1, 0), None)))
    assert (data.counts, data.right) == ((2, 2, 1), 0)


def test_a_fact_that_depends_on_no_run_holds_in_all_seeds_or_in_one():
    assert read_predict_choice(Chosen(TEXTS[:2], (truth(1), truth(1, 0, 1)))).counts == (3, 2)
    alone = read_predict_choice(Chosen(TEXTS[:2], (truth(1), None), picked=0))
    assert (alone.counts, alone.of, alone.right) == ((1, 0), 1, 0)
    assert "so it is" in alt_predict_choice(alone)


def test_where_no_answer_holds_none_is_the_right_one():
    data = read_predict_choice(Chosen(TEXTS[:2], (truth(0, 0), truth(0, 0)), picked=0))
    assert data.right is None


def test_the_pick_stands_at_its_bar_and_every_answer_has_one():
    data = read_predict_choice(Chosen(TEXTS, (truth(0, 1), truth(1, 0), None), picked=1))
    figure = draw_predict_choice(data, "light")
    bars = next(trace for trace in figure.data if trace.type == "bar")
    pick = next(trace for trace in figure.data if trace.uid == "prediction")
    assert list(bars.x) == [1, 1, 0]
    assert pick.y[0] == bars.y[1]
    assert list(bars.y) == sorted(bars.y)


def test_numbers_have_students_interval_and_leave_out_what_is_not_finite():
    values = [4.0, 6.0, 7.0, math.nan]
    data = read_predict_number(Guessed(values, 5.0, 0, 10, "weights", 1))
    found = np.array(values[:3])
    low, high = stats.t.interval(0.95, 2, found.mean(), stats.sem(found))
    assert (data.over.mean, data.over.n) == (pytest.approx(17 / 3), 3)
    assert (data.over.low, data.over.high) == (pytest.approx(low), pytest.approx(high))
    assert data.apart == pytest.approx(2 / 3)
    mean = next(trace for trace in draw_predict_number(data, "light").data if trace.uid == "mean")
    assert mean.error_x.array[0] == pytest.approx(high - 17 / 3, rel=1e-3)


def test_the_scale_reaches_to_values_beyond_the_ends_that_were_offered():
    axis = draw_predict_number(read_predict_number(Guessed([14.0, 15.0], 3.0, 0, 10)), "light").layout.xaxis
    assert axis.range[0] < 0
    assert axis.range[1] > 15


def test_a_sketch_is_compared_with_the_mean_curve_at_every_epoch():
    curves, points = [np.array([1.0, 0.6, 0.2]), np.array([1.0, 0.2, 0.0])], ((0, 1.0), (0.5, 0.5), (1, 0.5))
    data = read_predict_sketch(Sketched("val_loss", curves, points, epochs=3))
    np.testing.assert_allclose(data.curve.mean, [1.0, 0.4, 0.1])
    np.testing.assert_allclose(data.guess, [1.0, 0.5, 0.5])
    assert data.apart == pytest.approx((0.0 + 0.1 + 0.4) / 3)
    assert data.worst == 3


def test_a_run_that_stopped_early_is_compared_on_the_epochs_that_were_sketched():
    points = ((0, 0.0), (0.5, 0.5), (1, 1.0))  # a straight line over 11 epochs
    data = read_predict_sketch(Sketched("loss", [np.zeros(6)], points, epochs=11))
    np.testing.assert_allclose(data.guess, np.arange(6) / 10, atol=1e-12)
    assert data.apart == pytest.approx(np.mean(np.arange(6) / 10))


def test_epochs_that_diverged_are_left_out_of_the_difference():
    curve = np.array([0.5, math.nan, math.inf, math.nan])
    data = read_predict_sketch(Sketched("loss", [curve], ((0, 0.7), (0.5, 0.7), (1, 0.7)), epochs=4))
    assert data.apart == pytest.approx(0.2)
    assert data.worst == 1
    assert "nan" not in alt_predict_sketch(data)


def test_the_sketch_is_drawn_through_its_points_over_the_epochs():
    data = read_predict_sketch(Sketched("loss", [np.ones(21)], ((0, 0.2), (0.5, 0.9), (1, 0.4)), epochs=21))
    traces = {trace.uid: trace for trace in draw_predict_sketch(data, "light").data}
    assert list(traces["points"].x) == [1, 11, 21]
    drawn = dict(zip(traces["prediction"].x, traces["prediction"].y, strict=True))
    assert (drawn[1], drawn[11], drawn[21]) == (0.2, 0.9, 0.4)


def test_a_class_is_counted_and_its_middle_found():
    choices = read_predict_crowd(Crowd("choice", TEXTS, choices=[0, 2, 2, 2]))
    assert (choices.counts, choices.answers) == ((1, 0, 3), 4)
    assert "3 (75 %)" in [note.text for note in draw_predict_crowd(choices, "light").layout.annotations]
    numbers = read_predict_crowd(Crowd("number", numbers=[1, 9, 3, 4], low=0, high=10))
    assert (numbers.median, sum(numbers.counts)) == (3.5, 4)
    flat = [((0, height), (0.5, height), (1, height)) for height in (0.1, 0.2, 0.9)]
    sketches = read_predict_crowd(Crowd("sketch", sketches=flat))
    np.testing.assert_allclose(sketches.middle, 0.2)


@pytest.mark.parametrize("kind", ["choice", "number", "sketch"])
def test_nobody_who_has_predicted_is_said(kind):
    data = read_predict_crowd(Crowd(kind, TEXTS))
    assert "Nobody has predicted anything yet" in alt_predict_crowd(data)
    assert "Nobody" in draw_predict_crowd(data, "light").layout.annotations[0].text


def test_equal_numbers_of_a_class_stand_on_one_another():
    data = read_predict_crowd(Crowd("number", numbers=[5, 5, 5, 1, 10], low=0, high=10))
    dots = next(trace for trace in draw_predict_crowd(data, "light").data if trace.mode == "markers")
    assert sorted(zip(dots.x, dots.y, strict=True)) == [(1, 1), (5, 1), (5, 2), (5, 3), (10, 1)]
