"""Which charts a card offers, what its menu does, and which runs keep what those charts need."""

import pytest
from streamlit.testing.v1 import AppTest

from regdash.charts.layers import LAYER_MEASURES
from regdash.datasets import Diabetes, Digits, Moons
from regdash.experiment import Experiment
from regdash.networks import MLP, Convolutional, Linear
from regdash.ui import snapshots, views

LAYERS = {"norms", "l1_norm", "max_norm", "spectral", "near_zero", "zeros"}


def test_the_answers_of_two_inputs_of_many_and_of_numbers():
    assert list(views.offered("answers", Experiment(data=Moons()))) == ["boundary", "confusion", "calibration"]
    assert list(views.offered("answers", Experiment(data=Digits()))) == ["confusion", "calibration"]
    assert list(views.offered("answers", Experiment(data=Diabetes()))) == ["fit"]


def test_the_scores_are_those_of_the_task():
    classes = ["accuracy", "f1", "precision", "recall", "learning_rate"]
    assert list(views.offered("score", Experiment())) == classes
    assert list(views.offered("score", Experiment(data=Diabetes()))) == ["r2", "mae", "learning_rate"]


def test_only_what_the_runs_have_is_offered():
    old = {"loss", "accuracy", "val_accuracy", "l2_norm/all", "l1_norm/all", "near_zero/all"}
    assert list(views.offered("score", Experiment(), old)) == ["accuracy"]
    assert {"max_norm", "zeros"}.isdisjoint(views.offered("weights", Experiment(), old))
    assert list(views.offered("score", Experiment(), {"loss"})) == ["accuracy"]


def test_the_weights_of_hidden_layers_and_of_a_linear_network():
    assert set(views.offered("weights", Experiment())) == LAYERS | {"dead", "histogram"}
    assert set(views.offered("weights", Experiment(network=Linear()))) == LAYERS | {"histogram", "coefficients"}
    assert next(iter(views.offered("weights", Experiment()))) == "norms"


def test_every_measure_of_a_layer_is_offered_somewhere():
    assert set(LAYER_MEASURES) < set(views.offered("weights", Experiment()))


@pytest.mark.parametrize(
    ("network", "weights"),
    [(MLP(widths=(64, 64)), 2 * 64 + 64 + 64 * 64 + 64 + 64 + 1), (MLP(widths=(256, 256)), 66_817), (Linear(), 3)],
)
def test_small_networks_are_looked_at_on_their_way(network, weights):
    assert snapshots.kept(Experiment(network=network)) == (weights <= 50_000)
    offered = views.offered("weights", Experiment(network=network))
    assert ("spectral" in offered) == (weights <= 50_000)


def test_a_convolutional_network_on_digits_is_small():
    assert snapshots.kept(Experiment(data=Digits(), network=Convolutional()))


def test_no_two_charts_of_a_card_have_the_same_title():
    for experiment in (Experiment(), Experiment(network=Linear()), Experiment(data=Diabetes())):
        for card in ("answers", "score", "weights"):
            titles = list(views.offered(card, experiment).values())
            assert len(titles) == len(set(titles))


def page():
    import streamlit as st

    from regdash.ui import views

    with st.container(key="titled"):
        st.text(views.choose("weights", st.session_state.get("titles", {"norms": "L2 norm", "dead": "Dead units"})))


def shown(test):
    assert not test.exception
    return test.text[0].value


def test_a_choice_is_kept_and_one_that_does_not_fit_gives_way_until_it_does():
    test = AppTest.from_function(page, default_timeout=20).run()
    assert shown(test) == "norms"
    test.selectbox[0].set_value("dead").run()
    assert shown(test) == "dead"
    assert shown(test.run()) == "dead"
    test.session_state["titles"] = {"norms": "L2 norm", "coefficients": "Coefficients"}
    assert shown(test.run()) == "norms"
    assert test.selectbox[0].value == "norms"
    test.session_state["titles"] = {"norms": "L2 norm", "dead": "Dead units", "zeros": "Exact zeros"}
    assert shown(test.run()) == "dead"
    assert test.selectbox[0].value == "dead"


def test_a_card_with_one_chart_has_no_menu():
    test = AppTest.from_function(page, default_timeout=20)
    test.session_state["titles"] = {"fit": "Predicted and true values"}
    assert shown(test.run()) == "fit"
    assert not test.selectbox
