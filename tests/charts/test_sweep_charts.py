"""Charts of one setting varied: means, bands and best values against SciPy, the axis, and what is said of them."""

import numpy as np
import pytest
from scipy import stats

from regdash.charts.compare_coefficients import alt_coefficient_path, draw_coefficient_path, read_coefficient_path
from regdash.charts.compare_sweep import (
    EMPTY,
    SweepLine,
    alt_sweep,
    best_of,
    draw_sweep,
    read_sweep,
)

VALUES = (0.0, 1e-4, 1e-3, 1e-2)
RUNS = ((80.0, 82.0, 84.0), (85.0, 86.0, 90.0), (92.0, 93.0, 91.0), (70.0, 71.0, 69.0))
LINE = SweepLine("L2", VALUES, RUNS)


def test_the_line_is_the_mean_and_the_band_students_interval():
    (line,) = read_sweep([LINE], "L2 strength", "validation accuracy (%)", 1).lines
    assert line.mean == pytest.approx([np.mean(runs) for runs in RUNS])
    for at, runs in enumerate(RUNS):
        low, high = stats.t.interval(0.95, 2, np.mean(runs), stats.sem(runs))
        assert (line.low[at], line.high[at]) == pytest.approx((low, high))


def test_an_exact_zero_stands_apart_on_the_left_of_a_logarithmic_axis():
    scale = read_sweep([LINE], "L2 strength", "loss").scale
    assert scale.log
    assert [scale.at(value) for value in VALUES[1:]] == pytest.approx([-4, -3, -2])
    assert scale.at(0.0) < -4
    assert scale.word(0.0) == "off"


def test_values_of_one_size_stand_on_a_linear_axis_also_when_they_are_not_in_order():
    data = read_sweep([SweepLine("depth", (8, 2, 4), ((3.0,), (1.0,), (2.0,)))], "Layers", "loss")
    assert not data.scale.log
    assert data.lines[0].places.tolist() == [2, 4, 8]
    assert data.lines[0].mean.tolist() == [1, 2, 3]


def test_the_ring_marks_the_highest_or_the_lowest_mean_or_nothing():
    (line,) = read_sweep([LINE], "L2 strength", "accuracy", 1).lines
    assert [best_of(line, better) for better in (1, -1, 0)] == [2, 3, None]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_plotly_takes_what_is_drawn_also_while_runs_are_missing(theme):
    half = SweepLine("half", VALUES, ((1.0,), (), (2.0, 3.0), ()))
    drawn = draw_sweep(read_sweep([LINE, half], "L2 strength", "loss", -1), theme).figure
    assert drawn.layout.xaxis.title.text == "L2 strength"
    assert drawn.layout.yaxis.title.text == "loss"


def test_without_any_run_the_chart_and_its_words_say_what_will_come():
    data = read_sweep([SweepLine("L2", VALUES, ((), (), (), ()))], "L2 strength", "loss")
    assert EMPTY in alt_sweep(data)
    assert not draw_sweep(data, "light").traces


def test_the_words_name_the_ends_and_the_best():
    said = alt_sweep(read_sweep([LINE], "L2 strength", "validation accuracy (%)", 1))
    assert "82 at off" in said
    assert "70 at 0.01" in said
    assert "best 92 at 0.001" in said


def test_weights_along_a_sweep_are_means_over_runs_and_zeros_are_counted():
    weights = [[np.array([1.0, 0.5]), np.array([3.0, 0.5])], [np.array([1.0, 0.0]), np.array([1.0, 0.0])]]
    data = read_coefficient_path("L1 strength", ["age", "bmi"], (0.1, 0.2), weights)
    assert data.weights.tolist() == [[2.0, 0.5], [1.0, 0.0]]
    assert data.zeros.tolist() == [0, 1]
    assert "2 weights" in alt_coefficient_path(data)
    assert draw_coefficient_path(data, "dark").figure.data[0].name == "age"


def test_a_feature_with_markup_in_its_name_stays_a_name():
    data = read_coefficient_path("L1", ["<b>x</b>"], (0.1, 0.2), [[np.ones(1)], [np.ones(1)]])
    assert "<b>" not in draw_coefficient_path(data, "light").figure.data[0].name
