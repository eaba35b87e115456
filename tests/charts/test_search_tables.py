"""The numbers that charts of a search show, as tables: strengths and words instead of places on an axis."""

from functools import partial

import pytest
from fake_trials import DROPOUT, STRENGTH, plan_of, tried

from regdash.charts.search_heat_map import draw_heat_map, read_heat_map
from regdash.charts.search_path import draw_path, read_path
from regdash.export.files import data_of
from regdash.export.picture import Picture


def rows_of(given, **wanted):
    """The rows of a table as dictionaries, those with these values."""
    rows = [dict(zip(given.columns, row, strict=True)) for row in given.rows]
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


def test_a_logarithmic_place_is_told_as_the_strength_that_stands_there():
    plan = plan_of(STRENGTH)
    strengths = [1e-4, 3e-3, 1e-1]
    trials = tried([({"l2.l2": strength}, 0.3 + strength) for strength in (*strengths, 0.0)])
    found = read_path(plan, trials, "l2.l2")
    picture = Picture("path", partial(draw_path, found), "", 300)
    rows = rows_of(data_of(picture), series="validation")
    places = [next(value for name, value in row.items() if name not in ("series", "y", "low", "high")) for row in rows]
    assert places[:3] == pytest.approx(strengths, rel=1e-9)
    assert places[3] == "off"
    assert [row["y"] for row in rows] == pytest.approx([0.3 + strength for strength in (*strengths, 0.0)])


def test_cells_of_a_heat_map_carry_the_words_of_their_axes():
    plan = plan_of(DROPOUT, STRENGTH)
    trials = tried([(plan.space.at((0.1, 0.9)), 0.25), (plan.space.at((0.9, 0.2)), 0.75)])
    picture = Picture("heat", partial(draw_heat_map, read_heat_map(plan, trials)), "", 430)
    found = data_of(picture)
    assert sorted(row[found.columns.index("value")] for row in found.rows) == [0.25, 0.75]
