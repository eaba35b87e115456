"""Folds as members of one stack, and what a record keeps beside the curves: against scikit-learn and NumPy."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from regdash.api import (
    L2,
    MLP,
    SGD,
    Adam,
    BreastCancer,
    Convolutional,
    Diabetes,
    Digits,
    Dropout,
    EarlyStopping,
    Experiment,
    Linear,
    Moons,
    Split,
    Training,
    samples,
    train,
)
from regdash.regularizers import MONITORS, ActivityL1
from regdash.training import chance, models
from regdash.training.groups import groups
from regdash.training.program import PROGRAMS

MOONS = Experiment(data=Moons(samples=200), network=MLP(widths=(16, 8)), training=Training(epochs=10))


def folded(experiment, folds):
    return [experiment.with_values({"split.folds": folds, "split.fold": fold}) for fold in range(folds)]


def test_folds_and_seeds_are_members_of_one_stack_and_each_gets_what_it_gets_alone():
    members = [e.with_values({"training.seed": seed}) for seed in range(2) for e in folded(MOONS, 5)]
    assert groups(members, 64) == [list(range(10))]
    for together, experiment in zip(train(members), members, strict=True):
        np.testing.assert_allclose(
            together.history["val_loss"], train(experiment)[0].history["val_loss"], rtol=1e-4, atol=2e-6
        )


def test_cross_validated_losses_are_those_of_logistic_regression_on_the_same_folds():
    l2 = 0.05
    experiment = Experiment(
        data=BreastCancer(),
        split=Split(train=0.5),
        network=Linear(),
        optimizer=SGD(0.5),
        regularizers=(L2(l2),),
        training=Training(epochs=1500, batch_size=0),
    )
    for record in train(folded(experiment, 4)):
        rows = samples(record.experiment.data, record.experiment.split)
        peer = LogisticRegression(C=1 / (2 * len(rows.train) * l2), tol=1e-8, max_iter=5_000)
        peer.fit(rows.train.x, rows.train.y)
        p = peer.predict_proba(rows.validation.x)[:, 1]
        y = rows.validation.y
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        assert record.history["val_loss"][-1] == pytest.approx(loss, rel=1e-3)


def test_the_best_outputs_are_those_of_the_epoch_with_the_lowest_validation_loss():
    experiment = Experiment(training=Training(epochs=80), optimizer=Adam(0.02))
    (record,) = train(experiment)
    assert record.best_epoch < 80
    (until,) = train(experiment.with_values({"training.epochs": record.best_epoch}))
    np.testing.assert_allclose(record.best_outputs, until.val_outputs, rtol=1e-3, atol=1e-4)
    assert np.abs(record.best_outputs - record.val_outputs).max() > 0.1


def test_what_snapshots_say_of_the_last_epoch_is_true_of_the_final_weights():
    for experiment in (MOONS, MOONS.with_values({"training.seed": 4})):
        record, _ = train([experiment, MOONS], probed=[0])
        seen = record.snapshots
        assert seen.epochs[-1] == 10
        for layer, kernel in zip(record.history.layers, [w for w in record.weights if w.ndim == 2], strict=True):
            norm = np.linalg.svd(kernel.astype(float), compute_uv=False)[0]
            assert seen.spectral[layer][-1] == pytest.approx(norm, rel=1e-5)
            np.testing.assert_array_equal(seen.counts[layer][-1], np.histogram(kernel, seen.edges[layer])[0])
            assert record.history[f"max_norm/{layer}"][-1] == np.abs(kernel).max()
            assert record.history[f"zeros/{layer}"][-1] == 0


def test_dead_units_are_those_that_no_training_row_wakes():
    experiment = MOONS.with_values({"optimizer.learning_rate": 1.0, "training.epochs": 20, "training.seed": 2})
    (record,) = train(experiment, probed=[0])
    hidden = samples(experiment.data, experiment.split).train.x
    for place, (kernel, bias) in enumerate([record.weights[:2], record.weights[2:4]], start=1):
        hidden = np.maximum(hidden @ kernel + bias, 0)
        share = np.mean(hidden.max(axis=0) == 0)
        assert record.snapshots.dead[f"hidden {place}"][-1] == pytest.approx(share)
    assert any(share[-1] > 0 for share in record.snapshots.dead.values())


def test_a_linear_network_keeps_each_coefficient_on_its_way():
    experiment = Experiment(data=Diabetes(), network=Linear(), training=Training(epochs=30))
    (record,) = train(experiment, probed=[0])
    path = record.snapshots.coefficients
    assert path.shape == (len(record.snapshots.epochs), 10)
    np.testing.assert_allclose(path[-1], record.weights[0][:, 0])


def test_rows_judged_in_blocks_get_the_same_curves(monkeypatch):
    experiment = MOONS.with_part("activity_l1", ActivityL1(0.01))
    whole, twin = train([experiment, experiment.with_values({"training.seed": 1})], probed=[0, 1])
    monkeypatch.setattr(models, "MOST_ACTIVATIONS", 26 * 17)  # 17 rows of 2 inputs and 24 units at a time
    PROGRAMS.clear()
    cut, other = train([experiment, experiment.with_values({"training.seed": 1})], probed=[0, 1])
    PROGRAMS.clear()
    for ours, theirs in ((cut, whole), (other, twin)):
        for name in ours.history:
            np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=1e-5, atol=1e-6, err_msg=name)
        np.testing.assert_array_equal(ours.snapshots.dead["hidden 2"], theirs.snapshots.dead["hidden 2"])


def test_random_numbers_drawn_block_by_block_keep_together_equal_to_alone(monkeypatch):
    monkeypatch.setattr(chance, "BLOCK_NUMBERS", 2_000)  # three blocks of one or two steps in an epoch
    PROGRAMS.clear()
    wild = MOONS.with_values({"dropout.rate": 0.4, "input_noise.stddev": 0.2, "gaussian_dropout.rate": 0.2})
    together = train([wild, MOONS.with_values({"dropout.rate": 0.2})])
    alone = train(wild)[0], train(MOONS.with_values({"dropout.rate": 0.2}))[0]
    PROGRAMS.clear()
    for ours, theirs in zip(together, alone, strict=True):
        np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-4, atol=3e-6)


@pytest.mark.parametrize("monitor", MONITORS)
def test_early_stopping_watches_what_it_is_told_to_from_the_epoch_it_is_told(monitor):
    rule = EarlyStopping(patience=3, monitor=monitor, min_delta=0.001, start_epoch=5)
    free = MOONS.with_values({"training.epochs": 60, "optimizer.learning_rate": 0.05})
    (whole,) = train(free)
    (stopped,) = train(free.with_part("early_stopping", rule))
    last = rule.stop(whole.history[monitor])
    assert len(stopped.history.epochs) == (60 if last is None else last + 1)
    assert last is not None or monitor == "loss"


def test_a_run_that_ends_before_early_stopping_watches_keeps_its_last_weights():
    watching = MOONS.with_part("early_stopping", EarlyStopping(patience=3, start_epoch=50))
    for ours, theirs in zip(train(watching)[0].weights, train(MOONS)[0].weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_macro_scores_of_the_last_epoch_are_those_of_scikit_learn():
    from sklearn.metrics import precision_recall_fscore_support

    many = Experiment(data=Digits(rows=300), split=Split(train=0.5), training=Training(epochs=3), network=MLP((16,)))
    for experiment in (many, MOONS):
        (record,) = train(experiment)
        y, z = samples(experiment.data, experiment.split).validation.y, record.val_outputs
        said = z.argmax(axis=1) if z.shape[1] > 1 else z[:, 0] > 0
        found = precision_recall_fscore_support(y, said, average="macro", zero_division=0)
        for name, expected in zip(("precision", "recall", "f1"), found[:3], strict=True):
            assert record.history[f"val_{name}"][-1] == pytest.approx(expected, abs=1e-5)


def test_dropout_is_still_off_when_members_without_it_share_the_program():
    plain, dropped = train([MOONS, MOONS.with_part("dropout", Dropout(0.5))])
    np.testing.assert_array_equal(plain.history["loss"], train([MOONS, MOONS])[0].history["loss"])
    assert np.abs(plain.history["loss"] - dropped.history["loss"]).max() > 1e-3


def test_an_image_network_is_looked_at_on_the_way_alone_and_in_a_stack():
    experiment = Experiment(
        data=Digits(rows=120),
        split=Split(train=0.5),
        network=Convolutional(filters=(4,), widths=(8,)),
        training=Training(epochs=3),
    )
    (alone,) = train(experiment, probed=[0])
    together, _ = train([experiment, experiment.with_values({"training.seed": 1})], probed=[0, 1])
    assert sorted(alone.snapshots.dead) == ["hidden 1", "hidden 2"]
    for layer, norms in alone.snapshots.spectral.items():
        np.testing.assert_allclose(together.snapshots.spectral[layer], norms, rtol=1e-4)
    kernel = alone.weights[0].reshape(-1, 4)
    assert alone.snapshots.spectral["conv_1"][-1] == pytest.approx(np.linalg.norm(kernel, 2), rel=1e-5)
