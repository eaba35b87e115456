"""The test part, opened once: its figures against scikit-learn, and runs that end where they were judged."""

from dataclasses import replace

import numpy as np
import pytest
from fake_runs import record
from scipy import stats
from sklearn import metrics

from regdash.api import (
    MLP,
    Adam,
    Diabetes,
    Digits,
    EarlyStopping,
    Experiment,
    Given,
    Linear,
    Moons,
    RegdashError,
    Training,
    samples,
    train,
)
from regdash.search import METRICS, Objective, Outcome, Plan, Range, Space, Trial
from regdash.search.reveal import optimism, reveal_members

BASE = Experiment(
    data=Moons(samples=120), network=MLP(widths=(16,)), optimizer=Adam(0.05), training=Training(epochs=25)
)


def plan_of(base=BASE, **judged):
    return Plan(Space(base, (Range("l2.l2", 1e-5, 1.0, log=True),)), "random", objective=Objective(**judged))


def told(plan, values):
    """A trial that was trained, and its records."""
    records = train(list(plan.members(values)))
    return Trial(0, values, outcome=plan.objective.outcome(records)), records


def runs(experiment, noise=(0.5, 1.0, 2.0)):
    """Finished runs with made-up answers on validation and test rows."""
    rows = samples(experiment.data, experiment.split)
    found = []
    for seed, spread in enumerate(noise):
        chance = np.random.default_rng(100 + seed)
        made = record(experiment.with_values({"training.seed": seed}), noise=spread, seed=seed)
        y = rows.test.y
        clean = 2 * np.eye(rows.outputs)[y.astype(int)] if rows.task == "multiclass" else (4 * y - 2)[:, None]
        clean = y[:, None] if rows.task == "regression" else clean
        unseen = clean + 1.5 * chance.standard_normal(clean.shape)
        found.append(replace(made, best_outputs=made.val_outputs, test_outputs=unseen, best_test_outputs=unseen))
    return found


def sigmoid(z):
    return 1 / (1 + np.exp(-z[:, 0]))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


PEERS = [
    ("val_loss", Moons(), lambda y, z: metrics.log_loss(y, sigmoid(z))),
    ("val_loss", Digits(), lambda y, z: metrics.log_loss(y, softmax(z), labels=np.arange(10))),
    ("val_loss", Diabetes(), lambda y, z: metrics.mean_squared_error(y, z[:, 0])),
    ("val_accuracy", Moons(), lambda y, z: metrics.accuracy_score(y, z[:, 0] > 0)),
    ("val_accuracy", Digits(), lambda y, z: metrics.accuracy_score(y, z.argmax(axis=1))),
    ("macro_f1", Digits(), lambda y, z: metrics.f1_score(y, z.argmax(axis=1), average="macro")),
    ("roc_auc", Moons(), lambda y, z: metrics.roc_auc_score(y, z[:, 0])),
    ("val_mae", Diabetes(), lambda y, z: metrics.mean_absolute_error(y, z[:, 0])),
    ("val_r2", Diabetes(), lambda y, z: metrics.r2_score(y, z[:, 0])),
]


@pytest.mark.parametrize(("metric", "data", "peer"), PEERS, ids=[f"{m} of {d.name}" for m, d, _ in PEERS])
def test_both_figures_are_those_of_scikit_learn_and_the_difference_is_paired(metric, data, peer):
    base = Experiment(data=data, network=Linear())
    found = optimism(plan_of(base, metric=metric, seeds=3), made := runs(base))
    rows = samples(data, base.split)
    seen = np.array([peer(rows.validation.y, run.val_outputs) for run in made])
    unseen = np.array([peer(rows.test.y, run.test_outputs) for run in made])
    assert found.validation.mean == pytest.approx(seen.mean(), rel=1e-5)
    assert found.test.mean == pytest.approx(unseen.mean(), rel=1e-5)
    too_good = (seen - unseen) if metric in ("val_accuracy", "macro_f1", "roc_auc", "val_r2") else (unseen - seen)
    assert found.change.mean == pytest.approx(too_good.mean(), rel=1e-4)
    interval = stats.ttest_1samp(too_good, 0).confidence_interval()
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high), rel=1e-4)
    assert ("too good" if too_good.mean() > 0 else "too bad") in found.sentence


def test_every_metric_has_a_figure_on_any_rows():
    peers = {metric for metric, _, _ in PEERS} | {"ece"}
    assert peers == set(METRICS)
    base = Experiment(data=Moons(), network=Linear())
    assert optimism(plan_of(base, metric="ece", seeds=3), runs(base)).test.mean > 0


def test_the_sentence_of_a_single_run_says_that_it_cannot_be_told_from_noise():
    found = optimism(plan_of(Experiment(network=Linear())), runs(Experiment(network=Linear()), noise=(0.5,)))
    assert found.change.within_noise is None
    assert "a single run does not tell whether that is more than noise" in found.sentence
    assert "interval" not in found.sentence


def test_figures_that_agree_say_that_nothing_was_flattered():
    base = Experiment(data=Moons(), network=Linear())
    right = [
        replace(run, val_outputs=np.sign(run.val_outputs) * 0 + (2 * rows.validation.y - 1)[:, None])
        for run in runs(base, noise=(0.0,))
        for rows in [samples(base.data, base.split)]
    ]
    right = [replace(run, test_outputs=(2 * samples(base.data, base.split).test.y - 1)[:, None]) for run in right]
    found = optimism(plan_of(base, metric="val_accuracy", epoch="last"), right)
    assert found.sentence.endswith("has not flattered the setting.")
    assert "100 %" in found.sentence


def test_a_trial_judged_at_its_last_epoch_is_revealed_by_its_own_runs():
    plan = plan_of(epoch="last", seeds=2, folds=3)
    trial = Trial(4, {"l2.l2": 0.01}, outcome=Outcome((1.0,) * 6, {"epoch": (25.0,) * 6}))
    assert reveal_members(plan, trial) == plan.members({"l2.l2": 0.01})


def test_runs_that_went_back_to_the_lowest_validation_loss_are_revealed_as_they_are():
    base = BASE.with_part("early_stopping", EarlyStopping(5))
    plan = plan_of(base, seeds=2)
    trial = Trial(0, {"l2.l2": 0.01}, outcome=Outcome((1.0, 1.0), {"epoch": (7.0, 9.0)}))
    assert reveal_members(plan, trial) == plan.members({"l2.l2": 0.01})


def loss_on_test_rows(runs):
    """The mean loss of the trained networks on their test rows, by Keras and scikit-learn."""
    rows = [samples(run.experiment.data, run.experiment.split).test for run in runs]
    answers = [run.to_keras().predict_on_batch(part.x) for run, part in zip(runs, rows, strict=True)]
    return np.mean([metrics.log_loss(part.y, sigmoid(z)) for part, z in zip(rows, answers, strict=True)])


@pytest.mark.parametrize("stopping", [EarlyStopping(), EarlyStopping(5), EarlyStopping(5, restore_best=False)])
def test_a_trial_judged_at_its_best_epoch_is_revealed_by_its_own_runs_at_that_epoch(stopping):
    plan = plan_of(BASE.with_part("early_stopping", stopping), seeds=2, folds=2)
    trial, records = told(plan, {"l2.l2": 1e-5})
    assert reveal_members(plan, trial) == plan.members({"l2.l2": 1e-5})
    found = optimism(plan, records)
    assert found.validation.mean == pytest.approx(trial.score, rel=1e-5)
    ends = zip(records, trial.outcome.figures["epoch"], strict=True)
    until = [run.experiment.with_values({"training.epochs": int(epoch)}) for run, epoch in ends]
    ended = train([each.with_part("early_stopping", EarlyStopping()) for each in until])
    assert found.test.mean == pytest.approx(loss_on_test_rows(ended), rel=1e-3)


@pytest.mark.parametrize("stopping", [EarlyStopping(4, monitor="val_accuracy"), EarlyStopping(6, min_delta=0.02)])
def test_runs_whose_early_stopping_holds_another_epoch_to_be_the_best_are_ended_where_they_were_judged(stopping):
    plan = plan_of(BASE.with_part("early_stopping", stopping), seeds=2, folds=2)
    trial, records = told(plan, {"l2.l2": 1e-5})
    again = train(list(reveal_members(plan, trial)))
    assert any(len(new.history.epochs) < len(old.history.epochs) for new, old in zip(again, records, strict=True))
    found = optimism(plan, again)
    assert found.validation.mean == pytest.approx(trial.score, rel=1e-3)
    assert found.test.mean == pytest.approx(loss_on_test_rows(again), rel=1e-3)


def test_a_trial_without_a_score_is_not_revealed():
    plan = plan_of()
    for trial in (Trial(3, {"l2.l2": 0.1}), Trial(3, {"l2.l2": 0.1}, outcome=Outcome(problem="diverged"))):
        with pytest.raises(RegdashError, match="trial 3 has none"):
            reveal_members(plan, trial)


def test_runs_without_answers_or_rows_to_open_get_a_sentence():
    with pytest.raises(RegdashError, match="trained before they were kept"):
        optimism(plan_of(epoch="last"), [record(BASE)])
    x, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    given = replace(BASE, data=Given(train_x=x, train_y=y, val_x=x, val_y=y, classes=2))
    with pytest.raises(RegdashError, match="keeps no test rows"):
        optimism(plan_of(epoch="last"), [record(given)])
