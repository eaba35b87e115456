"""Early stopping against keras.callbacks.EarlyStopping, both driven with given losses."""

from collections.abc import Sequence

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.regularizers import EarlyStopping


class Stoppable:
    """What the callback needs of a model."""

    def __init__(self) -> None:
        self.stop_training = False


def stop_of_keras(losses: Sequence[float], patience: int, min_delta: float) -> int | None:
    callback = keras.callbacks.EarlyStopping("val_loss", min_delta=min_delta, patience=patience, mode="min")
    model = Stoppable()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            return epoch
    return None


LOSSES = [10, 9, 8, 9, 8.9, 8.8, 8.7]


@pytest.mark.parametrize(("patience", "epoch"), [(1, 3), (2, 4), (3, 5), (4, 6), (5, None)])
def test_it_stops_after_as_many_epochs_without_improvement_as_its_patience(patience: int, epoch: int | None) -> None:
    assert EarlyStopping(patience=patience).stop(LOSSES) == epoch
    assert stop_of_keras(LOSSES, patience, 0.0) == epoch


# eighths are exact in binary, so that ties are ties in both
eighths = st.integers(0, 40).map(lambda number: number / 8)


@given(st.lists(eighths, max_size=30), st.integers(1, 5), st.sampled_from([0.0, 0.125, 0.5, 1.0]))
def test_it_stops_when_keras_stops(losses: list[float], patience: int, min_delta: float) -> None:
    ours = EarlyStopping(patience=patience, min_delta=min_delta).stop(losses)
    assert ours == stop_of_keras(losses, patience, min_delta)


def test_a_fall_by_exactly_the_least_improvement_does_not_count() -> None:
    assert EarlyStopping(patience=2, min_delta=0.5).stop([4.0, 3.5, 3.5]) == 2
    assert EarlyStopping(patience=2, min_delta=0.5).stop([4.0, 3.25, 3.25]) is None


@given(st.lists(eighths, max_size=30))
def test_without_patience_it_never_stops(losses: list[float]) -> None:
    assert EarlyStopping().stop(losses) is None


def test_losses_that_are_no_numbers_are_no_improvement() -> None:
    assert EarlyStopping(patience=2).stop([1.0, float("nan"), float("nan")]) == 2
