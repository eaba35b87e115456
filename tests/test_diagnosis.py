import math

import numpy as np
import pytest
from drawn import experiments
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import log_loss, mean_squared_error

from regdash.datasets import Blobs, Diabetes, Digits, Moons, PureNoise, Split, samples
from regdash.diagnosis import Measures, diagnose, loss_of_knowing_nothing, measure
from regdash.diagnosis.advice import against_divergence, against_emptiness, less_regularization, longer
from regdash.diagnosis.advice import more_regularization as more
from regdash.diagnosis.noise import OFFERED
from regdash.diagnosis.verdicts import EMPTY, FALLING, GAP, IGNORANT, MARGIN, RISE
from regdash.experiment import Experiment
from regdash.links import MOST_SEEDS
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD, Adam
from regdash.record import History, RunRecord
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, InputDropout, WeightDecay

EPOCHS = np.arange(1, 101)
LEARNT = 0.1 + 0.6 * np.exp(-EPOCHS / 15)
IGNORANCE = loss_of_knowing_nothing(samples(Moons(), Split()))


def record(loss, val_loss, experiment=None, status="finished", near_zero=0.01):
    columns = {"loss": loss, "val_loss": val_loss, "near_zero/all": np.full(len(loss), near_zero)}
    nothing = np.zeros((0, 1))
    return RunRecord(experiment or Experiment(), status, History(columns), (), nothing, nothing)


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


def levels(loss, val_loss, experiment=None, near_zero=0.01, status="finished"):
    """Curves of 100 epochs that start at knowing nothing and stay at a level, or at one and in the end at another."""
    columns = [np.full(100, IGNORANCE, float) for _ in range(2)]
    for column, level in zip(columns, (loss, val_loss), strict=True):
        column[1:] = level if np.ndim(level) == 0 else np.repeat(level, [49, 50])
    return record(*columns, experiment, status, near_zero)


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


def seeds(bests, first=0, experiment=None):
    """Runs that end well, one per seed, with these best validation losses."""
    experiment = experiment or Experiment()
    return [
        levels(0.3, best, experiment.with_values({"training.seed": first + seed})) for seed, best in enumerate(bests)
    ]


NEAR = ([0.31, 0.33, 0.30, 0.32], [0.32, 0.31, 0.31, 0.325])


def test_a_change_within_seed_noise_is_said_before_anything_else_with_its_seeds_and_interval():
    current, before = NEAR
    found = diagnose(seeds(current), seeds(before))
    assert found.kind == "noise"
    assert "over 4 seeds" in found.sentence
    peer = stats.ttest_rel(current, before).confidence_interval(0.95)
    for end in peer:
        assert f"{end:+.3g}".replace("-", "−") in found.sentence
    assert diagnose(seeds(current)).kind == "good"


def test_a_setting_that_keeps_what_its_baseline_loses_after_the_best_epoch_is_not_within_noise():
    kept = seeds(NEAR[0])
    lost = [
        record(run.history["loss"], np.append(run.history["val_loss"][:-1], 0.9 + 0.01 * seed), run.experiment)
        for seed, run in enumerate(seeds(NEAR[1]))
    ]
    assert diagnose(kept, lost).kind == "good"


def test_the_seeds_that_would_decide_come_from_the_t_interval():
    def sentence(wanted):
        """Four differences whose test would decide from `wanted` pairs on."""
        deviations = np.array([-0.03, -0.01, 0.01, 0.03])
        half = stats.t.ppf(0.975, wanted - 1) * deviations.std(ddof=1) / math.sqrt(wanted)
        return diagnose(seeds(0.4 + deviations + 1.001 * half), seeds([0.4] * 4)).next_step

    assert "Repeat both with 8 seeds" in sentence(8)
    assert "Repeat both with 10 seeds" in sentence(10)
    assert "about 11 seeds to decide, and a setting has at most 10" in sentence(11)
    assert "about 100 seeds" in sentence(100)
    assert "more than 100 seeds" in sentence(101)


def test_the_seeds_that_are_advised_can_be_chosen():
    assert OFFERED == MOST_SEEDS


def test_a_change_whose_interval_does_not_hold_zero_is_judged_by_its_curves():
    before = [0.42, 0.40, 0.45, 0.41]
    assert stats.ttest_rel(NEAR[0], before).pvalue < 0.05
    assert diagnose(seeds(NEAR[0]), seeds(before)).kind == "good"


def test_runs_are_paired_by_their_seed_and_not_by_their_order():
    bests = [0.2, 0.3, 0.4, 0.5]
    shifted = [best + 0.01 + 0.001 * place for place, best in enumerate(bests)]
    assert diagnose(seeds(shifted), seeds(bests)[::-1]).kind == "good"
    assert diagnose(seeds(shifted), seeds(bests, first=100)).kind == "good"  # no pair at all
    assert "over 2 seeds" in diagnose(seeds([0.3, 0.4], 2), seeds([0.3, 0.3, 0.31, 0.38])).sentence


def test_one_pair_or_other_data_leave_nothing_to_compare():
    assert diagnose(seeds([0.31]), seeds([0.31])).kind == "good"
    assert diagnose(seeds(NEAR[0]), seeds(NEAR[1], experiment=Experiment(data=Blobs()))).kind == "good"


def test_a_setting_that_changes_nothing_is_the_same_as_its_baseline():
    found = diagnose(seeds(NEAR[0]), seeds(NEAR[0]))
    assert found.kind == "noise"
    assert "equal for all 4 seeds" in found.sentence


def test_a_diverged_run_is_said_even_before_the_noise():
    runs = seeds(NEAR[0])
    runs[1] = levels(0.3, 0.3, status="diverged at epoch 9")
    assert diagnose(runs, seeds(NEAR[1])).kind == "diverged"
    assert diagnose(seeds(NEAR[0]), [*seeds(NEAR[1])[:3], record(np.zeros(0), np.zeros(0))]).kind == "noise"


def test_more_seeds_are_not_advised_where_there_is_nothing_to_learn():
    noise = Experiment(data=PureNoise())
    found = diagnose(seeds(NEAR[0], experiment=noise), seeds(NEAR[1], experiment=noise))
    assert found.kind == "noise"
    assert "No number of seeds" in found.next_step


def folds(bests, **changes):
    experiments_ = [Experiment(split=Split(folds=4, fold=fold)).with_values(changes) for fold in range(4)]
    return [levels(0.3, best, experiment) for best, experiment in zip(bests, experiments_, strict=True)]


def test_folds_are_paired_and_named_as_folds():
    found = diagnose(folds(NEAR[0]), folds(NEAR[1]))
    assert "Within fold noise" in found.sentence
    assert "over 4 folds" in found.sentence
    seeds_too = [*folds(NEAR[0]), *folds(NEAR[0], **{"training.seed": 1})]
    both = diagnose(seeds_too, [*folds(NEAR[1]), *folds(NEAR[1], **{"training.seed": 1})])
    assert "over 8 runs" in both.sentence


def test_folds_are_judged_by_their_median_each_against_its_own_rows():
    data, runs = Diabetes(), []
    for fold in range(3):
        split = Split(folds=3, fold=fold)
        own = loss_of_knowing_nothing(samples(data, split))
        runs.append(record(np.full(100, own), np.full(100, own), Experiment(data=data, split=split)))
    own = sorted(float(run.history["loss"][0]) for run in runs)
    assert len(set(own)) == 3
    assert measure(runs).ignorant == own[1]
    assert diagnose(runs).kind == "underfitting"


M = Measures(100, 40, 0.3, 0.5, 0.1, 0.2, 0.1, 0.0, 0.0, 0.69)
SPENT = (EarlyStopping(10), L2(10.0), Dropout(0.9))


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        (against_emptiness(Experiment(regularizers=(L1(1e-6),))), "Switch the L1 strength off"),
        (against_emptiness(Experiment(regularizers=(L2(3.0), L1(0.3)))), "L1 strength from 0.3 to 0.02"),
        (against_emptiness(Experiment(regularizers=(WeightDecay(5.0),))), "weight decay from 5 to 0.5"),
        (against_emptiness(Experiment(optimizer=SGD(0.01))), "learning rate from 0.01 to 0.1"),
        (against_emptiness(Experiment(optimizer=SGD(10.0))), "seed 1"),
        (against_divergence(Experiment(optimizer=SGD(1e-5)))[1], "another optimizer"),
        (against_divergence(Experiment(optimizer=SGD(5.0)))[1], "learning rate from 5 to 0.5"),
        (more(Experiment(regularizers=(L2(10.0), Dropout(0.3))), M), "Stop early with a patience of 10 epochs"),
        (more(Experiment(optimizer=SGD(0.2), regularizers=(L2(4.0),)), M), "Stop early"),
        (more(Experiment(regularizers=(EarlyStopping(10), L2(10.0), Dropout(0.55))), M), "from 0.55 to 0.75"),
        (more(Experiment(regularizers=SPENT), M), "a share of 0.5 instead of 0.25"),
        (more(Experiment(split=Split(train=0.9), regularizers=SPENT), M), "smaller network: 32-32"),
        (more(Experiment(split=Split(train=0.9), network=MLP((1,)), regularizers=SPENT), M), "Train for 40 epochs"),
        (less_regularization(Experiment(regularizers=(Dropout(0.7),))), "dropout from 0.7 to 0.35"),
        (less_regularization(Experiment(regularizers=(Dropout(rates=(0.8, 0.2)),))), "per layer: 0.4, 0.1"),
        (less_regularization(Experiment(regularizers=(InputDropout(0.2),))), "input dropout off"),
        (less_regularization(Experiment()), "wider hidden layers: 128-128"),
        (less_regularization(Experiment(network=Linear(), optimizer=SGD(10.0))), "with hidden layers."),
        (less_regularization(Experiment(network=MLP((512,)), optimizer=Adam(5.0))), "learning rate from 5 to 10"),
        (less_regularization(Experiment(network=MLP((512,)), optimizer=Adam(10.0))), "at its limit"),
        (longer(Experiment().with_values({"training.epochs": 1500}), M), "2000 epochs instead of 1500"),
        (longer(Experiment(optimizer=SGD(0.1)).with_values({"training.epochs": 2000}), M), "rate from 0.1 to 0.2"),
        (longer(Experiment(regularizers=(EarlyStopping(150),)), M), "from 150 to 200 epochs"),
    ],
)
def test_advice_stays_within_the_limits_of_the_settings(advice, words):
    assert words in advice.sentence


@given(experiments(), st.integers(1, 2000), st.integers(1, 2000))
def test_whatever_is_advised_can_be_set_and_changes_something(experiment, best, epochs):
    m = Measures(max(best, epochs), best, 0.3, 0.5, 0.1, 0.2, 0.1, 0.0, 0.0, 0.69)
    advised = (
        against_emptiness(experiment),
        against_divergence(experiment)[1],
        more(experiment, m),
        less_regularization(experiment),
        longer(experiment, m),
    )
    for advice in advised:
        if advice.changes:
            assert experiment.with_values(advice.changes) != experiment
        assert advice.sentence.endswith(".")
