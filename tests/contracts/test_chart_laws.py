"""Laws of every chart: no run, one run, many runs, diverged runs; light and dark; small and without placeholders."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_runs import diverged, history, probe, record

from regdash.charts import ANSWERS, CHARTS, COMPARISONS, CURVES, PREDICTIONS, SWEEPS, Group
from regdash.charts.boundary import draw_boundary, read_boundary
from regdash.charts.predict_choice import Chosen
from regdash.charts.predict_crowd import Crowd
from regdash.charts.predict_number import Guessed
from regdash.charts.predict_sketch import Sketched
from regdash.charts.room import Found
from regdash.comparison import Series
from regdash.datasets import Diabetes, Digits, Moons, Split, samples
from regdash.experiment import Experiment
from regdash.record import History

CURVE_INPUTS = {
    "no run": [],
    "a run without epochs": [Group("this run", "current", (History({}),))],
    "one epoch": [Group("this run", "current", (history(1),))],
    "one run": [Group("this run", "current", (history(),))],
    "a regression": [Group("this run", "current", (history(regression=True),))],
    "many runs": [
        Group("this run", "current", tuple(history(20 - 3 * s, s) for s in range(5))),
        Group("baseline", "baseline", tuple(history(30, s) for s in range(5))),
    ],
    "diverged at once": [Group("this run", "current", (diverged(),))],
    "diverged later": [Group("this run", "current", (diverged(good=4), history()))],
    "baseline only": [Group("baseline", "baseline", (history(),))],
}
UNANSWERED = np.full((len(samples(Experiment().data, Experiment().split).validation), 1), np.nan)
ANSWER_INPUTS = {
    "no run": [],
    "one run": [record()],
    "many runs": [record(Experiment(data=Digits()), seed=s) for s in range(3)],
    "a regression": [record(Experiment(data=Diabetes()), seed=s) for s in range(2)],
    "diverged at once": [record(outputs=UNANSWERED)],
    "a diverged regression": [record(Experiment(data=Diabetes()), noise=np.nan)],
}
ROOM = next(chart for chart in CHARTS if chart.name == "room")
DIVERGED = Found("Ada", Experiment(), (np.nan,), (0,), (np.nan,), (np.nan,))
ROOM_INPUTS = {
    "no result": [],
    "one result": [Found("Ada", Experiment(), (0.4,), (12,), (0.1,), (0.8,))],
    "a result that diverged": [DIVERGED],
    "a class": [
        Found(f"pupil {k}", Experiment().with_values({"l2.l2": s}), (0.4 + s, 0.5 + k / 9), (3, 4), (0.1, 0), (0.8, 1))
        for k in range(3)
        for s in (0.0, 0.001, 0.1)
    ],
    "words instead of numbers": [
        Found("<b>x</b>", Experiment().with_values({"network.activation": a}), (0.4,), (1,), (0.1,), (0.8,))
        for a in ("relu", "tanh")
    ],
}
HOSTILE = "<script>alert(1)</script>"
OWN = Series("A", Experiment(), 1, {(0, 0): record().history}, {(0, 0): record()}, 1)
COMPARED = {
    "nothing": [],
    "a setting": [OWN],
    "a setting that waits": [Series("A", Experiment(), 2, {}, {}, 2)],
    "a setting without epochs": [Series("A", Experiment(), 1, {(0, 0): History({})}, {}, 1)],
    "a setting of one epoch": [Series("A", Experiment(), 1, {(0, 0): history(1)}, {}, 1)],
    "imported curves": [Series("A", None, 1, {(0, 0): History({"val_loss": np.ones(4)})}, {}, 1)],
    "diverged at once": [Series("A", Experiment(), 1, {(0, 0): diverged()}, {(0, 0): record(outputs=UNANSWERED)}, 1)],
    "diverged later": [Series("A", Experiment(), 2, {(0, 0): diverged(good=4), (1, 0): history()}, {}, 2), OWN],
    "settings of all kinds": [
        OWN,
        Series(HOSTILE, Experiment(), 3, {(s, 0): history(9 - s, s) for s in range(3)}, {(0, 0): record()}, 3),
        Series("R", Experiment(data=Diabetes()), 1, {}, {(0, 0): record(Experiment(data=Diabetes()))}, 1),
    ],
}
POINTS = ((0.0, 0.9), (0.3, 0.2), (1.0, 0.6))
PREDICTED = {
    "predict-choice": {
        "a pick": Chosen((HOSTILE, "$w$ *falls* for a long time " * 9), (np.array([True, False, True]), None), 1),
        "no pick": Chosen(("a", "b"), (np.array([False]), np.array([False]))),
    },
    "predict-number": {
        "seeds": Guessed((3.0, 4.0, np.nan), 2.0, 0, 10, HOSTILE, 1),
        "one value": Guessed((3.0,), None),
        "diverged": Guessed((np.nan, np.inf), 0.5),
    },
    "predict-sketch": {
        "seeds": Sketched("val_loss", [np.linspace(1, k / 9, 30) for k in range(3)], POINTS, 30),
        "one epoch": Sketched("loss", [np.ones(1)], POINTS, 1),
        "no sketch": Sketched("accuracy", [np.ones(4)]),
        "diverged": Sketched("loss", [np.full(4, np.nan)], POINTS, 4),
    },
    "predict-crowd": {
        "choices": Crowd("choice", (HOSTILE, "b"), choices=(0, 0, 1)),
        "numbers": Crowd("number", numbers=(1.0, 1.0, 9.0), high=10, unit=HOSTILE),
        "sketches": Crowd("sketch", sketches=(POINTS, POINTS), column="val_loss"),
    },
}
CASES = [(chart, name, given) for chart in CURVES for name, given in CURVE_INPUTS.items()]
CASES += [(ROOM, name, given) for name, given in ROOM_INPUTS.items()]
CASES += [(chart, name, given) for chart in COMPARISONS for name, given in COMPARED.items()]
CASES += [(chart, name, given) for chart in ANSWERS for name, given in ANSWER_INPUTS.items()]

CASES += [
    (chart, name, given) for chart in PREDICTIONS for name, given in ({"nothing": []} | PREDICTED[chart.name]).items()
]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(("chart", "name", "given"), CASES, ids=[f"{c.name}, {n}" for c, n, _ in CASES])
def test_every_chart_draws_whatever_comes(chart, name, given, theme):
    data = chart.read(given)
    figure = chart.draw(data, theme)
    text = figure.to_json()
    tree = json.loads(text)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert tree["layout"]["meta"]["name"].startswith(chart.name)
    assert "<script" not in text
    assert tree["layout"]["meta"]["title"]
    assert "text" not in tree["layout"].get("title", {})
    assert figure.data or figure.layout.annotations[0].text.endswith(".")
    assert len(chart.alt(data)) > 20
    assert "nan" not in chart.alt(data).lower().split()


@pytest.mark.parametrize("chart", CURVES, ids=lambda chart: chart.name)
def test_every_axis_has_a_name(chart):
    layout = chart.draw(chart.read(CURVE_INPUTS["one run"]), "light").layout
    assert layout.xaxis.title.text == "epoch"
    assert layout.yaxis.title.text


@pytest.mark.parametrize("chart", CURVES, ids=lambda chart: chart.name)
def test_the_longest_run_with_its_baseline_stays_small_on_the_wire(chart):
    groups = [
        Group(role, role, tuple(history(2_000, s, ("hidden 1", "hidden 2", "output")) for s in range(3)))
        for role in ("current", "baseline")
    ]
    assert len(chart.draw(chart.read(groups), "light").to_json()) < 120_000
    assert len(chart.draw(chart.read([Group("x", "current", (history(150),))]), "light").to_json()) < 20_000


def test_the_boundary_stays_small_on_the_wire():
    rows = samples(Moons(samples=5_000), Split())
    assert len(draw_boundary(read_boundary(probe(50, 50), rows), "light").to_json()) < 40_000


@pytest.mark.parametrize("chart", COMPARISONS, ids=lambda chart: chart.name)
def test_what_is_compared_has_traces_and_zoom_of_its_own_and_stays_small(chart):
    data = chart.read([replace(OWN, name=f"{HOSTILE} {place}") for place in range(20)])
    drawing = chart.draw(data, "print")
    uids = [trace.uid for trace in drawing.data]
    assert len(set(uids)) == len(uids)
    assert all(re.fullmatch("[-a-z0-9 ]*", uid) for uid in uids)  # Plotly makes selectors of them
    assert len(drawing.to_json()) < 400_000
    assert 150 < data.height < 2_500
    assert drawing.layout.uirevision not in {draw_empty(other).layout.uirevision for other in CHARTS}


def draw_empty(chart):
    """The chart before there is anything to draw."""
    return chart.draw(
        chart.read(None, samples(Moons(), Split())) if chart.name == "boundary" else chart.read([]), "dark"
    )


def test_zoom_and_legend_choices_belong_to_one_chart():
    kept = [draw_empty(chart).layout.uirevision for chart in CHARTS]
    assert len(set(kept)) == len(CHARTS)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_traces_have_names_of_their_own_so_that_legend_choices_survive(chart):
    if chart.name == "boundary":
        figure = chart.draw(chart.read(probe(), samples(Moons(), Split(label_noise=0.1))), "light")
    else:
        given = {c.name: CURVE_INPUTS["many runs"] for c in CURVES} | {c.name: [record()] for c in ANSWERS}
        given[ROOM.name] = ROOM_INPUTS["a class"]
        figure = chart.draw(chart.read(given[chart.name]), "light")
    uids = [trace.uid for trace in figure.data if trace.type != "heatmap"]
    assert None not in uids
    assert len(uids) == len(set(uids))
    assert figure.layout.uirevision == draw_empty(chart).layout.uirevision


def test_every_chart_file_is_in_the_catalogue():
    folder = Path(__file__).parents[2] / "regdash" / "charts"
    drawn = {path.stem for path in folder.glob("*.py") if f"def draw_{path.stem}(" in path.read_text("utf-8")}
    drawn |= {path.stem for path in folder.glob("compare_*.py") if "\ndef draw_" in path.read_text("utf-8")}
    missing = drawn - {chart.name.replace("-", "_") for chart in (*CHARTS, *PREDICTIONS, *COMPARISONS, *SWEEPS)}
    assert not missing, f"Add {', '.join(sorted(missing))} to CHARTS in regdash/charts/__init__.py"
