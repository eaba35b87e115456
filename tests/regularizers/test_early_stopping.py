"""Early stopping against keras.callbacks.EarlyStopping, both driven with given curves."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.regularizers import MONITORS, EarlyStopping
from regdash.regularizers.early_stopping import LARGER_IS_BETTER
from regdash.training.backend import keras


class Stoppable:
    """What the callback needs of a model."""

    def __init__(self) -> None:
        self.stop_training = False


def stop_of_keras(values: Sequence[float], rule: EarlyStopping) -> int | None:
    callback = keras.callbacks.EarlyStopping(
        rule.monitor,
        min_delta=rule.min_delta,
        patience=rule.patience,
        mode="max" if "accuracy" in rule.monitor else "min",
        start_from_epoch=rule.start_epoch,
    )
    model = Stoppable()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {rule.monitor: value})
        if model.stop_training:
            return epoch
    return None


LOSSES = [10, 9, 8, 9, 8.9, 8.8, 8.7]


@pytest.mark.parametrize(("patience", "epoch"), [(1, 3), (2, 4), (3, 5), (4, 6), (5, None)])
def test_it_stops_after_as_many_epochs_without_improvement_as_its_patience(patience: int, epoch: int | None) -> None:
    rule = EarlyStopping(patience=patience)
    assert rule.stop(LOSSES) == epoch
    assert stop_of_keras(LOSSES, rule) == epoch


# eighths are exact in binary, so that ties are ties in both
eighths = st.integers(0, 40).map(lambda number: number / 8)
rules = st.builds(
    EarlyStopping,
    patience=st.integers(1, 5),
    monitor=st.sampled_from(MONITORS),
    min_delta=st.sampled_from([0.0, 0.125, 0.5, 1.0]),
    start_epoch=st.integers(0, 8),
)


@given(st.lists(eighths, max_size=30), rules)
def test_it_stops_when_keras_stops(values: list[float], rule: EarlyStopping) -> None:
    assert rule.stop(values) == stop_of_keras(values, rule)


@given(st.lists(eighths | st.just(float("nan")), max_size=20), rules)
def test_it_stops_when_keras_stops_even_when_some_values_are_no_numbers(
    values: list[float], rule: EarlyStopping
) -> None:
    assert rule.stop(values) == stop_of_keras(values, rule)


def test_a_fall_by_exactly_the_least_improvement_does_not_count() -> None:
    assert EarlyStopping(patience=2, min_delta=0.5).stop([4.0, 3.5, 3.5]) == 2
    assert EarlyStopping(patience=2, min_delta=0.5).stop([4.0, 3.25, 3.25]) is None


def test_a_rise_of_the_accuracy_is_an_improvement_and_a_rise_of_the_loss_is_none() -> None:
    rising = [0.5, 0.6, 0.7, 0.8]
    assert EarlyStopping(patience=2, monitor="val_accuracy").stop(rising) is None
    assert EarlyStopping(patience=2, monitor="val_loss").stop(rising) == 2
    assert dict(zip(MONITORS, LARGER_IS_BETTER, strict=True)) == {
        "val_loss": False,
        "val_accuracy": True,
        "loss": False,
    }


def test_epochs_before_the_start_neither_count_as_a_wait_nor_as_the_best() -> None:
    falls_late = [1.0, 5.0, 5.0, 4.0, 3.0, 3.0, 3.0]
    assert EarlyStopping(patience=2).stop(falls_late) == 2
    assert EarlyStopping(patience=2, start_epoch=1).stop(falls_late) == 6
    assert EarlyStopping(patience=2, start_epoch=7).stop(falls_late) is None


@given(st.lists(eighths, max_size=30))
def test_without_patience_it_never_stops(values: list[float]) -> None:
    assert EarlyStopping().stop(values) is None


def test_losses_that_are_no_numbers_are_no_improvement() -> None:
    assert EarlyStopping(patience=2).stop([1.0, float("nan"), float("nan")]) == 2


def test_a_regression_watches_r2_instead_of_the_accuracy() -> None:
    rule = EarlyStopping(patience=1, monitor="val_accuracy")
    assert rule.curve("regression") == "val_r2"
    assert rule.curve("binary") == rule.curve("multiclass") == "val_accuracy"
    assert EarlyStopping(patience=1, monitor="loss").curve("regression") == "loss"


def test_its_numbers_are_those_that_were_set_with_the_place_of_the_watched_curve() -> None:
    rule = EarlyStopping(patience=3, monitor="loss", min_delta=0.5, start_epoch=7)
    assert rule.numbers == {"patience": 3, "min_delta": 0.5, "start_epoch": 7, "monitor": 2}
