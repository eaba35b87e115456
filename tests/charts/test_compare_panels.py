import numpy as np
import pytest
from fake_settings import MOONS, imported, lost, setting, waiting

from regdash.charts.compare_boundaries import (
    alt_compare_boundaries,
    draw_compare_boundaries,
    read_compare_boundaries,
)
from regdash.charts.compare_confusion import alt_compare_confusion, draw_compare_confusion, read_compare_confusion
from regdash.charts.compare_final import alt_compare_final, draw_compare_final, read_compare_final
from regdash.charts.compare_fit import alt_compare_fit, draw_compare_fit, read_compare_fit
from regdash.charts.compare_panels import Panels, titled
from regdash.charts.compare_ridges import (
    alt_compare_ridges,
    draw_compare_ridges,
    read_compare_ridges,
    ridge_layers,
)
from regdash.comparison import BY_NAME
from regdash.datasets import Diabetes, Digits, Iris, Moons, Spirals, samples
from regdash.experiment import Experiment
from regdash.intervals import summary

DIABETES = Experiment(data=Diabetes())


def words(drawing):
    return [note.text.replace("<br>", " ") for note in drawing.layout.annotations]


def of_type(drawing, kind):
    return [t for t in drawing.data if t.type == kind]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("own", [False, True])
def test_panels_lie_within_the_chart_and_never_overlap(count, own):
    panels = Panels(count, min(3, count), own_x=own, own_y=own)
    layout = panels.layout({"title": {"text": "x"}}, {"title": {"text": "y"}}, [f"p{k}" for k in range(count)], "light")
    boxes = [
        (*layout[f"xaxis{number}"]["domain"], *layout[f"yaxis{number}"]["domain"])
        for number in ["", *range(2, count + 1)]
    ]
    for place, (left, right, bottom, top) in enumerate(boxes):
        assert 0 <= left < right <= 1
        assert 0 <= bottom < top < 1
        for other in boxes[:place]:
            assert right <= other[0] or left >= other[1] or top <= other[2] or bottom >= other[3]


def test_shared_axes_are_named_at_the_edge_only():
    layout = Panels(5, 3).layout({"title": {"text": "x"}}, {"title": {"text": "y"}}, list("abcde"), "light")
    named = [number for number in ("", 2, 3, 4, 5) if "title" in layout[f"xaxis{number}"]]
    assert named == [3, 4, 5]  # the lowest of each column
    assert [n for n in ("", 2, 3, 4, 5) if "title" in layout[f"yaxis{n}"]] == ["", 4]


def test_long_titles_take_two_short_lines_and_markup_is_only_words():
    assert titled("Dropout 0.04, L2 0.001") == "Dropout 0.04,<br>L2 0.001"
    assert titled("Dropout 0.5, Adam, L2 0.01, batch 16, seed 3").count("<br>") == 1
    assert titled("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"


def test_boundaries_show_the_last_frame_of_the_first_seed_on_shared_axes():
    series = [setting("A"), setting("B", 1)]
    drawing = draw_compare_boundaries(read_compare_boundaries(series), "light")
    regions = of_type(drawing, "contour")
    assert len(regions) == 2
    assert np.array_equal(np.asarray(regions[1].z), series[1].records[0, 0].probe.answers[-1][..., 0])
    assert drawing.layout.xaxis2.matches == "x"
    assert drawing.layout.yaxis2.matches == "y"
    named = [t.name for t in drawing.data if t.type == "scatter" and t.showlegend is not False]
    assert named == ["upper moon", "lower moon", "training point"]
    assert "A at epoch 20, seed 0: upper moon" in alt_compare_boundaries(read_compare_boundaries(series))


def test_panels_without_anything_to_show_say_why():
    series = [setting("A"), lost("B"), waiting("C"), imported("D"), setting("E", experiment=DIABETES)]
    told = words(draw_compare_boundaries(read_compare_boundaries(series), "light"))
    assert "no run kept its boundary" in told
    assert "no run has ended yet" in told
    assert "imported curves have no boundary" in told
    assert "not two inputs and classes" in told


def test_data_with_the_same_inputs_share_their_axes_and_four_inputs_have_no_boundary():
    spirals = setting("S", seeds=1, experiment=Experiment(data=Spirals(samples=90)))
    assert read_compare_boundaries([setting("A", seeds=1), spirals]).shared
    assert read_compare_boundaries([setting("I", seeds=1, experiment=Experiment(data=Iris()))]).drawn == ()


def test_at_most_twelve_settings_have_a_panel_and_the_title_says_so():
    series = [setting(f"S{k}", 1, seeds=1) for k in range(15)]
    data = read_compare_boundaries(series)
    assert len(data.panels) == 12
    assert "first 12 settings" in data.title
    assert len(draw_compare_boundaries(data, "light").to_json()) < 200_000


def test_confusion_counts_are_summed_over_seeds_and_shares_are_of_rows():
    one = setting("A", seeds=3)
    data = read_compare_confusion([one])
    y = samples(MOONS.data, MOONS.split).validation.y.astype(int)
    counts = np.zeros((2, 2))
    for record in one.records.values():
        np.add.at(counts, (y, (record.val_outputs[:, 0] > 0).astype(int)), 1)
    assert data.panels[0].counts.tolist() == counts.tolist()
    cells = of_type(draw_compare_confusion(data, "light"), "heatmap")[0]
    assert np.asarray(cells.z) == pytest.approx(counts / counts.sum(axis=1, keepdims=True), abs=1e-4)
    assert cells.text[0][0] == f"{counts[0, 0] / counts[0].sum():.0%}<br>{counts[0, 0]:.0f}"
    assert f"{np.trace(counts) / counts.sum():.1%} of {counts.sum():.0f} answers in 3 runs" in alt_compare_confusion(
        data
    )


def test_confusion_matrices_share_one_scale_of_colours_that_is_explained_where_cells_hold_no_words():
    two = draw_compare_confusion(read_compare_confusion([setting("A"), setting("B", 1)]), "dark")
    assert {t.coloraxis for t in of_type(two, "heatmap")} == {"coloraxis"}
    assert two.layout.coloraxis.showscale is False
    digits = [setting("D", seeds=1, experiment=Experiment(data=Digits()))]
    ten = draw_compare_confusion(read_compare_confusion(digits), "dark")
    assert ten.layout.coloraxis.showscale is True
    assert ten.layout.yaxis.range == (9.5, -0.5)


def test_confusion_matrices_of_different_classes_have_their_own_names():
    series = [setting("A"), setting("I", experiment=Experiment(data=Iris()))]
    layout = draw_compare_confusion(read_compare_confusion(series), "light").layout
    assert layout.xaxis.ticktext == ("upper moon", "lower moon")
    assert len(layout.xaxis2.ticktext) == 3
    assert layout.xaxis2.matches is None


def test_predictions_stand_beside_each_other_in_the_units_of_the_target():
    one = setting("R", seeds=2, experiment=DIABETES)
    data = read_compare_fit([one, setting("A")])
    rows = samples(DIABETES.data, DIABETES.split)
    mean = np.mean([record.val_outputs[:, 0] for record in one.records.values()], axis=0)
    assert data.panels[0].fit.predicted == pytest.approx(rows.target_mean + rows.target_scale * mean)
    assert "this data set asks for classes" in words(draw_compare_fit(data, "light"))
    assert f"R² is {data.panels[0].fit.r2:.3g} on {len(mean)} rows" in alt_compare_fit(data)


def test_ridges_stand_on_their_epochs_with_the_first_one_on_top():
    one = setting("A")
    assert ridge_layers([one, imported("D")]) == ("hidden_1", "output")
    data = read_compare_ridges([one], "output")
    drawing = draw_compare_ridges(data, "light")
    ridges = [t for t in drawing.data if t.fill == "toself"]
    assert [min(t.y) for t in ridges] == [4, 3, 2, 1, 0]
    assert drawing.layout.yaxis.ticktext == ("20", "15", "10", "5", "1")
    shares = one.records[0, 0].snapshots.counts["output"][0] / one.records[0, 0].snapshots.counts["output"][0].sum()
    assert f"{100 * shares.max():.3g} % of the weights" in ridges[0].text
    assert "A, seed 0: at epoch 1 the middle half" in alt_compare_ridges(data)


def test_ridges_of_every_setting_share_the_axis_of_weights():
    drawing = draw_compare_ridges(read_compare_ridges([setting("A"), setting("B", 1)]), "light")
    assert drawing.layout.xaxis2.matches == "x"
    reach = max(abs(x) for t in drawing.data if t.x for x in t.x)
    assert drawing.layout.xaxis.range[1] >= reach


def test_a_setting_without_the_chosen_layer_says_so():
    told = words(draw_compare_ridges(read_compare_ridges([setting("A"), lost("B")], "output"), "light"))
    assert "was not looked at on its way" in told
    assert read_compare_ridges([waiting("C")]).drawn == ()


def test_final_numbers_have_a_dot_for_each_seed_and_students_interval():
    one = setting("A", seeds=4)
    data = read_compare_final([one], BY_NAME["best_loss"])
    lowest = [run["val_loss"].min() for run in one.histories.values()]
    expected = summary(lowest)
    drawing = draw_compare_final(data, "light")
    dots, mean = (next(t for t in drawing.data if t.uid.startswith(kind)) for kind in ("runs-", "mean-"))
    assert sorted(dots.x) == pytest.approx(sorted(lowest), rel=1e-3)
    assert mean.x[0] == pytest.approx(expected.mean, rel=1e-3)
    assert mean.error_x.array[0] == pytest.approx(expected.high - expected.mean, rel=1e-3)
    assert f"A {expected.mean:.3g} (95 % interval {expected.low:.3g} to {expected.high:.3g}, 4 runs)" in (
        alt_compare_final(data)
    )


def test_equal_seeds_are_joined_where_settings_are_few_and_pair():
    def joined(series):
        drawing = draw_compare_final(read_compare_final(series), "light")
        return [t.y for t in drawing.data if t.uid.startswith("joined")]

    other = setting("O", 1, experiment=Experiment(data=Moons(samples=240)))
    assert joined([setting("A", seeds=2), imported("D"), other, setting("B", 1, seeds=2)]) == [(0, 3), (0, 3)]
    assert joined([setting(f"S{k}", k, seeds=2) for k in range(7)]) == []


def test_accuracies_are_in_per_cent_and_settings_without_a_result_keep_their_row():
    series = [setting("A"), waiting("C")]
    layout = draw_compare_final(read_compare_final(series, BY_NAME["last_accuracy"]), "light").layout
    assert layout.xaxis.title.text == "last validation accuracy (%)"
    assert layout.yaxis.ticktext == ("A", "C (no result)")
