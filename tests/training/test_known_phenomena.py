"""Five phenomena of the textbooks, in direction over 5 seeds; d2l's weight decay is in test_phenomena.py.

Pixels are standardised here, so strengths that act on pixels between 0 and 1 elsewhere are some three times larger.
"""

import numpy as np
import pytest

from regdash.api import MLP, Adam, Digits, Dropout, Experiment, Split, Training, samples, train
from regdash.regularizers import L2

pytestmark = pytest.mark.slow
SEEDS = range(5)
NOISY = Experiment(
    data=Digits(),
    split=Split(train=0.28, label_noise=0.2),  # 503 rows
    network=MLP(widths=(256,)),
    optimizer=Adam(0.001),
    training=Training(epochs=200, batch_size=32),
)


def trained(settings):
    """The records of each setting, one list of 5 seeds each."""
    members = [e.with_values({"training.seed": seed}) for e in settings for seed in SEEDS]
    records = train(members)
    return [records[start : start + len(SEEDS)] for start in range(0, len(records), len(SEEDS))]


def last(records, column):
    return np.array([record.history[column][-1] for record in records])


def test_more_dropout_means_better_validation_and_a_smaller_gap_on_noisy_digits():
    groups = trained([NOISY.with_part("dropout", Dropout(rate)) for rate in (0.0, 0.25, 0.5, 0.75)])
    accuracy = [last(group, "val_accuracy").mean() for group in groups]
    gaps = [np.mean(last(group, "accuracy") - last(group, "val_accuracy")) for group in groups]
    assert accuracy == sorted(accuracy)
    assert accuracy[-1] > accuracy[0] + 0.03
    assert gaps == sorted(gaps, reverse=True)


def test_validation_is_best_at_a_middling_l2():
    base = NOISY.with_part("network", MLP(widths=(64, 64)))
    groups = trained([base.with_part("l2", L2(strength)) for strength in (0.0, 0.03, 0.3)])
    none, some, much = (last(group, "val_accuracy") for group in groups)
    assert (some > none).all()
    assert (some > much).all()


def test_wrong_labels_are_learnt_by_heart_after_the_right_ones_and_l2_keeps_them_out():
    base = Experiment(
        data=Digits(),
        split=Split(train=0.55, label_noise=0.4),
        network=MLP(widths=(256,)),
        optimizer=Adam(0.001),
        training=Training(epochs=200, batch_size=32),
    )
    free, held = trained([base, base.with_part("l2", L2(1e-2))])
    rows = samples(base.data, base.split)

    def learnt(record):
        return np.mean(record.train_outputs.argmax(axis=1)[rows.flipped] == rows.train.y[rows.flipped])

    assert np.mean([learnt(record) for record in free]) > 0.75
    assert np.mean([learnt(record) for record in held]) < 0.2
    for record in free:
        curve = record.history["val_accuracy"]
        assert curve.max() > curve[-1] + 0.1
        assert curve.argmax() < 60
    assert (last(held, "val_accuracy") > last(free, "val_accuracy") + 0.1).all()


def test_under_dropout_the_running_training_loss_lies_above_the_validation_loss_and_the_judged_one_below():
    base = Experiment(
        data=Digits(),
        split=Split(train=0.5),
        network=MLP(widths=(128, 128)),
        regularizers=(Dropout(0.5),),
        optimizer=Adam(0.001),
        training=Training(epochs=30, batch_size=64),
    )
    for record in trained([base])[0]:
        assert record.history["running_loss"][0] > record.history["val_loss"][0]
        assert record.history["running_loss"][-1] > record.history["val_loss"][-1]
        assert record.history["loss"][-1] < record.history["val_loss"][-1]
