"""Curves of each layer, from histories and from snapshots, and the scores beside accuracy."""

from dataclasses import replace

import numpy as np
import pytest
from fake_runs import history, probe, record

from regdash.charts.boundary import draw_boundary, read_boundary
from regdash.charts.confusion import ConfusionData, draw_confusion
from regdash.charts.fit import draw_fit, read_fit
from regdash.charts.group import Group
from regdash.charts.layers import LAYER_MEASURES, NOT_FINITE, NOTHING, WAITING, alt_layers, draw_layers, read_layers
from regdash.charts.score import MEASURES, alt_score, draw_score, read_score
from regdash.datasets import Diabetes, Moons, Split, samples
from regdash.experiment import Experiment
from regdash.record import Snapshots

MARKUP = "<b>bold</b> & <a href='x'>link</a>"


def seen(epochs=(1, 2, 5, 10), layers=("hidden_1", "output"), factor=1.0):
    epochs = np.array(epochs)
    spectral = {layer: factor * (place + epochs * 0.5) for place, layer in enumerate(layers)}
    dead = {f"hidden {place}": factor * epochs / 20 for place in range(1, len(layers))}
    return Snapshots(epochs, spectral, dead, {}, {})


def group(*snapshots, role="current", histories=None):
    made = histories if histories is not None else tuple(history(10, s) for s in range(max(len(snapshots), 1)))
    return Group("Current" if role == "current" else "Baseline", role, made, snapshots)


def lines(figure):
    return {trace.name: trace for trace in figure.data if trace.fill != "toself" and trace.x != (None,)}


def test_each_layer_is_a_line_of_its_own_column():
    columns = {"max_norm/hidden 1": np.array([1.0, 2.0, 3.0]), "max_norm/output": np.array([4.0, 5.0, 6.0])}
    figure = draw_layers(read_layers([group(histories=(history(3, **columns),))], "max_norm"), "light")
    assert lines(figure)["hidden 1"].y == (1, 2, 3)
    assert lines(figure)["output"].y == (4, 5, 6)
    assert lines(figure)["output"].x == (1, 2, 3)
    assert lines(figure)["output"].mode == "lines"


@pytest.mark.parametrize("name", ["near_zero", "zeros"])
def test_shares_are_in_per_cent(name):
    columns = {f"{name}/hidden 1": np.array([0.0, 0.25]), f"{name}/output": np.array([0.5, 1.0])}
    data = read_layers([group(histories=(history(2, **columns),))], name)
    assert lines(draw_layers(data, "dark"))["output"].y == (50, 100)
    assert "100%" in alt_layers(data)


def test_snapshots_stand_at_their_own_epochs_with_a_marker_each():
    data = read_layers([group(seen())], "spectral", ended=True)
    line = lines(draw_layers(data, "light", epochs=10))["hidden 1"]
    assert line.x == (1, 2, 5, 10)
    assert line.y == (0.5, 1, 2.5, 5)
    assert line.mode == "lines+markers"


def test_seeds_are_averaged_at_the_epochs_that_all_were_seen_at():
    data = read_layers([group(seen((1, 2, 5)), seen((1, 2, 5, 10), factor=3.0))], "spectral", ended=True)
    _, curve = data.groups[0].layers[0]
    assert curve.epochs.tolist() == [1, 2, 5]
    assert curve.mean.tolist() == [1, 2, 5]
    bands = [trace for trace in draw_layers(data, "light").data if trace.fill == "toself"]
    assert list(bands[0].x) == [1, 2, 5, 5, 2, 1]


def test_many_layers_are_shown_as_the_largest_norm_and_the_mean_share():
    deep = seen(layers=tuple(f"hidden_{place}" for place in range(1, 9)))
    ((_, norm),) = read_layers([group(deep)], "spectral", ended=True).groups[0].layers
    assert norm.mean.tolist() == (7 + 0.5 * deep.epochs).tolist()
    ((_, share),) = read_layers([group(deep)], "dead", ended=True).groups[0].layers
    assert share.mean == pytest.approx(100 * deep.epochs / 20)


def test_an_empty_chart_says_whether_to_wait():
    assert read_layers([group()], "spectral").problem == WAITING == "Shown when the run has ended."
    assert read_layers([group()], "spectral", ended=True).problem == NOTHING
    with_baseline = [group(seen(), role="baseline"), group()]
    assert read_layers(with_baseline, "dead").problem == WAITING
    wrong = seen(factor=np.nan)
    assert read_layers([group(wrong)], "spectral", ended=True).problem == NOT_FINITE
    assert "Train a network" in read_layers([], "spectral").problem


def test_a_layer_keeps_its_dash_whatever_is_shown_and_the_baseline_has_the_other_colour():
    runs = [group(seen(), role="baseline"), group(seen())]
    drawn = [lines(draw_layers(read_layers(runs, name, ended=True), "light")) for name in ("spectral", "l1_norm")]
    assert drawn[0]["hidden 1"].line.dash == drawn[1]["hidden 1"].line.dash
    assert drawn[0]["output"].line.dash == drawn[1]["output"].line.dash != drawn[0]["hidden 1"].line.dash
    assert drawn[0]["Baseline output"].line.color != drawn[0]["output"].line.color
    assert not drawn[0]["Baseline output"].showlegend


@pytest.mark.parametrize("column", ["f1", "precision", "recall"])
def test_scores_of_classes_are_in_per_cent(column):
    run = history(2, **{column: np.array([0.5, 0.75]), f"val_{column}": np.array([0.4, 0.6])})
    data = read_score([group(histories=(run,))], column)
    figure = draw_score(data, "light")
    assert lines(figure)["validation"].y == (40, 60)
    assert lines(figure)["train"].y == (50, 75)
    assert "validation 60%" in alt_score(data)
    assert figure.layout.meta["title"] == MEASURES[column].title


def test_the_learning_rate_is_one_line():
    data = read_score([group(histories=(history(3, learning_rate=np.array([0.1, 0.05, 0.025])),))], "learning_rate")
    (only,) = draw_score(data, "light").data
    assert only.y == (0.1, 0.05, 0.025)
    assert alt_score(data) == "Learning rate of Current after 3 epochs: 0.025."


def test_the_error_of_a_regression_has_its_own_unit():
    run = history(2, regression=True, mae=np.array([2.0, 1.0]), val_mae=np.array([3.0, 2.0]))
    assert lines(draw_score(read_score([group(histories=(run,))], "mae"), "light"))["validation"].y == (3, 2)


@pytest.mark.parametrize("name", LAYER_MEASURES)
@pytest.mark.parametrize("runs", [[], [group(histories=())], [group(seen(), seen())]])
def test_every_measure_of_a_layer_draws_whatever_comes(name, runs):
    data = read_layers(runs, name, ended=True)
    figure = draw_layers(data, "dark")
    assert figure.data or figure.layout.annotations[0].text.endswith(".")
    assert len(alt_layers(data)) > 20
    assert "NaN" not in figure.to_json()


@pytest.mark.parametrize("column", MEASURES)
@pytest.mark.parametrize("runs", [[], [group(histories=())], [group(histories=(history(2),))]])
def test_every_score_draws_whatever_comes(column, runs):
    data = read_score(runs, column)
    assert len(alt_score(data)) > 20
    assert "NaN" not in draw_score(data, "dark").to_json()


def test_names_of_own_data_are_never_markup_in_the_boundary():
    rows = replace(samples(Moons(), Split()), feature_names=(MARKUP, "<i>y"), class_names=(MARKUP, "train"))
    figure = draw_boundary(read_boundary(probe(), rows), "light")
    for shown in (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text, *(t.name for t in figure.data)):
        assert "<" not in (shown or "")
    assert not [text for trace in figure.data for text in trace.text or () if "<" in text]
    assert len({trace.uid for trace in figure.data}) == len(figure.data)


def test_names_of_own_data_are_never_markup_in_the_confusion_matrix():
    counts = np.eye(2)
    figure = draw_confusion(ConfusionData(counts, counts, (MARKUP, "a" * 60), 1), "light")
    assert not [name for name in (*figure.data[0].x, *figure.layout.xaxis.ticktext) if "<" in name]
    assert max(len(name) for name in figure.layout.xaxis.ticktext[1:]) < 30


def test_the_target_of_own_data_is_never_markup_in_the_fit():
    data = replace(read_fit([record(Experiment(data=Diabetes()))]), target_name="<b>price")
    layout = draw_fit(data, "light").layout
    assert layout.xaxis.title.text == "true &lt;b&gt;price"
    assert layout.yaxis.title.text == "predicted &lt;b&gt;price"
