"""The regularisation path, and scikit-learn's own beside it."""

import numpy as np
import pytest
from fake_trials import ACTIVATION, DROPOUT, LINEAR, STRENGTH, named, outcome, plan_of, scattered, tried
from scipy.stats import t as student
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge

from regdash.charts.search_path import alt_path, draw_path, read_path
from regdash.charts.search_path_coefficients import alt_path_coefficients, draw_path_coefficients
from regdash.charts.search_path_weights import alt_path_weights, draw_path_weights
from regdash.charts.search_peer import peer_of
from regdash.datasets import Moons, samples
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.search import Objective, Plan, Range, Space, Trial

PATH = plan_of(STRENGTH)


def strengths(path, off=True):
    return Range(path, 1e-3, 1.0, log=True, steps=4, off=off)


def training_rows(experiment=LINEAR):
    train = samples(experiment.data, experiment.split).train
    return np.asarray(train.x, float), np.asarray(train.y, float).ravel()


def on_strengths(*pairs):
    return tried([({"l2.l2": strength}, scores) for strength, scores in pairs])


@pytest.mark.parametrize(
    ("path", "base", "model"),
    [
        ("l1.l1", {}, lambda s, n: Lasso(alpha=s / 2, tol=1e-8, max_iter=100_000)),
        ("proximal_l1.l1", {}, lambda s, n: Lasso(alpha=s / 2, tol=1e-8, max_iter=100_000)),
        ("l2.l2", {}, lambda s, n: Ridge(alpha=n * s)),
        (
            "l1.l1",
            {"l2.l2": 0.05},
            lambda s, n: ElasticNet(alpha=s / 2 + 0.05, l1_ratio=(s / 2) / (s / 2 + 0.05), tol=1e-8, max_iter=100_000),
        ),
    ],
)
def test_the_dashes_are_what_scikit_learn_finds_at_every_strength(path, base, model):
    x, y = training_rows()
    peer = peer_of(plan_of(strengths(path), base=LINEAR.with_values(base)))
    for strength in (1e-3, 1e-2, 1e-1, 1.0):
        turn = int(np.argmin(np.abs(peer.places - np.log10(strength))))
        assert peer.places[turn] == pytest.approx(np.log10(strength))
        assert peer.values[turn] == pytest.approx(model(strength, len(y)).fit(x, y).coef_, abs=1e-4)
    if not base:
        assert peer.at_off == pytest.approx(LinearRegression().fit(x, y).coef_, abs=1e-6)


def test_over_folds_the_dashes_are_the_mean_of_what_scikit_learn_finds_in_each():
    peer = peer_of(Plan(Space(LINEAR, (strengths("l1.l1"),)), objective=Objective(seeds=2, folds=3)))
    turn = int(np.argmin(np.abs(peer.places + 1)))
    assert peer.places[turn] == pytest.approx(-1)
    folds = [LINEAR.with_values({"split.folds": 3, "split.fold": fold}) for fold in range(3)]
    found = [Lasso(alpha=0.05, tol=1e-8, max_iter=100_000).fit(*training_rows(each)).coef_ for each in folds]
    assert peer.values[turn] == pytest.approx(np.mean(found, axis=0), abs=1e-4)


@pytest.mark.parametrize(
    "plan",
    [
        plan_of(strengths("l1.l1"), DROPOUT),
        plan_of(strengths("l1.l1"), base=Experiment(data=Moons(), network=Linear())),
        plan_of(strengths("l1.l1"), base=LINEAR.with_values({"max_norm.max_value": 1.0})),
        plan_of(Range("optimizer.learning_rate", 1e-3, 0.1, log=True), base=LINEAR),
        plan_of(strengths("l1.l1")),
    ],
    ids=["two settings", "classes", "another regulariser", "no strength", "hidden layers"],
)
def test_there_are_no_dashes_where_scikit_learn_solves_another_problem(plan):
    assert peer_of(plan) is None


def test_both_errors_are_drawn_by_strength_with_the_interval_over_runs():
    values = (0.3, 0.4, 0.8)
    data = read_path(PATH, on_strengths((0.1, 0.5), (0.001, values), (0.01, 0.6), (0.0, 0.9)))
    drawing = draw_path(data, "light")
    line = named(drawing, "validation")
    assert line["x"] == pytest.approx([-3, -2, -1])
    assert line["y"] == pytest.approx([0.5, 0.6, 0.5])
    assert line["customdata"] == [[1], [2], [0]]
    half = student.ppf(0.975, 2) * np.std(values, ddof=1) / np.sqrt(3)
    assert data.figures["val_loss"].low[1] == pytest.approx(0.5 - half)
    assert named(drawing, "train")["y"] == pytest.approx([0.5, 0.5, 0.5])
    assert named(drawing, "validation off")["customdata"] == [[3]]


def test_bands_need_two_strengths_with_several_runs():
    data = read_path(PATH, on_strengths((0.1, (0.5, 0.6)), (0.01, (0.4, 0.6)), (0.001, 0.4)))
    assert named(draw_path(data, "dark"), "validation band")["x"] == pytest.approx([-2, -1, -1, -2])


def test_the_best_and_the_chosen_strength_are_marked():
    trials = on_strengths((0.001, 0.5), (0.01, 0.4), (0.1, 0.42))
    drawing = draw_path(read_path(PATH, trials, chosen=2), "light")
    assert (named(drawing, "best")["x"], named(drawing, "best")["y"]) == ([-2], [0.4])
    assert named(drawing, "one standard error")["customdata"] == [[2]]
    assert [line["x0"] for line in drawing.plain_layout["shapes"]] == [-2, -1]
    assert "one-standard-error choice is L2 strength 0.1" in alt_path(read_path(PATH, trials, chosen=2))
    assert [each["uid"] for each in draw_path(read_path(PATH, trials, best=99), "light").traces][-1] == "validation"


def test_where_more_is_searched_each_part_of_the_range_shows_its_best_trial():
    plan = plan_of(STRENGTH, ACTIVATION)
    trials = tried(
        [
            ({"l2.l2": strength, "network.activation": word}, score)
            for strength, word, score in (
                (0.001, "relu", 0.5),
                (0.001, "tanh", 0.3),
                (0.05, "relu", 0.6),
                (0.05, "tanh", 0.7),
            )
        ]
    )
    data = read_path(plan, trials, "l2.l2")
    assert data.track.numbers == (1, 2)
    assert data.title() == "Regularisation path over L2 strength, each with the best Activation"


def test_weights_and_their_zeros_stand_below_each_other_over_the_same_strengths():
    trials = [
        Trial(k, {"l2.l2": s}, outcome=outcome(0.5, norm=(norm,), near_zero=(share,)))
        for k, (s, norm, share) in enumerate(((0.001, 3.0, 0.0), (0.1, 1.0, 0.25)))
    ]
    data = read_path(PATH, trials)
    drawing = draw_path_weights(data, "light")
    assert named(drawing, "weight norm")["y"] == [3.0, 1.0]
    assert named(drawing, "near 0 (%)")["y"] == [0.0, 25.0]
    assert named(drawing, "near 0 (%)")["yaxis"] == "y2"
    assert "from 3 to 1" in alt_path_weights(data)


def test_each_coefficient_has_a_line_by_the_name_of_its_input():
    plan = plan_of(strengths("l1.l1"), base=LINEAR, strategy="grid")
    x, y = training_rows()
    fits = {
        s: Lasso(alpha=s / 2).fit(x, y).coef_ if s else LinearRegression().fit(x, y).coef_ for s in plan.space.axes[0]
    }
    trials = [
        Trial(k, {"l1.l1": s}, outcome=outcome(0.5, coefficients=tuple(w.tolist())))
        for k, (s, w) in enumerate(fits.items())
    ]
    data = read_path(plan, trials)
    drawing = draw_path_coefficients(data, "light")
    bmi = next(each for each in drawing.traces if each["name"] == "bmi" and each["mode"] == "lines")
    assert bmi["y"] == pytest.approx([fits[s][2] for s in (1e-3, 1e-2, 1e-1, 1.0)], abs=1e-3)
    assert bmi["customdata"] == [[1], [2], [3], [4]]
    assert named(drawing, "scikit-learn")["name"] == "scikit-learn Lasso"
    assert "scikit-learn's Lasso" in alt_path_coefficients(data)


def test_a_network_with_hidden_layers_has_no_coefficients_and_says_so():
    data = read_path(PATH, on_strengths((0.1, 0.5)))
    assert "linear network" in draw_path_coefficients(data, "light").plain_layout["annotations"][0]["text"].replace(
        "<br>", " "
    )


def test_choices_and_a_thousand_trials_can_be_drawn_too():
    words = plan_of(ACTIVATION)
    assert named(draw_path(read_path(words, scattered(words, 30)), "light"), "validation")["mode"] == "markers"
    many = plan_of(DROPOUT)
    assert len(draw_path(read_path(many, scattered(many, 1_000)), "light").to_json()) < 300_000
