"""The answers on the test rows at the final weights: what the network itself says there, once, and in every stack."""

import io
from dataclasses import replace

import numpy as np
import pytest

from regdash.api import (
    MLP,
    Adam,
    Blobs,
    Diabetes,
    Dropout,
    EarlyStopping,
    Experiment,
    Given,
    Moons,
    Split,
    Training,
    samples,
    train,
)
from regdash.record import pack, unpack
from regdash.training import stack

BASE = Experiment(
    data=Moons(samples=120),
    network=MLP(widths=(8,)),
    regularizers=(Dropout(0.2),),
    optimizer=Adam(0.02),
    training=Training(epochs=6, batch_size=16),
)
FOLDS = [BASE.with_values({"split.folds": 3, "split.fold": fold}) for fold in range(3)]
OTHER_ROWS = [BASE.with_values({"data.noise": noise, "training.seed": 3}) for noise in (0.1, 0.4)]


def told(record):
    """What the network of a record says on its test rows, as an ordinary keras.Model."""
    rows = samples(record.experiment.data, record.experiment.split).test
    return record.to_keras().predict_on_batch(rows.x)


@pytest.mark.parametrize(
    "experiments",
    [
        [BASE],
        [BASE, BASE.with_values({"training.seed": 5, "training.epochs": 4})],
        FOLDS,
        OTHER_ROWS,
        [replace(BASE, data=Blobs(samples=90))],
        [replace(BASE, data=Diabetes())],
        [BASE.with_part("early_stopping", EarlyStopping(2)), BASE],
    ],
    ids=["alone", "seeds", "folds", "other rows", "classes", "regression", "restored"],
)
def test_the_answers_on_the_test_rows_are_those_of_the_trained_network(experiments):
    for record in train(experiments):
        assert len(record.test_outputs) == len(samples(record.experiment.data, record.experiment.split).test)
        np.testing.assert_allclose(record.test_outputs, told(record), atol=1e-5)


def test_members_with_many_test_rows_of_their_own_are_answered_in_portions(monkeypatch):
    whole = train(OTHER_ROWS)
    monkeypatch.setattr(stack, "TEST_NUMBERS", 1)
    for record, one in zip(train(OTHER_ROWS), whole, strict=True):
        np.testing.assert_allclose(record.test_outputs, one.test_outputs, atol=1e-6)


def test_members_of_one_stack_may_have_different_numbers_of_test_rows():
    split = Split(train=0.5)
    fewer, more = (replace(BASE, data=Moons(samples=count), split=split) for count in (120, 121))
    counts = [[len(getattr(samples(e.data, e.split), part)) for e in (fewer, more)] for part in ("train", "validation")]
    lengths = {len(samples(e.data, e.split).test) for e in (fewer, more)}
    assert len(lengths) == 2
    assert all(a == b for a, b in counts)
    for record in train([fewer, more]):
        np.testing.assert_allclose(record.test_outputs, told(record), atol=1e-5)


def test_rows_that_were_given_without_a_test_part_have_no_answers_there():
    x, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    (record,) = train(replace(BASE, data=Given(train_x=x, train_y=y, val_x=x, val_y=y, classes=2)))
    assert record.test_outputs.shape == (0, 1)


def test_records_from_before_test_answers_were_kept_can_still_be_read():
    (record,) = train(BASE)
    buffer, whole = io.BytesIO(), np.load(io.BytesIO(pack(record)))
    np.savez_compressed(buffer, **{name: array for name, array in whole.items() if not name.endswith("test_outputs")})
    again = unpack(buffer.getvalue())
    assert again.test_outputs.shape == (0, 1)
    np.testing.assert_array_equal(again.val_outputs, record.val_outputs)
