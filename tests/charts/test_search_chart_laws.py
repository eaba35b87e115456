"""Laws of every chart of a search: nothing, something, everything failed, a thousand trials; both themes; small."""

import json

import pytest
from fake_trials import ACTIVATION, DROPOUT, LINEAR, STRENGTH, plan_of, scattered, tried

from regdash.charts import CHARTS, SEARCHES
from regdash.search import Choice, Range, Trial

TWO = plan_of(DROPOUT, STRENGTH)
MANY = plan_of(
    DROPOUT, STRENGTH, ACTIVATION, Choice("optimizer", ("adam", "sgd")), Range("training.batch_size", 8, 256)
)
CASES = {
    "no trial": (TWO, []),
    "trials that still train": (TWO, [Trial(0, TWO.space.at((0.5, 0.5)))]),
    "one trial": (TWO, scattered(TWO, 1)),
    "all failed": (TWO, tried([(TWO.space.at((0.5, 0.5)), None)] * 3)),
    "equal scores": (TWO, tried([(TWO.space.at((0.1 * k, 0.5)), 0.5) for k in range(5)])),
    "one setting": (plan_of(STRENGTH), scattered(plan_of(STRENGTH), 20)),
    "one choice": (plan_of(ACTIVATION), scattered(plan_of(ACTIVATION), 9)),
    "a single choice": (plan_of(Choice("optimizer", ("adam",))), scattered(plan_of(Choice("optimizer", ("adam",))), 2)),
    "a linear regression": (plan_of(STRENGTH, base=LINEAR), scattered(plan_of(STRENGTH, base=LINEAR), 9)),
    "accuracy": (plan_of(DROPOUT, STRENGTH, metric="val_accuracy"), scattered(TWO, 30)),
    "five settings": (MANY, scattered(MANY, 80)),
}


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("chart", SEARCHES, ids=lambda chart: chart.name)
def test_every_chart_draws_whatever_comes(chart, name, theme):
    data = chart.read(*CASES[name])
    drawing = chart.draw(data, theme)
    text = drawing.to_json()
    layout = json.loads(text)["layout"]
    assert "NaN" not in text
    assert "Infinity" not in text
    assert layout["meta"]["name"] == chart.name
    assert layout["meta"]["title"]
    assert drawing.data or drawing.layout.annotations[0].text.endswith(".")
    assert len(chart.alt(data)) > 20
    assert "nan" not in chart.alt(data).lower().split()


@pytest.mark.parametrize("chart", SEARCHES, ids=lambda chart: chart.name)
def test_traces_have_names_of_their_own_and_every_mark_names_its_trials(chart):
    plan = plan_of(STRENGTH, base=LINEAR) if "path" in chart.name else MANY
    traces = chart.draw(chart.read(plan, scattered(plan, 60)), "light").traces
    assert len({trace["uid"] for trace in traces}) == len(traces)
    for trace in traces:
        if trace.get("hoverinfo") != "skip":
            numbers = trace["customdata"]
            assert len(numbers) == len(trace["y"])
            for each in numbers if trace["type"] != "heatmap" else [cell for row in numbers for cell in row]:
                assert isinstance(each, list)
                assert all(isinstance(number, int) for number in each)


@pytest.mark.parametrize("chart", SEARCHES, ids=lambda chart: chart.name)
def test_a_thousand_trials_stay_small(chart):
    trials = scattered(MANY, 1_000)
    text = chart.draw(chart.read(MANY, trials), "light").to_json()
    assert len(text) < 200_000


def test_searches_and_runs_share_no_name():
    names = [chart.name for chart in (*CHARTS, *SEARCHES)]
    assert len(set(names)) == len(names)
