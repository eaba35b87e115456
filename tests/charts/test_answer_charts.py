import numpy as np
import pytest
from fake_runs import probe, record
from sklearn.metrics import confusion_matrix, r2_score

from regdash.charts.boundary import (
    MOST_TRAIN,
    STRENGTH,
    alt_boundary,
    codes,
    draw_boundary,
    read_boundary,
)
from regdash.charts.confusion import alt_confusion, draw_confusion, read_confusion
from regdash.charts.fit import alt_fit, draw_fit, read_fit
from regdash.charts.theme import PALETTES
from regdash.datasets import Blobs, Diabetes, Digits, Iris, Moons, Split, samples
from regdash.experiment import Experiment


def test_a_binary_answer_is_its_own_code():
    answers = np.array([[[[0], [127]], [[128], [255]]]], np.uint8)
    assert codes(answers).tolist() == [[[0, 127], [128, 255]]]


def test_a_code_of_many_classes_holds_the_likeliest_class_and_the_confidence():
    certain, tie = [0, 255, 0], [85, 85, 85]
    found = codes(np.array([[[certain, tie]]], np.uint8))
    width = 256 // 3
    assert found[0, 0].tolist() == [width + width - 1, 0]
    assert (found // width).tolist() == [[[1, 0]]]


@pytest.mark.parametrize("classes", range(2, 9))
def test_the_colour_scale_paints_every_code_in_the_colour_of_its_class(classes):
    rows = samples(Blobs(classes=classes), Split()) if classes > 2 else samples(Moons(), Split())
    figure = draw_boundary(read_boundary(probe(outputs=classes if classes > 2 else 1), rows), "light")
    stops = figure.data[0].colorscale
    places = [255 * place for place, _ in stops]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 255)
    parts = np.array([[float(part) for part in colour[5:-1].split(",")] for _, colour in stops])
    width = 256 // classes
    for code in range(width * classes):
        painted = [np.interp(code, places, channel) for channel in parts.T]
        wanted = PALETTES["light"].classes[code // width]
        assert painted[:3] == pytest.approx([int(wanted[i : i + 2], 16) for i in (1, 3, 5)])
        assert 0 < painted[3] <= STRENGTH


def test_points_are_drawn_in_the_units_of_the_data():
    rows = samples(Moons(samples=60), Split())
    data = read_boundary(None, rows)
    assert data.train.places == pytest.approx(rows.input_mean + rows.input_scale * rows.train.x)
    everything = np.concatenate([data.train.places, data.validation.places])
    drawn = Moons(samples=60).points(0).inputs
    distance = np.abs(everything[:, None] - drawn[None]).max(axis=2).min(axis=1)
    assert distance.max() < 1e-5


def test_training_points_with_a_wrong_label_are_ringed():
    rows = samples(Moons(samples=100), Split(label_noise=0.2))
    data = read_boundary(probe(), rows)
    assert len(data.wrong) == rows.flipped.sum() > 0
    ring = next(t for t in draw_boundary(data, "light").data if t.uid == "wrong")
    assert len(ring.x) == len(data.wrong)
    assert "wrong" in alt_boundary(data)


def test_train_and_validation_points_differ_by_shape():
    figure = draw_boundary(read_boundary(probe(), samples(Moons(), Split())), "dark")
    shapes = {t.uid: t.marker.symbol for t in figure.data if t.uid in ("train", "validation")}
    assert shapes["train"] != shapes["validation"]


def test_large_data_sets_show_a_fair_part_of_their_points_and_say_so():
    data = read_boundary(None, samples(Moons(samples=5_000), Split(train=0.5)))
    assert len(data.train.places) == MOST_TRAIN
    assert data.train.total == 2_500
    assert data.train.classes.mean() == pytest.approx(0.5, abs=0.01)
    assert "train (500 of 2500)" in [t.name for t in draw_boundary(data, "light").data]


def test_without_a_probe_the_points_stand_alone():
    figure = draw_boundary(read_boundary(None, samples(Moons(), Split())), "light")
    assert figure.data[0].visible is False
    assert any(t.uid == "train" for t in figure.data)


def test_data_with_more_than_two_inputs_say_that_there_is_no_boundary_to_draw():
    for rows in (samples(Iris(), Split()), samples(Diabetes(), Split())):
        assert "two inputs" in draw_boundary(read_boundary(None, rows), "light").layout.annotations[0].text.replace(
            "<br>", " "
        )


def test_the_text_of_the_boundary_gives_the_share_of_the_plane_at_the_chosen_epoch():
    answers = probe(frames=2)
    answers.answers[1, :, :, 0] = 0
    answers.answers[1, 0, :, 0] = 255
    text = alt_boundary(read_boundary(answers, samples(Moons(), Split())))
    assert "epoch 10" in text
    assert "upper moon 80%, lower moon 20%" in text


@pytest.mark.parametrize("data", [Moons(), Iris(), Digits()])
def test_the_confusion_matrix_equals_that_of_scikit_learn(data):
    run = record(Experiment(data=data))
    true = samples(data, run.experiment.split).validation.y.astype(int)
    outputs = run.val_outputs
    answered = (outputs[:, 0] > 0).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)
    found = read_confusion([run])
    assert found.counts.tolist() == confusion_matrix(true, answered).tolist()
    assert found.shares == pytest.approx(confusion_matrix(true, answered, normalize="true"))
    assert f"{np.mean(true == answered):.1%} right" in alt_confusion(found)


def test_several_seeds_give_the_mean_of_their_counts():
    runs = [record(seed=s) for s in range(3)]
    alone = [read_confusion([run]).counts for run in runs]
    assert read_confusion(runs).counts == pytest.approx(np.mean(alone, axis=0))


def test_rows_without_a_finite_answer_are_not_counted():
    run = record()
    run.val_outputs[:10] = np.nan
    assert read_confusion([run]).counts.sum() == len(run.val_outputs) - 10
    run.val_outputs[:] = np.nan
    draw_confusion(read_confusion([run]), "light")


def test_predictions_are_brought_back_to_the_units_of_the_target():
    run = record(Experiment(data=Diabetes()), noise=0.0)
    data = read_fit([run])
    assert data.predicted == pytest.approx(data.true)
    assert data.true.min() > 20  # the disease score of the diabetes data, not its standardised form
    assert data.r2 == pytest.approx(1.0)


def test_r2_of_the_fit_equals_that_of_scikit_learn():
    data = read_fit([record(Experiment(data=Diabetes()))])
    assert data.r2 == pytest.approx(r2_score(data.true, data.predicted))
    assert f"{data.r2:.3g}" in alt_fit(data)


def test_each_task_names_the_chart_that_suits_it():
    assert "classes" in draw_fit(read_fit([record()]), "light").layout.annotations[0].text
    regression = draw_confusion(read_confusion([record(Experiment(data=Diabetes()))]), "light")
    assert "number" in regression.layout.annotations[0].text.replace("<br>", " ")


def test_the_first_class_stands_at_the_top_left_of_the_confusion_matrix():
    experiment = Experiment(data=Digits())
    figure = draw_confusion(read_confusion([record(experiment)]), "light")
    assert tuple(figure.layout.xaxis.range) == (-0.5, 9.5)
    assert tuple(figure.layout.yaxis.range) == (9.5, -0.5)
