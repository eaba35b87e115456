"""Tables of charts: the numbers of the record, all of them, and nothing that a spreadsheet calculates."""

import csv
import io
import json
from functools import partial

import numpy as np
import pyarrow.parquet as pq
import pytest
from fake_runs import history, record
from pictures import loss_picture
from scipy import stats

from regdash.charts.confusion import draw_confusion, read_confusion
from regdash.charts.drawing import Drawing
from regdash.datasets import Moons
from regdash.experiment import Experiment
from regdash.export.files import Look, data_of, file
from regdash.export.picture import Picture
from regdash.export.tables import defused, table, to_csv, to_parquet


def rows_of(given, **wanted):
    """The rows of a table as dictionaries, those with these values."""
    rows = [dict(zip(given.columns, row, strict=True)) for row in given.rows]
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


def test_curves_have_every_epoch_and_every_digit_though_the_screen_is_thinned():
    run = history(epochs=1_700)
    found = data_of(loss_picture(run))
    rows = rows_of(found, series="Baseline validation")
    assert found.columns == ("series", "epoch", "y")
    assert [row["epoch"] for row in rows] == list(range(1, 1_701))
    assert [row["y"] for row in rows] == run["val_loss"].tolist()


def test_a_band_stands_as_low_and_high_beside_its_mean():
    runs = [history(seed=seed) for seed in range(4)]
    losses = np.array([run["val_loss"] for run in runs])
    rows = rows_of(data_of(loss_picture(*runs)), series="Baseline validation")
    half = stats.t.ppf(0.975, 3) * losses.std(axis=0, ddof=1) / np.sqrt(4)
    assert [row["y"] for row in rows] == pytest.approx(losses.mean(axis=0), rel=1e-12)
    assert [row["low"] for row in rows] == pytest.approx(losses.mean(axis=0) - half, rel=1e-9)
    assert [row["high"] for row in rows] == pytest.approx(losses.mean(axis=0) + half, rel=1e-9)


def test_csv_gives_the_very_numbers_back():
    run = history(epochs=30)
    read = list(csv.DictReader(io.StringIO(file(loss_picture(run), "csv", Look()).decode("utf-8-sig"))))
    values = [float(row["y"]) for row in read if row["series"] == "Baseline train"]
    assert values == run["loss"].tolist()


def test_parquet_keeps_types_and_says_what_it_is():
    run = history(epochs=30)
    read = pq.read_table(io.BytesIO(file(loss_picture(run), "parquet", Look())))
    assert {field.name: str(field.type) for field in read.schema} == {
        "series": "string",
        "epoch": "int64",
        "y": "double",
    }
    about = json.loads(read.schema.metadata[b"regdash"])
    assert about["caption"] == "Two moons; seeds 0 to 2."
    assert about["experiments"][0]["seeds"] == 3
    assert {"regdash", "keras"} <= set(about["versions"])
    assert to_parquet(data_of(loss_picture(history(epochs=1))), {})


def test_what_waits_in_the_legend_is_no_data_of_the_chart():
    shown = {"type": "scatter", "name": "shown", "x": [1], "y": [2]}
    waiting = shown | {"name": "waiting", "visible": "legendonly"}
    assert [row["series"] for row in rows_of(table(Drawing((shown, waiting), {})))] == ["shown"]


def test_gaps_stay_gaps_and_keys_of_the_legend_are_no_rows():
    line = {"type": "scatter", "name": "line", "x": [1, 2, 3], "y": [0.5, None, 0.7]}
    key = {"type": "scatter", "name": "key", "x": [None], "y": [None]}
    assert rows_of(table(Drawing((line, key), {}))) == [
        {"series": "line", "x": 1, "y": 0.5},
        {"series": "line", "x": 2, "y": None},
        {"series": "line", "x": 3, "y": 0.7},
    ]


def test_error_bars_are_low_and_high():
    bars = {"type": "scatter", "name": "a", "x": [1, 2], "y": [10.0, 20.0]}
    bars |= {"error_y": {"type": "data", "array": [1.0, 2.0], "arrayminus": [0.5, 4.0]}}
    assert [(row["low"], row["high"]) for row in rows_of(table(Drawing((bars,), {})))] == [(9.5, 11.0), (16.0, 22.0)]


def test_a_confusion_matrix_has_the_share_of_each_cell_under_its_classes():
    runs = [record(Experiment(data=Moons()), noise=0.1)]
    data = read_confusion(runs)
    found = data_of(Picture("confusion", partial(draw_confusion, data), "", 216))
    rows = {(row["y"], row["x"]): row for row in rows_of(found)}
    for true, one in enumerate(data.class_names):
        for answer, other in enumerate(data.class_names):
            row = rows[one, other]
            assert row["share"] == data.shares[true, answer]
            assert row["rows"] == data.counts[true, answer]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_begins_as_a_formula_does(begin):
    drawing = Drawing(({"type": "scatter", "name": f"{begin}cmd", "x": [-1.5], "y": [2]},), {})
    (row,) = csv.DictReader(io.StringIO(to_csv(table(drawing)), newline=""))
    assert row["series"] == f"'{begin}cmd"
    assert float(row["x"]) == -1.5
    assert defused(-1.5) == -1.5


def test_hostile_names_are_only_names():
    drawing = Drawing(({"type": "scatter", "name": "&lt;b&gt;x&lt;/b&gt;", "x": [1], "y": [2]},), {})
    assert rows_of(table(drawing))[0]["series"] == "<b>x</b>"
