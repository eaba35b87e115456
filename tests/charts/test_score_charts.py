from dataclasses import replace

import numpy as np
import pytest
from fake_runs import history, record
from sklearn.calibration import calibration_curve

from regdash.charts.calibration import alt_calibration, draw_calibration, read_calibration
from regdash.charts.coefficients import (
    MOST_BARS,
    MOST_COLOURED,
    alt_coefficients,
    draw_coefficients,
    read_coefficients,
)
from regdash.charts.histogram import BINS, MOST_LAYERS, alt_histogram, draw_histogram, read_histogram
from regdash.datasets import BreastCancer, Diabetes, Digits, Iris, Moons, samples
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.record import Snapshots
from regdash.scores import ece

SHAPES = ((2, 64), (64, 64), (64, 1))


def with_weights(shapes=SHAPES, seed=0, zeros=0.0, scale=0.3, experiment=Experiment()):  # noqa: B008
    """A run whose kernels are normal numbers, a share of them exactly zero, each with a bias after it."""
    chance, weights = np.random.default_rng(seed), []
    for shape in shapes:
        kernel = chance.normal(0, scale, shape)
        kernel.flat[: round(zeros * kernel.size)] = 0.0
        weights += [kernel.astype(np.float32), np.full(shape[-1], 9.0)]
    layers = (*(f"hidden_{k}" for k in range(1, len(shapes))), "output")
    return replace(record(experiment, seed=seed), weights=tuple(weights), history=history(layers=layers))


def kept(epochs, coefficients):
    """Snapshots that hold coefficients only."""
    return Snapshots(epochs, {}, {}, {}, {}, coefficients)


def linear(data, seed=0, snapshots=False, kernel=None, epochs=5):
    """A run of a linear network; with snapshots its coefficients grow evenly from 0 to where they end."""
    rows = samples(data, Experiment(data=data).split)
    if kernel is None:
        kernel = np.random.default_rng(seed).normal(0, 1, (rows.features, rows.outputs))
    run = replace(record(Experiment(data=data, network=Linear()), seed=seed), weights=(kernel, np.zeros(rows.outputs)))
    if not snapshots:
        return run
    steps = np.arange(1, epochs + 1)
    return replace(run, snapshots=kept(10 * steps, steps[:, None] / epochs * kernel.ravel()))


def named(figure, uid):
    return next(trace for trace in figure.data if trace.uid == uid)


def sentence(figure):
    return figure.layout.annotations[0].text.replace("<br>", " ")


# calibration


@pytest.mark.parametrize("data", [Moons(), Iris(), Digits()])
def test_the_error_of_one_run_is_that_of_its_validation_rows(data):
    run = record(Experiment(data=data))
    rows = samples(data, run.experiment.split)
    task = "binary" if rows.outputs == 1 else "multiclass"
    found = read_calibration([run]).groups[0]
    assert found.ece == pytest.approx(ece(task, run.val_outputs, rows.validation.y))
    assert found.share.sum() == pytest.approx(1)


def test_the_bins_are_those_of_scikit_learn():
    run = record(Experiment(data=Moons()))
    true = samples(Moons(), run.experiment.split).validation.y
    second = 1 / (1 + np.exp(-run.val_outputs[:, 0]))
    right, top = (second > 0.5) == true, np.maximum(second, 1 - second)
    shares, sure = calibration_curve(right, top, n_bins=15)
    found = read_calibration([run]).groups[0]
    assert found.accuracy == pytest.approx(shares)
    assert found.confidence == pytest.approx(sure)


def test_the_error_over_seeds_is_the_mean_of_theirs_and_their_rows_are_put_together():
    runs = [record(seed=seed) for seed in range(3)]
    alone = [read_calibration([run]).groups[0] for run in runs]
    found = read_calibration(runs).groups[0]
    assert found.ece == pytest.approx(np.mean([one.ece for one in alone]))
    assert found.excess == pytest.approx(np.mean([one.excess for one in alone]))
    assert found.runs == 3


def test_the_baseline_stands_beside_the_current_runs_in_its_own_colour_and_shape():
    data = read_calibration([record()], [record(noise=3.0)])
    figure = draw_calibration(data, "light")
    current, baseline = named(figure, "current"), named(figure, "baseline")
    assert current.line.dash != baseline.line.dash
    assert current.marker.symbol != baseline.marker.symbol
    assert f"ECE {100 * data.groups[1].ece:.1f} %" in current.name
    assert "baseline" in alt_calibration(data)


def test_a_network_that_is_always_sure_and_half_right_is_half_too_sure():
    true = samples(Moons(), Experiment().split).validation.y
    wrong = np.arange(len(true)) % 2 == 0
    logits = np.where(true.astype(bool) ^ wrong, 50.0, -50.0)[:, None]
    data = read_calibration([record(outputs=logits)])
    assert data.groups[0].ece == pytest.approx(wrong.mean())
    assert "points surer than right" in alt_calibration(data)


def test_calibration_says_what_it_cannot_show():
    assert "number" in sentence(draw_calibration(read_calibration([record(Experiment(data=Diabetes()))]), "dark"))
    lost = record(outputs=np.full_like(record().val_outputs, np.nan))
    assert "diverged" in sentence(draw_calibration(read_calibration([lost]), "dark"))
    assert read_calibration([lost, record()]).groups[0].runs == 1
    other = read_calibration([record()], [record(Experiment(data=Iris()))])
    assert [group.role for group in other.groups] == ["current"]


# histogram


def test_each_layer_is_counted_by_itself_and_biases_are_not():
    run = with_weights()
    data = read_histogram([run])
    assert [name for name, _ in data.groups[0].layers] == ["hidden_1", "hidden_2", "output"]
    for (_, shares), kernel in zip(data.groups[0].layers, run.weights[::2], strict=True):
        expected, _ = np.histogram(kernel.ravel(), data.edges)
        assert shares == pytest.approx(expected / kernel.size)
    assert data.edges[-1] == pytest.approx(max(np.abs(kernel).max() for kernel in run.weights[::2]))


def test_exact_zeros_are_a_bar_of_their_own_and_no_part_of_the_bins():
    data = read_histogram([with_weights(zeros=0.5)])
    group = data.groups[0]
    assert group.zeros == pytest.approx(0.5, abs=0.01)
    for _, shares in group.layers:
        assert shares.sum() == pytest.approx(0.5, abs=0.01)
    figure = draw_histogram(data, "light")
    assert max(named(figure, "current zeros").y) == pytest.approx(50, abs=1)
    assert "exactly 0: 50" in figure.layout.annotations[0].text
    assert "Exactly zero are 50" in alt_histogram(data)


def test_without_exact_zeros_there_is_no_bar_and_the_note_says_so():
    figure = draw_histogram(read_histogram([with_weights()]), "light")
    assert "exactly 0: 0 %" in figure.layout.annotations[0].text
    assert not [trace for trace in figure.data if "zeros" in trace.uid]


def test_shares_are_means_over_the_seeds_in_the_same_bins():
    runs = [with_weights(seed=seed, zeros=seed / 4) for seed in range(3)]
    data = read_histogram(runs)
    for place, (_, shares) in enumerate(data.groups[0].layers):
        each = [run.weights[2 * place].ravel() for run in runs]
        counted = [np.histogram(values[values != 0], data.edges)[0] / len(values) for values in each]
        assert shares == pytest.approx(np.mean(counted, axis=0))
    assert data.groups[0].zeros == pytest.approx(0.25, abs=0.01)


def test_the_baseline_is_an_outline_with_dashes_that_shares_the_entries_of_the_legend():
    figure = draw_histogram(read_histogram([with_weights()], [with_weights(seed=1, zeros=0.2)]), "dark")
    current, baseline = named(figure, "hidden_1"), named(figure, "baseline hidden_1")
    assert (current.fill, baseline.fill) == ("tozeroy", None)
    assert baseline.line.dash != "solid"
    assert current.legendgroup == baseline.legendgroup
    assert "baseline 20" in figure.layout.annotations[0].text


def test_many_layers_are_shown_as_one():
    data = read_histogram([with_weights(((4, 4),) * (MOST_LAYERS + 1))])
    assert [name for name, _ in data.groups[0].layers] == ["all layers"]


def test_kernels_of_convolutions_are_weights_as_well():
    data = read_histogram([with_weights(((3, 3, 1, 8), (8, 2)))])
    assert [name for name, _ in data.groups[0].layers] == ["hidden_1", "output"]


def test_weights_that_are_not_finite_are_left_out_and_none_left_is_said():
    run = with_weights()
    run.weights[0][0, 0] = np.nan
    assert np.isfinite(read_histogram([run]).edges).all()
    lost = replace(run, weights=(np.full((2, 1), np.inf), np.zeros(1)))
    assert "no finite weights" in sentence(draw_histogram(read_histogram([lost]), "light"))
    assert "has ended" in sentence(draw_histogram(read_histogram([]), "light"))


def test_a_network_of_nothing_but_zeros_has_one_full_bar():
    empty = replace(record(), weights=(np.zeros((2, 3)), np.zeros(3)))
    data = read_histogram([empty])
    assert data.groups[0].zeros == 1.0
    assert max(named(draw_histogram(data, "light"), "current zeros").y) == 100


def test_a_step_line_has_a_level_for_every_bin_and_ends_at_zero():
    line = named(draw_histogram(read_histogram([with_weights()]), "light"), "output")
    assert len(line.x) == len(line.y) == len(line.customdata) == BINS + 2
    assert (line.y[0], line.y[-1]) == (0, 0)
    assert line.line.shape == "hv"


# coefficients


def test_coefficients_are_named_by_feature_and_ordered_by_size():
    kernel = np.array([[1.0, -5.0, 2.0, 0.5, -0.1, 3.0, 0.0, 4.0, 0.2, 0.3]]).T
    run = linear(Diabetes(), kernel=kernel)
    data = read_coefficients([run])
    names = samples(Diabetes(), run.experiment.split).feature_names
    assert data.names == names
    assert data.order[:3] == (1, 7, 5)
    bars = named(draw_coefficients(data, "light"), "current")
    assert bars.x[:3] == (-5, 4, 3)
    assert bars.customdata[:3] == (names[1], names[7], names[5])
    assert "1 are exactly 0" in alt_coefficients(data)


def test_a_coefficient_of_many_classes_is_named_by_feature_and_class():
    run = linear(Iris())
    data = read_coefficients([run])
    rows = samples(Iris(), run.experiment.split)
    place = data.names.index(f"{rows.feature_names[2]} → {rows.class_names[1]}")
    assert data.current.final[place] == run.weights[0][2, 1]


def test_snapshots_become_lines_over_the_epochs():
    run = linear(Diabetes(), snapshots=True)
    figure = draw_coefficients(read_coefficients([run]), "light", epochs=60)
    line = named(figure, "path 3")
    assert line.x == (10, 20, 30, 40, 50)
    assert line.y == pytest.approx(run.weights[0][3, 0] * np.arange(1, 6) / 5, rel=1e-3)
    assert figure.layout.xaxis.title.text == "epoch"


def test_seeds_are_averaged_at_the_epochs_that_all_of_them_have():
    short, long = linear(Diabetes(), 1, snapshots=True), linear(Diabetes(), 2, snapshots=True)
    short = replace(short, snapshots=kept(short.snapshots.epochs[:3], short.snapshots.coefficients[:3]))
    data = read_coefficients([short, long])
    assert data.current.epochs.tolist() == [10, 20, 30]
    expected = (short.snapshots.coefficients + long.snapshots.coefficients[:3]) / 2
    assert data.current.values == pytest.approx(expected)


def test_without_snapshots_of_every_run_the_ends_are_drawn_as_bars():
    runs = [linear(Diabetes(), 1), linear(Diabetes(), 2, snapshots=True)]
    data = read_coefficients(runs)
    assert len(data.current.epochs) == 1
    assert data.current.final == pytest.approx((runs[0].weights[0] + runs[1].weights[0]).ravel() / 2)
    without = replace(linear(Diabetes()), snapshots=kept(np.arange(3), None))
    assert named(draw_coefficients(read_coefficients([without]), "light"), "current").type == "bar"


def test_the_largest_twenty_are_coloured_and_the_rest_is_grey():
    figure = draw_coefficients(read_coefficients([linear(BreastCancer(), snapshots=True)]), "light")
    paths = [trace for trace in figure.data if trace.uid.startswith("path")]
    assert len(paths) == MOST_COLOURED
    assert len({(trace.line.color, trace.line.dash) for trace in paths}) == MOST_COLOURED
    assert named(figure, "smaller").name == "10 smaller"
    assert named(figure, "smaller").x.count(None) == 10


def test_the_baseline_marks_where_its_coefficients_ended():
    before = linear(Diabetes(), 4)
    lines = draw_coefficients(read_coefficients([linear(Diabetes(), snapshots=True)], [before]), "light")
    mark = named(lines, "baseline 3")
    assert mark.x == (50,)
    assert mark.y == pytest.approx(before.weights[0][3], rel=1e-3)
    data = read_coefficients([linear(Diabetes())], [before])
    bars = draw_coefficients(data, "light")
    assert named(bars, "baseline").x == pytest.approx(before.weights[0].ravel()[list(data.order)], rel=1e-3)


def test_a_baseline_with_other_data_or_hidden_layers_is_left_out():
    for other in (linear(Iris()), with_weights(experiment=Experiment(data=Diabetes()))):
        assert read_coefficients([linear(Diabetes())], [other]).baseline is None


def test_coefficients_say_what_they_cannot_show():
    assert "hidden layers" in sentence(draw_coefficients(read_coefficients([with_weights()]), "light"))
    assert "has ended" in sentence(draw_coefficients(read_coefficients([]), "light"))
    lost = linear(Diabetes(), kernel=np.full((10, 1), np.nan))
    assert "diverged" in sentence(draw_coefficients(read_coefficients([lost]), "light"))


def test_names_that_look_like_markup_are_shown_as_they_are():
    data = replace(read_coefficients([linear(Diabetes())]), names=("<b>&",) * 10)
    assert set(named(draw_coefficients(data, "light"), "current").customdata) == {"&lt;b&gt;&amp;"}


def test_the_largest_charts_stay_small_on_the_wire():
    big = linear(Digits(), snapshots=True, epochs=500)
    assert len(draw_coefficients(read_coefficients([big], [big]), "light").to_json()) < 120_000
    deep = with_weights(((64, 64),) * MOST_LAYERS, zeros=0.1)
    assert len(draw_histogram(read_histogram([deep], [deep]), "light").to_json()) < 60_000


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("runs", [1, 3])
def test_charts_with_a_baseline_hold_only_finite_numbers_and_own_names(theme, runs):
    def given(zeros):
        shapes = ((10, 1),)
        return [with_weights(shapes, seed, zeros, experiment=Experiment(data=Diabetes())) for seed in range(runs)]

    several = [
        draw_histogram(read_histogram(given(0.3), given(0.0)), theme),
        draw_coefficients(read_coefficients(given(0.3), given(0.0)), theme),
        draw_coefficients(read_coefficients([linear(Iris(), 1, True)], [linear(Iris(), 2, True)]), theme),
        draw_calibration(read_calibration([record(seed=s) for s in range(runs)], [record(noise=2.0)]), theme),
    ]
    for figure in several:
        text, uids = figure.to_json(), [trace.uid for trace in figure.data]
        assert "NaN" not in text
        assert len(set(uids)) == len(uids) > 1


def test_bars_are_no_more_than_have_room_and_the_axis_says_how_many_are_not_drawn():
    figure = draw_coefficients(read_coefficients([linear(BreastCancer())]), "light")
    assert len(named(figure, "current").x) == MOST_BARS
    assert figure.layout.xaxis.title.text == f"standardised coefficient; {30 - MOST_BARS} smaller not drawn"
