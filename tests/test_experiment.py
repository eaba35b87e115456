"""Experiment: equal settings are equal values, and wrong ones are gathered."""

import pickle
from typing import Any

import pytest
from drawn import experiments
from hypothesis import given

from regdash.datasets import DATASETS, Blobs, Circles, Digits, HighDimensionalLine, Iris, Moons, Split
from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment, Training, assemble, declaration, differences, signature
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD, Adam, Exponential
from regdash.params import params_of
from regdash.regularizers import L1, L2, REGULARIZERS, Dropout, EarlyStopping, WeightDecay


def faults(**parts: Any) -> dict[str, str]:
    """The sentences about an experiment with these parts."""
    with pytest.raises(InvalidExperiment) as caught:
        Experiment(**parts)
    return dict(caught.value.errors)


def test_the_first_experiment_is_allowed() -> None:
    assert Experiment().data == Moons()


@given(experiments())
def test_every_allowed_experiment_is_a_value(experiment: Experiment) -> None:
    again = assemble(experiment.parts)
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert again.values == experiment.values
    assert pickle.loads(pickle.dumps(experiment)) == experiment


@given(experiments())
def test_every_value_can_be_reached_by_its_path(experiment: Experiment) -> None:
    for path, value in experiment.values.items():
        assert declaration(experiment, path).problem(value) is None
    assert experiment.with_values(experiment.values) == experiment


def test_three_faults_give_three_sentences_one_for_each_field() -> None:
    assert faults(data=Moons(noise=1.7), regularizers=(Dropout(rate=2.0),), training=Training(epochs=0)) == {
        "data.noise": "Noise must be between 0 and 1, got 1.7",
        "dropout.rate": "Dropout must be between 0 and 0.9, got 2.0",
        "training.epochs": "Epochs must be between 1 and 2000, got 0",
    }


@pytest.mark.parametrize("widths", [5, None, "64-64", ("x",), (0,), (8,) * 7])
def test_hidden_layers_that_are_none_give_a_sentence(widths: Any) -> None:
    assert list(faults(network=MLP(widths=widths))) == ["network.widths"]


@pytest.mark.parametrize("rates", [5, None, "0.5", (2.0, 0.1), (0.1,) * 7])
def test_rates_that_are_none_give_a_sentence(rates: Any) -> None:
    assert list(faults(regularizers=(Dropout(rates=rates),))) == ["dropout.rates"]


def test_a_rate_is_needed_for_each_hidden_layer() -> None:
    message = "Dropout per layer needs one rate for each of the 2 hidden layers, got 1"
    assert faults(regularizers=(Dropout(rates=(0.5,)),)) == {"dropout.rates": message}
    assert Experiment(network=MLP(widths=(8,)), regularizers=(Dropout(rates=(0.5,)),))


def test_a_part_in_the_wrong_place_is_named() -> None:
    assert list(faults(data=MLP(), network=3)) == ["data", "network"]
    assert "Moons, Circles" in faults(data=MLP())["data"]


def test_a_regularizer_is_given_once_and_is_one_of_the_catalogue() -> None:
    assert faults(regularizers=(L1(0.1), L1(0.2))) == {"l1": "L1 is given more than once; give it once"}
    assert list(faults(regularizers=(Moons(),))) == ["regularizers"]


def test_regularizers_that_change_nothing_are_left_out() -> None:
    neutral = tuple(kind() for kind in REGULARIZERS)
    assert Experiment(regularizers=neutral) == Experiment()
    assert hash(Experiment(regularizers=neutral)) == hash(Experiment())


def test_settings_of_a_regularizer_that_is_off_are_left_out_too() -> None:
    off = Experiment(regularizers=(EarlyStopping(min_delta=0.5), WeightDecay(biases=True)))
    assert off == Experiment()
    assert off.values == Experiment().values
    assert not differences(Experiment(), off)


def test_the_order_of_regularizers_does_not_matter() -> None:
    one, other = (L2(0.1), L1(0.1)), (L1(0.1), L2(0.1))
    assert Experiment(regularizers=one) == Experiment(regularizers=other)


def test_a_regularizer_can_be_asked_for_whether_it_is_in_use_or_not() -> None:
    experiment = Experiment(regularizers=(L2(0.1),))
    assert experiment.regularizer(L2) == L2(0.1)
    assert experiment.regularizer(L1) == L1()


def test_parts_stand_in_the_order_of_the_form() -> None:
    names = [kind.name for kind in REGULARIZERS]
    assert list(Experiment().parts) == ["data", "split", "network", *names, "optimizer", "schedule", "training"]


def test_values_are_changed_by_their_path_and_converted() -> None:
    changed = Experiment().with_values({"data.noise": 1, "network.widths": [8, 4.0], "l2.l2": 0.01})
    assert changed == Experiment(data=Moons(noise=1.0), network=MLP(widths=(8, 4)), regularizers=(L2(0.01),))
    assert changed.with_values({"l2.l2": 0}).regularizers == ()


def test_all_wrong_changes_are_told_at_once() -> None:
    with pytest.raises(InvalidExperiment) as caught:
        Experiment().with_values({"data.noise": 7, "l2.l2": -1})
    assert list(caught.value.errors) == ["data.noise", "l2.l2"]
    with pytest.raises(InvalidExperiment) as caught:
        Experiment().with_values({"data.nose": 7, "": 1, "data": 2})
    assert list(caught.value.errors) == ["data.nose", "", "data"]


def test_a_part_is_exchanged_at_its_place() -> None:
    changed = Experiment().with_part("data", Circles()).with_part("l1", L1(0.1)).with_part("l1", L1(0.2))
    assert changed == Experiment(data=Circles(), regularizers=(L1(0.2),))


def test_differences_are_told_in_words() -> None:
    before, after = Experiment(), Experiment(regularizers=(Dropout(0.3),), network=MLP(widths=(8,)))
    assert [str(each) for each in differences(before, after)] == ["Hidden layers: 64-64 → 8", "Dropout: 0 → 0.3"]
    assert differences(before, before) == ()


def test_the_settings_of_an_exchanged_part_are_not_listed_one_by_one() -> None:
    (difference,) = differences(Experiment(), Experiment(data=Iris()))
    assert str(difference) == "Data: Moons → Iris"


def test_what_only_changes_numbers_does_not_change_the_signature() -> None:
    sliders = Experiment(
        data=Circles(noise=0.3, samples=100),
        split=Split(0.3, 0.2, 9),
        regularizers=(L1(0.1), L2(0.1), Dropout(0.5), EarlyStopping(5), WeightDecay(0.1)),
        optimizer=Adam(0.5, 0.8),
        training=Training(epochs=9, seed=7),
    )
    assert signature(sliders) == signature(Experiment())


@pytest.mark.parametrize(
    "other",
    [
        Experiment(network=Linear()),
        Experiment(network=MLP(widths=(64,))),
        Experiment(network=MLP(activation="tanh")),
        Experiment(data=Iris()),
        Experiment(data=Blobs(classes=4)),
        Experiment(optimizer=SGD()),
        Experiment(training=Training(batch_size=16)),
    ],
)
def test_what_changes_the_shape_of_the_program_changes_the_signature(other: Experiment) -> None:
    assert signature(other) != signature(Experiment())


def test_two_blobs_of_different_classes_and_two_lines_of_different_inputs_have_signatures_of_their_own() -> None:
    assert signature(Experiment(data=Blobs(classes=3))) != signature(Experiment(data=Blobs(classes=4)))
    lines = (Experiment(data=HighDimensionalLine(inputs=inputs)) for inputs in (100, 200))
    assert len({signature(line) for line in lines}) == 2


def test_every_choice_of_every_place_makes_an_experiment() -> None:
    for place, kinds in CHOICES.items():
        for kind in kinds:
            data = {"data": Digits()} if getattr(kind, "images", False) else {}
            assert getattr(Experiment(**data | {place: kind()}), place) == kind()
    assert len(DATASETS) == 18


def test_a_schedule_has_settings_of_its_own() -> None:
    assert "schedule.decay_rate" in Experiment(schedule=Exponential()).values
    assert {each.name for each in params_of(Exponential)} == {"decay_rate", "decay_steps", "warmup"}
