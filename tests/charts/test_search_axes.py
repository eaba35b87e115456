"""Where values of searched settings stand, and what is written there."""

import numpy as np
import pytest
from fake_trials import ACTIVATION, DROPOUT, STRENGTH, plan_of

from regdash.charts.search_axes import scale_of, spaced_ticks
from regdash.charts.search_cells import cells_of
from regdash.search import Choice, Range


def scale(dimension):
    return scale_of(plan_of(dimension).space, dimension.path)


def test_strengths_stand_by_their_logarithm_and_off_apart_on_the_left():
    axis = scale(STRENGTH)
    assert [axis.at(value) for value in (1e-4, 1e-3, 0.1)] == pytest.approx([-4, -3, -1])
    assert axis.at(0.0) < -4.3
    assert axis.ticks[0] == (axis.at(0.0), "off")
    assert [word for _, word in axis.ticks] == ["off", "0.0001", "0.001", "0.01", "0.1"]


def test_choices_stand_in_a_row_by_the_names_that_people_know():
    axis = scale(Choice("optimizer", ("sgd", "adam")))
    assert [axis.at(name) for name in ("sgd", "adam")] == [0, 1]
    assert [word for _, word in axis.ticks] == ["SGD", "Adam"]
    assert axis.range == [-0.5, 1.5]


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.8), (16, 256), (1, 2), (0.9, 0.999), (0, 1e6), (3, 3.0001)])
def test_numbers_on_an_axis_are_round_and_few(low, high):
    places = [at for at, _ in spaced_ticks(low, high)]
    assert 2 <= len(places) <= 6
    assert low - 1e-9 <= min(places)
    assert max(places) <= high + 1e-9
    assert np.allclose(np.diff(places), np.diff(places)[0])


def test_a_short_or_a_crooked_logarithmic_range_has_ticks_too():
    assert [word for _, word in scale(Range("l2.l2", 0.001, 0.01, log=True)).ticks] == [
        "0.001",
        "0.002",
        "0.005",
        "0.01",
    ]
    assert [word for _, word in scale(Range("l2.l2", 0.0031, 0.0042, log=True)).ticks] == ["0.0031", "0.0042"]


def test_the_axis_can_be_thinned_without_losing_off_or_a_choice():
    words = [word for _, word in scale(STRENGTH).written(2)]
    assert words[0] == "off"
    assert len(words) < 5
    assert len(scale(ACTIVATION).written(1)) == 2


def test_bins_of_a_strength_are_equally_wide_in_decades_and_off_has_its_own():
    plan = plan_of(STRENGTH)
    cells = cells_of(plan, "l2.l2", [0.0, 1e-4, 0.02], bins=3)
    assert len(cells) == 4
    assert [cells.of(value) for value in (0.0, 1e-4, 9.9e-4, 1.1e-3, 0.02, 0.1)] == [0, 1, 1, 2, 3, 3]
    assert cells.words == ("off", "0.0001 to 0.001", "0.001 to 0.01", "0.01 to 0.1")


def test_bins_agree_with_numpy_histogram():
    rng = np.random.default_rng(0)
    values = rng.uniform(0, 0.8, 500)
    cells = cells_of(plan_of(DROPOUT), "dropout.rate", values.tolist())
    counts = np.bincount([cells.of(value) for value in values.tolist()], minlength=len(cells))
    assert counts.tolist() == np.histogram(values, bins=8, range=(0, 0.8))[0].tolist()


def test_grids_choices_and_few_whole_numbers_have_a_cell_per_value():
    grid = plan_of(STRENGTH, strategy="grid")
    assert cells_of(grid, "l2.l2", list(grid.space.axes[0])).values == (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
    assert cells_of(plan_of(ACTIVATION), "network.activation", ["tanh"]).values == ("relu", "tanh")
    patience = Range("early_stopping.patience", 2, 6)
    assert cells_of(plan_of(patience), "early_stopping.patience", [3]).values == (2, 3, 4, 5, 6)
