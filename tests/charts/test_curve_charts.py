import numpy as np
import pytest
from fake_runs import diverged, history

from regdash.charts.group import Group, best_epoch, curve
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.norms import draw_norms, read_norms
from regdash.charts.objective import alt_objective, draw_objective, read_objective
from regdash.charts.score import draw_score, read_score
from regdash.charts.screen import MOST_EPOCHS, shown, thinned
from regdash.record import History


def current(*histories):
    return Group("this run", "current", histories)


def baseline(*histories):
    return Group("baseline", "baseline", histories)


def trace(figure, name):
    return next(t for t in figure.data if t.name == name and t.mode != "markers" and not t.uid.endswith("band"))


def test_numbers_are_sent_with_four_digits_and_gaps_for_what_is_not_finite():
    assert shown(np.array([0.123456, 12345.6, np.nan, -np.inf, 0.0])) == [0.1235, 12350.0, None, None, 0.0]


def test_long_runs_are_thinned_evenly_but_keep_first_last_and_best():
    kept = thinned(2_000, 777)
    assert len(kept) <= MOST_EPOCHS + 1
    assert {0, 777, 1_999} <= set(kept)
    assert set(np.diff(kept)) <= {1, 2, 3, 4, 5}
    assert thinned(MOST_EPOCHS).tolist() == list(range(MOST_EPOCHS))


def test_a_curve_is_the_mean_over_seeds():
    one, two = history(seed=1), history(seed=2)
    found = curve(current(one, two), "loss")
    assert found.mean == pytest.approx((one["loss"] + two["loss"]) / 2)
    assert found.runs == 2


def test_the_best_epoch_counts_only_epochs_that_every_run_reached():
    poor = history(2, val_loss=np.array([0.9, 0.8]))
    good = history(4, val_loss=np.array([0.5, 0.4, 0.3, 0.2]))
    assert best_epoch(current(good)) == 4
    assert best_epoch(current(poor, good)) == 2
    assert best_epoch(current()) == 0


def test_the_loss_chart_marks_the_lowest_validation_loss():
    run = history(5, val_loss=np.array([0.9, 0.5, 0.31234, 0.4, 0.6]))
    data = read_loss([current(run)])
    assert (data.groups[0].best_epoch, data.groups[0].best) == (3, 0.31234)
    marker = next(t for t in draw_loss(data, "light").data if t.name == "best epoch")
    assert (marker.x, marker.y) == ((3,), (0.3123,))
    assert "0.312 at epoch 3" in alt_loss(data)


def test_the_best_epoch_of_a_long_run_is_not_thinned_away():
    val_loss = np.ones(1_999)
    val_loss[1_234] = 0.2
    figure = draw_loss(read_loss([current(history(1_999, val_loss=val_loss))]), "light")
    assert 1_235 in trace(figure, "validation").x


def test_train_and_validation_and_baseline_differ_by_dash_and_not_by_colour_only():
    figure = draw_loss(read_loss([current(history()), baseline(history(seed=1))]), "light")
    names = ("train", "validation", "baseline train", "baseline validation")
    assert len({trace(figure, name).line.dash for name in names}) == 4
    colours = [trace(figure, name).line.color for name in names]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_the_running_loss_waits_in_the_legend():
    assert trace(draw_loss(read_loss([current(history())]), "dark"), "running loss").visible == "legendonly"


def test_a_band_is_drawn_for_several_seeds_and_none_for_one():
    one = draw_loss(read_loss([current(history())]), "light")
    three = draw_loss(read_loss([current(*(history(seed=s) for s in range(3)))]), "light")
    assert not [t for t in one.data if t.fill == "toself"]
    assert len([t for t in three.data if t.fill == "toself"]) == 2


def test_a_band_on_a_log_axis_stays_above_zero():
    wild = [history(3, val_loss=np.array([1.0, level, 0.5])) for level in (0.001, 0.9)]
    assert curve(current(*wild), "val_loss").low[1] < 0
    figure = draw_loss(read_loss([current(*wild)]), "light", log_y=True)
    assert min(y for t in figure.data if t.fill == "toself" for y in t.y) > 0
    assert figure.layout.yaxis.type == "log"


def test_the_epoch_axis_stands_still_when_the_number_of_epochs_is_known():
    figure = draw_loss(read_loss([current(history(3))]), "light", epochs=200)
    assert tuple(figure.layout.xaxis.range) == (0, 202)


def test_accuracy_is_in_per_cent_and_a_regression_shows_r2():
    run = history(2, accuracy=np.array([0.5, 0.75]), val_accuracy=np.array([0.4, 0.6]))
    data = read_score([current(run)])
    assert (data.title, data.groups[0].train.mean.tolist()) == ("Accuracy", [50.0, 75.0])
    assert trace(draw_score(data, "light"), "validation").y == (40.0, 60.0)
    regression = read_score([current(history(3, regression=True))])
    assert regression.title == "R²"
    assert draw_score(regression, "light").layout.meta["title"] == "R²"


def test_weight_norms_have_one_line_per_layer_and_the_near_zero_share_in_per_cent():
    data = read_norms([current(history(4))])
    assert [name for name, _ in data.groups[0].layers] == ["hidden 1", "output"]
    assert data.groups[0].near_zero.mean.tolist() == [12.5, 25.0, 37.5, 50.0]
    assert trace(draw_norms(data, "light"), "near 0").yaxis == "y2"


def test_a_deep_network_is_shown_as_a_whole():
    deep = history(3, layers=tuple(f"hidden {i}" for i in range(9)))
    assert [name for name, _ in read_norms([current(deep)]).groups[0].layers] == ["all"]


def test_data_loss_and_penalty_add_up_to_the_objective():
    run = history(3, loss=np.array([1.0, 0.5, 0.25]), penalty=np.array([0.1, 0.2, 0.3]))
    data = read_objective([current(run)])
    assert data.groups[0].total.mean == pytest.approx([1.1, 0.7, 0.55])
    figure = draw_objective(data, "light")
    assert trace(figure, "penalty").customdata == (0.1, 0.2, 0.3)
    assert trace(figure, "sum").y == (1.1, 0.7, 0.55)
    assert "data loss 0.25 + penalty 0.3 = 0.55" in alt_objective(data)


def test_a_run_that_diverged_later_keeps_its_finite_beginning():
    figure = draw_loss(read_loss([current(diverged(6, good=3))]), "light")
    assert trace(figure, "validation").y[3:] == (None, None, None)
    assert all(trace(figure, "validation").y[:3])


def test_a_run_that_diverged_at_once_says_so():
    figure = draw_loss(read_loss([current(diverged())]), "light")
    assert "diverged" in figure.layout.annotations[0].text
    assert len(figure.data) == 0


def test_a_run_without_any_epoch_yet_is_drawn_as_empty():
    for nothing in (History({}), history(0)):
        figure = draw_loss(read_loss([current(nothing)]), "light")
        assert "Train a network" in figure.layout.annotations[0].text
