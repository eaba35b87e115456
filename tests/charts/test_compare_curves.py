import json
import time

import numpy as np
import pytest
from fake_runs import history
from fake_settings import going, imported, lost, setting, waiting

from regdash.charts.compare_columns import COLUMNS, curve_names
from regdash.charts.compare_curves import alt_curves, draw_curves, read_curves
from regdash.charts.compare_marks import colour_of, dash_of
from regdash.charts.compare_norms import alt_compare_norms, draw_compare_norms, read_compare_norms
from regdash.charts.compare_smoothing import smoothed
from regdash.charts.screen import exact
from regdash.comparison import Series
from regdash.datasets import Diabetes
from regdash.experiment import Experiment
from regdash.intervals import summary


def trace(drawing, name, part="mean"):
    return next(t for t in drawing.data if t.name == name and f"-{part}-" in t.uid)


def two_runs(*losses):
    histories = {(seed, 0): history(len(loss), val_loss=np.array(loss)) for seed, loss in enumerate(losses)}
    return Series("A", Experiment(), len(losses), histories, {}, len(losses))


def test_smoothing_is_the_weighted_mean_of_all_values_so_far():
    values, weight = np.array([3.0, 1.0, 2.0, 8.0]), 0.6
    weights = [weight ** np.arange(t, -1, -1) for t in range(4)]
    expected = [(w * values[: len(w)]).sum() / w.sum() for w in weights]
    assert smoothed([values], weight)[0] == pytest.approx(expected)


def test_smoothing_leaves_a_constant_alone_and_weight_zero_changes_nothing():
    assert smoothed([np.full(9, 4.2)], 0.95)[0] == pytest.approx(np.full(9, 4.2))
    assert smoothed([np.array([1.0, 5.0])], 0.0)[0].tolist() == [1.0, 5.0]


def test_smoothing_passes_over_what_is_not_finite():
    one, two = smoothed([np.array([1.0, np.nan, 3.0]), np.array([2.0])], 0.5)
    assert np.isnan(one[1])
    assert one[[0, 2]] == pytest.approx([1.0, (0.5 * 1 + 3) / 1.5])
    assert two.tolist() == [2.0]


def test_runs_are_smoothed_before_they_are_averaged():
    short, long = [1.0, 0.0], [1.0, 0.0, 4.0]
    data = read_curves([two_runs(short, long)], smoothing=0.5)
    alone = [smoothed([np.array(each)], 0.5)[0] for each in (short, long)]
    mean = [summary([one[e] for one in alone if e < len(one)]).mean for e in range(3)]
    assert data.strands[0].parts[-1].mean.mean == pytest.approx(mean)


def test_the_gap_is_the_validation_loss_less_the_training_loss():
    one = setting("A", seeds=1)
    found = read_curves([one], "gap").strands[0].parts
    run = one.histories[0, 0]
    assert [part.name for part in found] == [""]
    assert found[0].mean.mean == pytest.approx(run["val_loss"] - run["loss"])


def test_the_ring_stands_at_the_lowest_mean_loss_even_when_curves_are_smoothed():
    data = read_curves([two_runs([0.9, 0.3, 0.5], [0.9, 0.5, 0.3], [0.9, 0.1, 0.8])], smoothing=0.9)
    assert (data.best[0].epoch, data.best[0].loss) == (2, pytest.approx(0.3))
    ring = next(t for t in draw_curves(data, "light").data if t.uid.startswith("best"))
    assert (ring.x, ring.y) == ((2,), (0.3,))
    assert "before smoothing" in ring.hovertemplate


def test_a_band_is_students_interval_over_seeds_and_gives_way_to_runs():
    one = two_runs([0.9, 0.5], [0.7, 0.6], [0.8, 0.7])
    band = trace(draw_curves(read_curves([one]), "light"), "A, validation", "band")
    last = summary([0.5, 0.6, 0.7])
    assert band.y[1] == pytest.approx(last.high, abs=1e-4)
    assert band.y[2] == pytest.approx(last.low, abs=1e-4)
    every = draw_curves(read_curves([one], members=True), "light")
    assert not [t for t in every.data if t.fill == "toself"]
    assert [t.y for t in every.data if "validation, seed" in t.name] == [(0.9, 0.5), (0.7, 0.6), (0.8, 0.7)]


def test_axes_say_that_they_are_smoothed_and_logarithmic():
    data = read_curves([setting("A")], smoothing=0.6)
    layout = draw_curves(data, "light", log_y=True, log_x=True).layout
    assert (layout.xaxis.title.text, layout.xaxis.type) == ("epoch, log scale", "log")
    assert layout.yaxis.title.text == "cross-entropy (nats), smoothed 0.6, log scale"
    plain = draw_curves(read_curves([setting("A")]), "light").layout
    assert (plain.xaxis.title.text, plain.yaxis.title.text) == ("epoch", "cross-entropy (nats)")


def test_what_may_be_negative_has_no_log_axis_and_does_not_say_so():
    layout = draw_curves(read_curves([setting("A")], "gap"), "light", log_y=True).layout
    assert layout.yaxis.type is None
    assert "log" not in layout.yaxis.title.text


def test_a_penalty_that_is_zero_everywhere_is_drawn_on_a_plain_axis():
    none = setting("A", penalty=np.zeros(20))
    layout = draw_curves(read_curves([none], "penalty"), "light", log_y=True).layout
    assert layout.yaxis.type is None


def test_twenty_settings_differ_in_colour_or_dash():
    assert len({(colour_of(k, "light"), dash_of(k)) for k in range(20)}) == 20


def test_the_legend_names_each_setting_once_and_explains_the_dots_once():
    drawing = draw_curves(read_curves([setting("A"), setting("B", 1)]), "light")
    assert [t.name for t in drawing.data if t.showlegend] == ["A", "B", "validation", "train"]
    assert trace(drawing, "A, validation").line.dash == "solid"
    assert trace(drawing, "A, train").line.dash != "solid"


def test_settings_without_a_curve_say_why_in_the_legend():
    series = [setting("A"), lost("B"), waiting("C"), imported("D")]
    names = {t.name for t in draw_curves(read_curves(series, "accuracy"), "dark").data if t.showlegend}
    assert names >= {"B (diverged at once)", "C (not trained yet)", "D (has no accuracy)"}


def test_imported_curves_without_a_training_loss_are_drawn_solid():
    drawing = draw_curves(read_curves([imported("D")]), "light")
    assert trace(drawing, "D, validation").line.dash == "solid"
    assert "train" not in {t.name for t in drawing.data}


def test_a_run_under_way_and_settings_of_different_lengths_share_a_chart():
    drawing = draw_curves(read_curves([going("A", 5), setting("B", epochs=40)]), "light")
    assert [max(trace(drawing, f"{name}, validation").x) for name in "AB"] == [5, 40]


def test_losses_of_different_kinds_have_no_unit():
    ridge = setting("R", experiment=Experiment(data=Diabetes()))
    assert read_curves([ridge]).axis == "mean squared error"
    assert read_curves([ridge, setting("A")]).axis == "loss"


def test_only_columns_that_some_setting_has_are_offered():
    assert curve_names([imported("D")]) == ("loss",)
    found = curve_names([setting("A"), imported("D")])
    assert "gap" in found
    assert "accuracy" in found
    assert "r2" not in found
    assert set(found) <= set(COLUMNS)


def test_the_words_hold_the_ends_of_the_curves():
    one = two_runs([0.9, 0.5, 0.6])
    assert "validation 0.6; lowest validation 0.5 at epoch 2" in alt_curves(read_curves([one]))
    many = alt_curves(read_curves([setting(f"S{k}", k, seeds=1) for k in range(12)]))
    assert "12 settings" in many
    assert "for S0" in many
    assert "for S11" in many


def test_names_are_names_and_never_markup():
    hostile = "<img src=x onerror=alert(1)>"
    drawing = draw_curves(read_curves([setting(hostile), setting("B", 1)], members=True), "light")
    assert "<img" not in drawing.to_json()
    assert all("<" not in t.uid and "img" not in t.uid for t in drawing.data)


def test_an_export_holds_every_epoch_and_every_digit():
    series = [setting(f"S{k}", k, seeds=2, epochs=700) for k in range(20)]
    data = read_curves(series)
    with exact():
        drawn = trace(draw_curves(data, "print"), "S3, validation")
    assert list(drawn.x) == list(range(1, 701))
    assert drawn.y == pytest.approx(data.strands[3].parts[-1].mean.mean, rel=1e-15)


def test_twenty_settings_of_five_seeds_are_small_and_quick():
    series = [setting(f"Dropout 0.{k}, L2 0.001", k, seeds=5, epochs=200) for k in range(20)]
    drawn = draw_curves(read_curves(series), "light").to_json()
    began = time.process_time()
    draw_curves(read_curves(series), "light").to_json()
    assert time.process_time() - began < 0.4  # 0.03 s on a quiet machine
    assert len(drawn) < 300_000
    members = draw_curves(read_curves(series, members=True), "light").to_json()
    assert len(members) < 400_000
    assert json.loads(members)["layout"]["hovermode"] == "closest"


def test_norms_have_a_panel_for_each_layer_with_the_whole_network_first():
    series = [setting("A"), setting("B", 1)]
    data = read_compare_norms(series)
    assert [layer for layer, _ in data.layers] == ["all", "hidden_1", "output"]
    runs = [run["l2_norm/all"] for run in series[1].histories.values()]
    assert data.layers[0][1][1].parts[0].mean.mean == pytest.approx(np.mean(runs, axis=0))
    figure = draw_compare_norms(data, "light").figure
    assert [a.text for a in figure.layout.annotations] == ["all layers", "hidden 1", "output"]
    assert figure.layout.xaxis3.matches == "x"
    assert figure.layout.yaxis2.matches is None
    assert [t.name for t in figure.data if t.showlegend] == ["A", "B"]


def test_a_layer_that_only_one_setting_has_keeps_that_setting_in_its_colour():
    deep = Series("deep", Experiment(), 1, {(0, 0): history(3, layers=("hidden_1", "hidden_2", "output"))}, {}, 1)
    flat = Series("flat", Experiment(), 1, {(0, 0): history(3, layers=("output",))}, {}, 1)
    drawing = draw_compare_norms(read_compare_norms([flat, deep]), "light")
    inner = [t for t in drawing.data if t.xaxis == "x4" and t.fill is None and len(t.x) > 1]
    assert [(t.name, t.line.color) for t in inner] == [("deep", colour_of(1, "light"))]


def test_a_network_of_many_layers_says_how_many_are_not_drawn():
    deep = Series("d", Experiment(), 1, {(0, 0): history(3, layers=tuple(f"h_{k}" for k in range(12)))}, {}, 1)
    figure = draw_compare_norms(read_compare_norms([deep]), "light").figure
    assert len(figure.layout.annotations) == 7
    assert "6 more" in figure.layout.annotations[-1].text
    assert "L2 norm of h 0 at the end: d 2.3" in alt_compare_norms(read_compare_norms([deep]))
