import numpy as np
import pytest
from curves import EPOCHS, IGNORANCE, LEARNT, levels, record
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import log_loss, mean_squared_error

from regdash.datasets import Blobs, Diabetes, Digits, Moons, PureNoise, Split, samples
from regdash.diagnosis import diagnose, loss_of_knowing_nothing
from regdash.diagnosis.verdicts import EMPTY, FALLING, GAP, IGNORANT, MARGIN, RISE
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.optimizers import SGD
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, WeightDecay


def test_a_validation_loss_that_turns_up_is_overfitting_with_its_epochs_and_numbers():
    val_loss = np.where(EPOCHS <= 40, LEARNT + 0.05, 0.2 + 0.005 * (EPOCHS - 40))
    found = diagnose([record(LEARNT, val_loss)])
    assert found.kind == "overfitting"
    best = int(np.argmin(val_loss)) + 1
    assert f"lowest at epoch {best}" in found.sentence
    assert f"{val_loss[-1]:.3g}" in found.sentence
    assert "dropout" in found.next_step


def test_the_next_step_against_overfitting_is_one_that_is_not_taken_yet():
    val_loss = np.where(EPOCHS <= 40, LEARNT + 0.05, 0.2 + 0.005 * (EPOCHS - 40))

    def advice(*regularizers, **parts):
        return diagnose([record(LEARNT, val_loss, Experiment(regularizers=regularizers, **parts))]).next_step

    assert "dropout" in advice()
    assert "L2 strength of 0.002" in advice(Dropout(0.3))
    assert "from 0.002 to 0.005" in advice(L2(0.002))
    assert "stop early" in advice(Dropout(0.3), L2(0.001))
    assert "Raise dropout from 0.3 to 0.5" in advice(Dropout(0.3), L2(0.001), EarlyStopping(10))
    assert "dropout" not in advice(network=Linear())


def test_a_wide_gap_that_does_not_grow_is_told_from_overfitting():
    found = diagnose([record(LEARNT - 0.09, LEARNT + 0.3)])
    assert found.kind == "gap"


def test_close_and_settled_curves_are_a_good_fit():
    assert diagnose([record(LEARNT, LEARNT + 0.02)]).kind == "good"


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
    runs = [record(LEARNT, LEARNT), record(LEARNT, LEARNT, status="diverged at epoch 9")]
    assert "1 of 2 runs diverged" in diagnose(runs).sentence


def test_without_curves_there_is_no_verdict():
    assert diagnose([]) is None
    assert diagnose([record(np.zeros(0), np.zeros(0))]) is None


def test_seeds_are_judged_by_their_median():
    good, bad = LEARNT + 0.02, np.where(EPOCHS <= 40, LEARNT + 0.05, 0.2 + 0.01 * (EPOCHS - 40))
    assert diagnose([record(LEARNT, curve) for curve in (good, good, bad)]).kind == "good"
    assert diagnose([record(LEARNT, curve) for curve in (bad, good, bad)]).kind == "overfitting"


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


def just(value):
    """The next larger number."""
    return np.nextafter(value, np.inf)


def kind(*arguments, **named):
    return diagnose([levels(*arguments, **named)]).kind


def test_a_network_counts_as_empty_from_the_stated_share_of_near_zero_weights_on():
    assert kind(0.6, 0.6, near_zero=EMPTY) == "collapsed"
    assert kind(0.6, 0.6, near_zero=EMPTY - 0.001) != "collapsed"


def test_a_rise_of_a_tenth_is_not_yet_overfitting_and_a_little_more_is():
    border = 0.3 * (1 + RISE)
    assert kind([0.3, 0.25], [0.3, border]) == "good"
    assert kind([0.3, 0.25], [0.3, just(border)]) == "overfitting"
    assert kind([0.3, 0.35], [0.3, 0.4]) != "overfitting"  # the training loss rose as well


def test_a_training_loss_counts_as_unlearnt_above_its_stated_share_of_knowing_nothing():
    border = IGNORANT * IGNORANCE
    assert kind(just(border), border) == "underfitting"
    assert kind(border, border) == "good"


def test_a_loss_still_falls_when_it_loses_more_than_the_stated_share_in_the_last_tenth():
    def ends(fall):
        column = np.full(100, 0.5)
        column[:10], column[90:] = IGNORANCE, 0.5 - fall
        column[99] = 0.5 - fall
        column[98] = 0.5
        return diagnose([record(column, column)]).kind

    assert ends(1.01 * FALLING * IGNORANCE) == "improving"
    assert ends(0.99 * FALLING * IGNORANCE) == "good"


def test_a_huge_loss_that_creeps_down_is_not_still_improving():
    creeping = np.linspace(200.0, 183.0, 100)
    creeping[89:] = np.linspace(183.05, 183.0, 11)
    found = diagnose([record(np.geomspace(1.0, 1e-5, 100), creeping)])
    assert creeping[89] - creeping[99] > FALLING * IGNORANCE
    assert found.kind == "nothing"
    assert "best 183" in found.sentence


def test_a_gap_is_large_above_its_stated_share_of_knowing_nothing():
    assert kind(0.1, 0.1 + 1.01 * GAP * IGNORANCE) == "gap"
    assert kind(0.1, 0.1 + 0.99 * GAP * IGNORANCE) == "good"


def test_a_validation_loss_that_never_fell_by_more_than_the_margin_while_training_did_found_nothing():
    border = (1 - MARGIN) * IGNORANCE
    found = diagnose([levels(0.1, [border, 0.9])])
    assert found.kind == "nothing"
    assert f"best {border:.3g}" in found.sentence
    assert f"{IGNORANCE:.3g} of knowing nothing" in found.sentence
    assert "dropout" in found.next_step
    assert kind(0.1, [np.nextafter(border, 0), 0.9]) == "overfitting"


def test_without_a_fall_of_the_training_loss_it_is_underfitting_and_not_a_lack_of_anything_to_learn():
    assert kind(IGNORANT * IGNORANCE, IGNORANCE) == "nothing"
    assert kind(just(IGNORANT * IGNORANCE), IGNORANCE) == "underfitting"


def test_data_drawn_at_random_hold_nothing_to_learn_whatever_the_curves_say():
    for curves in ((0.1, 0.9), (0.69, 0.69), (0.1, 0.1)):
        found = diagnose([levels(*curves, Experiment(data=PureNoise()))])
        assert found.kind == "nothing"
        assert "drawn at random" in found.sentence
        assert "another data set" in found.next_step
    assert "fell to 0.1" in diagnose([levels(0.1, 0.9, Experiment(data=PureNoise()))]).sentence
    assert "fell" not in diagnose([levels(0.69, 0.69, Experiment(data=PureNoise()))]).sentence


def test_half_of_two_classes_wrong_is_nothing_to_learn_and_half_of_three_is_not():
    found = diagnose([levels(0.1, 0.3, Experiment(split=Split(label_noise=0.5)))])
    assert found.kind == "nothing"
    assert "50% wrong labels" in found.sentence
    assert found.changes == {"split.label_noise": 0.2}
    assert kind(0.1, 0.12, Experiment(split=Split(label_noise=0.45))) == "good"
    assert kind(0.1, 0.12, Experiment(data=Blobs(classes=3), split=Split(label_noise=0.5))) == "good"
