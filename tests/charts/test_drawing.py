"""What is sent to the browser is what Plotly itself would send."""

import json

import numpy as np
import pytest
from fake_runs import history, probe, record

from regdash.charts import CHARTS, CURVES, Group
from regdash.charts.drawing import Drawing
from regdash.charts.room import Found
from regdash.datasets import Moons, Split, samples
from regdash.experiment import Experiment


def drawn(chart):
    if chart.name == "boundary":
        return chart.draw(chart.read(probe(), samples(Moons(), Split(label_noise=0.1))), "light")
    if chart.name == "room":
        found = [Found(f"pupil {k}", Experiment(), (0.4, 0.5 + k), (12, 9), (0.1, 0.2), (0.8, 0.7)) for k in range(2)]
        return chart.draw(chart.read(found), "light")
    if chart in CURVES:
        return chart.draw(chart.read([Group("x", "current", (history(), history(seed=1)))]), "light")
    return chart.draw(chart.read([record(Experiment(), seed=s) for s in range(2)]), "light")


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_the_values_are_those_of_plotlys_own_figure(chart):
    drawing = drawn(chart)
    ours, plotlys = json.loads(drawing.to_json()), json.loads(drawing.figure.to_json(remove_uids=False))
    assert ours["layout"] == plotlys["layout"]
    assert ours["data"] == plotlys["data"]


def test_a_table_of_bytes_travels_in_base64():
    sent = json.loads(Drawing(({"z": np.array([[1, 2], [3, 255]], np.uint8)},), {}).to_json())
    assert sent["data"][0]["z"] == {"dtype": "u1", "bdata": "AQID/w==", "shape": "2, 2"}


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError, match="plain values"):
        Drawing(({"x": {1, 2}},), {}).to_json()


def test_a_word_that_plotly_does_not_know_is_refused_by_its_figure():
    with pytest.raises(ValueError, match="colour"):
        _ = Drawing(({"type": "scatter", "colour": "red"},), {}).figure
