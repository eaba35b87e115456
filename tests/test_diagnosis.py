import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import log_loss, mean_squared_error

from regdash.datasets import Diabetes, Digits, Moons, Split, samples
from regdash.diagnosis import diagnose, loss_of_knowing_nothing
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.optimizers import SGD
from regdash.record import History, RunRecord
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, WeightDecay

EPOCHS = np.arange(1, 101)
FALLING = 0.1 + 0.6 * np.exp(-EPOCHS / 15)


def record(loss, val_loss, experiment=None, status="finished", near_zero=0.01):
    columns = {"loss": loss, "val_loss": val_loss, "near_zero/all": np.full(len(loss), near_zero)}
    nothing = np.zeros((0, 1))
    return RunRecord(experiment or Experiment(), status, History(columns), (), nothing, nothing)


def test_a_validation_loss_that_turns_up_is_overfitting_with_its_epochs_and_numbers():
    val_loss = np.where(EPOCHS <= 40, FALLING + 0.05, 0.2 + 0.005 * (EPOCHS - 40))
    found = diagnose([record(FALLING, val_loss)])
    assert found.kind == "overfitting"
    best = int(np.argmin(val_loss)) + 1
    assert f"lowest at epoch {best}" in found.sentence
    assert f"{val_loss[-1]:.3g}" in found.sentence
    assert "dropout" in found.next_step


def test_the_next_step_against_overfitting_is_one_that_is_not_taken_yet():
    val_loss = np.where(EPOCHS <= 40, FALLING + 0.05, 0.2 + 0.005 * (EPOCHS - 40))

    def advice(*regularizers, **parts):
        return diagnose([record(FALLING, val_loss, Experiment(regularizers=regularizers, **parts))]).next_step

    assert "dropout" in advice()
    assert "L2 strength of 0.002" in advice(Dropout(0.3))
    assert "from 0.002 to 0.005" in advice(L2(0.002))
    assert "stop early" in advice(Dropout(0.3), L2(0.001))
    assert "Raise dropout from 0.3 to 0.5" in advice(Dropout(0.3), L2(0.001), EarlyStopping(10))
    assert "dropout" not in advice(network=Linear())


def test_a_wide_gap_that_does_not_grow_is_told_from_overfitting():
    found = diagnose([record(FALLING - 0.09, FALLING + 0.3)])
    assert found.kind == "gap"


def test_close_and_settled_curves_are_a_good_fit():
    assert diagnose([record(FALLING, FALLING + 0.02)]).kind == "good"


def test_curves_that_fall_until_the_end_ask_for_more_epochs():
    slow = 0.69 - 0.004 * EPOCHS
    found = diagnose([record(slow, slow + 0.01, Experiment().with_values({"training.epochs": 100}))])
    assert found.kind == "improving"
    assert "200 epochs instead of 100" in found.next_step


def test_a_training_loss_near_that_of_knowing_nothing_is_underfitting():
    flat = np.full(100, 0.65)
    assert diagnose([record(flat, flat)]).kind == "underfitting"
    assert (
        "L2 strength from 0.1 to 0.01" in diagnose([record(flat, flat, Experiment(regularizers=(L2(0.1),)))]).next_step
    )


def test_a_network_without_weights_has_collapsed():
    flat = np.full(100, 0.69)
    found = diagnose([record(flat, flat, Experiment(regularizers=(L1(0.2),)), near_zero=1.0)])
    assert found.kind == "collapsed"
    assert "from 0.2 to 0.02" in found.next_step


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (Experiment(optimizer=SGD(1.0), regularizers=(L2(5.0),)), "× 2 × L2 strength = 10 is above 2"),
        (Experiment(optimizer=SGD(1.0), regularizers=(WeightDecay(5.0),)), "weight decay = 5"),
        (Experiment(optimizer=SGD(7.0)), "learning rate of 7 is too large"),
    ],
)
def test_a_diverged_run_says_at_which_epoch_and_why(experiment, words):
    losses = np.array([0.7, 3.0, 1e9])
    found = diagnose([record(losses, losses, experiment, "diverged at epoch 4")])
    assert found.kind == "diverged"
    assert "at epoch 4" in found.sentence
    assert words in found.sentence


def test_a_run_that_diverged_at_once_is_no_traceback():
    nothing = np.zeros(0)
    assert "at epoch 1" in diagnose([record(nothing, nothing, status="diverged at epoch 1")]).sentence


def test_one_diverged_seed_among_several_is_counted():
    runs = [record(FALLING, FALLING), record(FALLING, FALLING, status="diverged at epoch 9")]
    assert "1 of 2 runs diverged" in diagnose(runs).sentence


def test_without_curves_there_is_no_verdict():
    assert diagnose([]) is None
    assert diagnose([record(np.zeros(0), np.zeros(0))]) is None


def test_seeds_are_judged_by_their_median():
    good, bad = FALLING + 0.02, np.where(EPOCHS <= 40, FALLING + 0.05, 0.2 + 0.01 * (EPOCHS - 40))
    assert diagnose([record(FALLING, curve) for curve in (good, good, bad)]).kind == "good"
    assert diagnose([record(FALLING, curve) for curve in (bad, good, bad)]).kind == "overfitting"


@pytest.mark.parametrize("dataset", [Moons(), Digits()])
def test_knowing_nothing_is_answering_with_the_shares_of_the_classes(dataset):
    data = samples(dataset, Split(train=0.3, label_noise=0.2))
    dummy = DummyClassifier(strategy="prior").fit(data.train.x, data.train.y)
    expected = log_loss(data.validation.y, dummy.predict_proba(data.validation.x), labels=dummy.classes_)
    assert loss_of_knowing_nothing(data) == pytest.approx(expected, rel=1e-5)


def test_knowing_nothing_of_a_number_is_answering_with_the_mean():
    data = samples(Diabetes(), Split())
    dummy = DummyRegressor().fit(data.train.x, data.train.y)
    expected = mean_squared_error(data.validation.y, dummy.predict(data.validation.x))
    assert loss_of_knowing_nothing(data) == pytest.approx(expected, rel=1e-5)
