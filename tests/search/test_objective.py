"""By which figure trials are judged: against scikit-learn over our own folds, and epochs chosen by hand."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from fake_runs import history, record
from sklearn import metrics
from sklearn.linear_model import Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_score

from regdash.api import (
    MLP,
    Adam,
    Diabetes,
    Digits,
    EarlyStopping,
    Experiment,
    Linear,
    Momentum,
    Moons,
    Training,
    samples,
    train,
)
from regdash.search import Objective, Outcome, Plan, Range, Space, metrics_of

STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0)


def test_over_folds_the_score_is_the_cross_validated_error_of_ridge():
    folds = 5
    base = Experiment(
        data=Diabetes(),
        network=Linear(initializer="zeros"),
        optimizer=Momentum(0.1),
        training=Training(epochs=400, batch_size=0),
    )
    plan = Plan(Space(base, (Range("l2.l2", 1e-3, 1.0, log=True, steps=4),)), "grid")
    objective = Objective(epoch="last", folds=folds)
    trials = [objective.members(plan.experiment(plan.space.grid(k))) for k in range(4)]
    records = train([member for members in trials for member in members])
    for k, value in enumerate(STRENGTHS):
        outcome = objective.outcome(records[k * folds : (k + 1) * folds])
        expected = []
        for member in trials[k]:
            rows = samples(member.data, member.split)
            peer = Ridge(alpha=len(rows.train) * value).fit(rows.train.x.astype(float), rows.train.y.astype(float))
            expected.append(np.mean((peer.predict(rows.validation.x) - rows.validation.y) ** 2))
        np.testing.assert_allclose(outcome.scores, expected, atol=2e-3)
        assert outcome.mean == pytest.approx(np.mean(expected), abs=2e-3)
        assert outcome.standard_error == pytest.approx(np.std(expected, ddof=1) / math.sqrt(folds), abs=2e-3)


def test_the_folds_are_those_of_scikit_learn_given_the_same_rows():
    """In the units of the data the errors are those of cross_val_score over the same division of the same rows."""
    members = Objective(folds=4).members(Experiment(data=Diabetes(), network=Linear()))
    parts = [samples(each.data, each.split) for each in members]
    inputs = [part.input_mean + part.input_scale * part.validation.x for part in parts]
    targets = [part.target_mean + part.target_scale * part.validation.y for part in parts]
    fold = np.repeat(np.arange(4), [len(each) for each in targets])
    scores = cross_val_score(
        Ridge(alpha=1e-9),
        np.concatenate(inputs),
        np.concatenate(targets),
        cv=PredefinedSplit(fold),
        scoring="neg_mean_squared_error",
    )
    ours = []
    for part in parts:
        fitted = Ridge(alpha=1e-9).fit(part.train.x.astype(float), part.train.y.astype(float))
        errors = fitted.predict(part.validation.x.astype(float)) - part.validation.y
        ours.append(np.mean((part.target_scale * errors) ** 2))
    np.testing.assert_allclose(ours, -scores, rtol=0.01)  # the rows left over by the division train with us only


def judged(experiment=Experiment(), columns=None, **facts):  # noqa: B008
    """The epoch (from 0) at which a run with these curves is judged."""
    made = replace(record(experiment), history=history(5, **(columns or {})))
    return Objective(**facts).place(made)


LOSSES = {"val_loss": np.array([3.0, 1.0, 2.0, 1.5, 1.4]), "val_accuracy": np.array([0.5, 0.6, 0.9, 0.7, 0.7])}


def test_the_best_epoch_is_the_one_with_the_lowest_validation_loss_whatever_the_metric():
    assert judged(columns=LOSSES) == 1
    assert judged(columns=LOSSES, metric="val_accuracy") == 1


@pytest.mark.parametrize(
    ("stopping", "epoch"),
    [
        (EarlyStopping(), 4),
        (EarlyStopping(9), 1),
        (EarlyStopping(9, restore_best=False), 4),
        (EarlyStopping(9, monitor="val_accuracy"), 2),
        (EarlyStopping(9, min_delta=0.9), 1),
        (EarlyStopping(9, start_epoch=2), 4),
        (EarlyStopping(9, start_epoch=3), 4),
        (EarlyStopping(9, start_epoch=100), 4),
    ],
)
def test_the_last_epoch_is_the_one_of_the_final_weights(stopping, epoch):
    assert judged(Experiment().with_part("early_stopping", stopping), LOSSES, epoch="last") == epoch


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "loss"])
def test_the_score_of_the_last_epoch_is_that_of_the_answers_of_the_final_weights(monitor):
    experiment = Experiment(
        data=Moons(samples=120),
        network=MLP(widths=(16,)),
        optimizer=Adam(0.05),
        regularizers=(EarlyStopping(5, monitor=monitor, min_delta=0.01),),
        training=Training(epochs=40),
    )
    (run,) = train(experiment)
    z, y = run.val_outputs[:, 0], samples(experiment.data, experiment.split).validation.y
    for metric, peer in (
        ("val_loss", metrics.log_loss(y, 1 / (1 + np.exp(-z)))),
        ("val_accuracy", np.mean((z > 0) == y)),
        ("macro_f1", metrics.f1_score(y, z > 0, average="macro")),
        ("roc_auc", metrics.roc_auc_score(y, z)),
    ):
        assert Objective(metric, "last").outcome([run]).mean == pytest.approx(peer, rel=1e-4), metric


def test_the_score_of_the_best_epoch_is_that_of_the_answers_at_it():
    experiment = Experiment(data=Moons(samples=120), optimizer=Adam(0.05), training=Training(epochs=30))
    (run,) = train(experiment)
    z, y = run.best_outputs[:, 0], samples(experiment.data, experiment.split).validation.y
    assert run.best_epoch < 30
    assert Objective("val_loss").outcome([run]).mean == pytest.approx(
        metrics.log_loss(y, 1 / (1 + np.exp(-z))), rel=1e-4
    )
    assert Objective("roc_auc").outcome([run]).mean == pytest.approx(metrics.roc_auc_score(y, z))


def test_the_outcome_of_runs_has_their_mean_and_standard_error_and_comes_back_from_json():
    made = [replace(record(seed=k), history=history(6, seed=k)) for k in range(4)]
    outcome = Objective(epoch="last", seeds=4).outcome(made)
    scores = [run.history["val_loss"][-1] for run in made]
    assert outcome.scores == pytest.approx(scores)
    assert outcome.mean == pytest.approx(np.mean(scores))
    assert outcome.standard_error == pytest.approx(np.std(scores, ddof=1) / 2)
    assert Outcome.from_dict(json.loads(json.dumps(outcome.to_dict(), allow_nan=False))) == outcome


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([{"status": "diverged at epoch 3"}], "the run diverged at epoch 3"),
        ([{}, {"status": "diverged at epoch 3"}], "1 of 2 runs diverged at epoch 3"),
        ([{"status": "cancelled at epoch 2"}], "the run was cancelled at epoch 2"),
        ([], "there are no runs"),
        ([{"history": history(5, val_loss=np.full(5, np.inf))}], "Validation loss has no finite value"),
    ],
)
def test_runs_that_give_no_score_give_a_sentence(changes, sentence):
    outcome = Objective(epoch="last").outcome([replace(record(), **change) for change in changes])
    assert sentence in outcome.problem
    assert math.isnan(outcome.mean)
    assert math.isnan(outcome.standard_error)


def test_the_metrics_are_those_of_the_task():
    names = [
        {each.name for each in metrics_of(Experiment(data=d, network=Linear()))}
        for d in (Moons(), Digits(), Diabetes())
    ]
    assert names[0] - names[1] == {"roc_auc"}
    assert names[2] == {"val_loss", "val_mae", "val_r2"}


def test_what_is_wrong_with_an_objective_is_said_field_by_field():
    found = Objective("val_r2", "first", 0, 1).problems(Experiment())
    assert set(found) == {"metric", "epoch", "seeds", "folds"}
    assert "must be one of val_loss, val_accuracy" in found["metric"]
