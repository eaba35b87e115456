import pytest

from regdash.datasets import Diabetes, Digits, HighDimensionalLine, Iris, Moons
from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment
from regdash.networks import MLP, Convolutional, Highway, Linear, ResidualMLP
from regdash.optimizers import SGD
from regdash.regularizers import L2, Cutout, Dropout, GradientClipping, ImageShift, LabelSmoothing, SpatialDropout
from regdash.ui.edit import per_layer, taken_back, with_kind, with_setting

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


IMAGES = Experiment(
    data=Digits(),
    network=Convolutional(),
    regularizers=(L2(0.01), SpatialDropout(0.2), ImageShift(1), Cutout(2), LabelSmoothing(0.1)),
)


def test_a_network_for_images_gives_way_where_there_are_none_and_takes_what_needs_it_along():
    iris = with_kind(IMAGES, "data", Iris.name)
    assert (iris.network, iris.regularizers) == (MLP(), (L2(0.01), LabelSmoothing(0.1)))
    assert taken_back(IMAGES, iris) == (
        "Convolutional (CNN) needs images, so the network is now Dense layers (MLP).",
        "Spatial dropout does not fit here and was taken back.",
        "Shift images does not fit here and was taken back.",
        "Cutout does not fit here and was taken back.",
    )


def test_label_smoothing_is_taken_back_where_there_are_no_classes():
    smooth = Experiment(regularizers=(LabelSmoothing(0.1), L2(0.01)))
    assert with_kind(smooth, "data", Diabetes.name).regularizers == (L2(0.01),)


def test_dense_layers_take_spatial_dropout_back_and_leave_changed_images_alone():
    dense = with_kind(IMAGES, "network", MLP.name)
    assert dense.regularizers == tuple(each for each in IMAGES.regularizers if not isinstance(each, SpatialDropout))
    assert taken_back(IMAGES, dense) == ("Spatial dropout does not fit here and was taken back.",)


def test_a_network_for_images_is_refused_where_there_are_none():
    with pytest.raises(InvalidExperiment) as caught:
        with_kind(Experiment(), "network", Convolutional.name)
    assert "looks at images" in caught.value.errors["network"]


def test_nothing_is_said_when_nothing_else_has_changed():
    assert taken_back(Experiment(), with_kind(Experiment(), "data", Iris.name)) == ()
    before = Experiment().with_values({"split.label_noise": 0.2, "dropout.rates": (0.1, 0.2)})
    after = with_kind(with_kind(before, "data", Diabetes.name), "network", Linear.name)
    assert taken_back(before, after) == (
        "Wrong labels were taken back: there are no classes here.",
        "Dropout has one rate for all layers again.",
    )


@pytest.mark.parametrize(
    ("network", "path", "value", "fitted"),
    [
        (Convolutional(filters=(4,), widths=(8,)), "network.filters", (4, 4), (0.2, 0.6, 0.6)),
        (Highway(depth=1), "network.depth", 3, (0.2, 0.6, 0.6, 0.6)),
        (Highway(depth=1), "network.depth", 20, ()),
    ],
)
def test_rates_per_layer_follow_whatever_makes_the_layers_and_end_where_there_are_too_many(
    network, path, value, fitted
):
    data = Digits() if network.images else Moons()
    before = Experiment(data=data, network=network, regularizers=(Dropout(rates=(0.2, 0.6)),))
    after = with_setting(before, path, value)
    assert rates(after) == fitted
    assert after.regularizer(Dropout).rate == (0.0 if fitted else 0.6)


def test_of_the_ways_of_clipping_the_last_one_that_was_set_is_in_use():
    first = with_setting(Experiment(), "gradient_clipping.clipnorm", 1.0)
    second = with_setting(first, "gradient_clipping.clipvalue", 0.5)
    assert second.regularizer(GradientClipping) == GradientClipping(clipvalue=0.5)
    assert with_setting(second, "gradient_clipping.clipvalue", 0.0) == Experiment()


def test_a_deep_network_has_one_rate_for_all_layers():
    deep = Experiment(network=ResidualMLP(blocks=16), regularizers=(Dropout(0.3),))
    assert with_setting(deep, "network.blocks", 2).regularizer(Dropout) == Dropout(0.3)
