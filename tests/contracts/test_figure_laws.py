"""Laws of every small figure: its defaults, both ends of every setting, its numbers and its sentence."""

import json
import math
import re
import time
from pathlib import Path

import pytest

from regdash.charts.figures import FIGURES, figure_number, settings_from
from regdash.params import params_of, problems

every_figure = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
LETTERS = re.compile("[a-zA-Z][-_a-zA-Z0-9]*( [a-zA-Z][-_a-zA-Z0-9]*)*")


def ends(figure):
    """The settings of a figure by default, and with each of them at its ends or at each of its choices."""
    yield figure.settings()
    for each in params_of(figure.settings):
        for value in each.choices or ((False, True) if each.kind == "switch" else (each.low, each.high)):
            yield settings_from(figure, {each.name: value})


@every_figure
def test_the_defaults_of_a_figure_are_allowed_and_its_settings_are_explained(figure):
    assert problems(figure.settings()) == {}
    for each in params_of(figure.settings):
        assert each.label
        assert each.help.endswith(".")
        assert each.kind in ("switch", "choice") or (math.isfinite(each.low) and math.isfinite(each.high))
    assert 200 <= figure.height <= 600


@every_figure
def test_a_figure_draws_at_both_ends_of_every_setting(figure):
    for settings in ends(figure):
        data = figure.read(settings)
        drawn = figure.draw(data, "light")
        assert any(axis.title.text for axis in drawn.figure.select_xaxes())
        assert "NaN" not in drawn.to_json()
        facts = figure.facts(data)
        assert tuple(facts) == figure.numbers
        assert all(isinstance(value, float) for value in facts.values())
        alt = figure.alt(data)
        assert alt.endswith(".")
        assert not {"nan", "inf"} & set(re.findall("[a-z]+", alt.lower()))


@every_figure
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_figure_has_traces_of_its_own_and_stays_small_in_every_theme(figure, theme):
    drawn = figure.draw(figure.read(figure.settings()), theme)
    tree = json.loads(drawn.to_json())
    assert tree["layout"]["meta"]["name"] == figure.name
    assert tree["layout"]["meta"]["title"].startswith(figure.title)
    assert "text" not in tree["layout"].get("title", {})
    uids = [trace["uid"] for trace in tree["data"]]
    assert len(set(uids)) == len(uids)
    assert all(LETTERS.fullmatch(uid) for uid in uids), uids  # Plotly makes selectors of them
    assert len(drawn.to_json()) < 120_000


@every_figure
def test_a_figure_is_the_same_twice_and_takes_less_than_a_second_and_a_half(figure):
    first = figure.draw(figure.read(figure.settings()), "light").to_json()
    begin = time.thread_time()  # not the clock on the wall: other tests run beside it
    data = figure.read(figure.settings())
    assert figure.draw(data, "light").to_json() == first
    assert time.thread_time() - begin < 1.5
    if figure.numbers:
        name = figure.numbers[0]
        assert figure_number(figure.name, name, {}) == figure.facts(data)[name]


def test_the_names_of_the_figures_differ_and_every_file_is_in_the_catalogue():
    names = [figure.name for figure in FIGURES]
    assert len(set(names)) == len(names)
    folder = Path(__file__).parents[2] / "regdash" / "charts"
    drawn = {path.stem for path in folder.glob("figure_*.py") if "\ndef draw_" in path.read_text("utf-8")}
    missing = {stem.removeprefix("figure_") for stem in drawn} - set(names)
    assert not missing, f"Add {', '.join(sorted(missing))} to FIGURES in regdash/charts/figures.py"
