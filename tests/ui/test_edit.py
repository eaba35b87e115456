import pytest

from regdash.datasets import Diabetes, Digits, HighDimensionalLine
from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD
from regdash.regularizers import Dropout
from regdash.ui.edit import per_layer, with_kind, with_setting

TWO_RATES = Experiment().with_values({"dropout.rates": (0.2, 0.6)})


def rates(experiment):
    return experiment.regularizer(Dropout).rates


def test_one_setting_changes_and_all_others_stay():
    changed = with_setting(Experiment(), "l2.l2", 0.01).values
    assert {path for path, value in changed.items() if value != Experiment().values[path]} == {"l2.l2"}


@pytest.mark.parametrize(
    ("widths", "fitted"), [((8,), (0.2,)), ((8, 8), (0.2, 0.6)), ((8, 8, 8, 8), (0.2, 0.6, 0.6, 0.6))]
)
def test_rates_per_layer_follow_the_number_of_layers(widths, fitted):
    changed = with_setting(TWO_RATES, "network.widths", widths)
    assert changed.network == MLP(widths)
    assert rates(changed) == fitted


@pytest.mark.parametrize("widths", [("abc",), (0, 8), (8,) * 7, (2.5, 8), (10**30,)])
def test_wrong_widths_are_a_fault_of_the_widths(widths):
    with pytest.raises(InvalidExperiment) as caught:
        with_setting(TWO_RATES, "network.widths", widths)
    assert "Hidden layers" in caught.value.errors["network.widths"]


@pytest.mark.parametrize("kind", CHOICES["data"], ids=lambda kind: kind.name)
def test_a_data_set_brings_the_training_share_that_suits_it(kind):
    changed = with_kind(Experiment().with_values({"split.train": 0.75}), "data", kind.name)
    assert changed.data == kind()
    assert changed.split.train == kind.default_train


def test_wrong_labels_stay_where_there_are_classes_and_go_where_there_are_none():
    noisy = Experiment().with_values({"split.label_noise": 0.2})
    assert with_kind(noisy, "data", Digits.name).split.label_noise == 0.2
    assert with_kind(noisy, "data", Diabetes.name).split.label_noise == 0.0
    assert with_kind(noisy, "data", HighDimensionalLine.name).split.label_noise == 0.0


def test_another_optimizer_has_its_own_defaults_and_leaves_the_rest_alone():
    before = Experiment().with_values({"optimizer.learning_rate": 0.5, "l1.l1": 0.001})
    after = with_kind(before, "optimizer", SGD.name)
    assert after.optimizer == SGD()
    assert (after.data, after.split, after.regularizers) == (before.data, before.split, before.regularizers)


def test_the_largest_rate_becomes_the_rate_of_all_layers_when_the_layers_go():
    linear = with_kind(TWO_RATES, "network", Linear.name)
    assert linear.network == Linear()
    assert linear.regularizer(Dropout) == Dropout(rate=0.6)


def test_one_rate_for_all_becomes_the_rate_of_each_layer_and_back():
    one = Experiment().with_values({"dropout.rate": 0.3, "network.widths": (8, 8, 8)})
    assert per_layer(one, True).regularizer(Dropout) == Dropout(rate=0.0, rates=(0.3, 0.3, 0.3))
    assert per_layer(per_layer(one, True), False) == one


def test_rates_told_apart_without_dropout_are_all_zero():
    assert rates(per_layer(Experiment(), True)) == (0.0, 0.0)
    assert per_layer(per_layer(Experiment(), True), False) == Experiment()
