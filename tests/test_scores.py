import math

import numpy as np
import pytest
from sklearn import metrics

from regdash.scores import (
    accuracy,
    calibration,
    confusion,
    ece,
    f1,
    log_loss,
    macro,
    mae,
    mse,
    precision,
    probabilities,
    r2,
    recall,
    report,
    roc_auc,
    roc_curve,
)

CASES = [(task, seed, missing) for task in ("binary", "multiclass") for seed in range(4) for missing in (False, True)]


def drawn(task, seed, missing=False, rows=60):
    """Random logits and classes; `missing` leaves out the last class of the truth and of the answers."""
    chance = np.random.default_rng(seed)
    classes = 2 if task == "binary" else 5
    y = chance.integers(0, classes - missing, rows)
    z = chance.normal(0, 2, (rows, 1 if task == "binary" else classes)).round(1)
    if missing:
        z[:, -1] = -9.0
    return z, y, classes


def answered(z):
    return (z[:, 0] > 0).astype(int) if z.shape[1] == 1 else z.argmax(axis=1)


def softmax(z):
    both = np.hstack([np.zeros_like(z), z]) if z.shape[1] == 1 else z
    return np.exp(both) / np.exp(both).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("task", "seed", "missing"), CASES)
def test_answers_are_counted_as_scikit_learn_counts_them(task, seed, missing):
    z, y, classes = drawn(task, seed, missing)
    every = list(range(classes))
    counts = confusion(task, z, y, classes)
    assert counts.tolist() == metrics.confusion_matrix(y, answered(z), labels=every).tolist()
    assert accuracy(task, z, y) == metrics.accuracy_score(y, answered(z))
    settings = {"labels": every, "zero_division": 0}
    peer = metrics.precision_recall_fscore_support(y, answered(z), **settings)
    for ours, theirs in zip((precision(counts), recall(counts), f1(counts)), peer, strict=False):
        assert ours == pytest.approx(theirs)
    averaged = metrics.precision_recall_fscore_support(y, answered(z), average="macro", **settings)
    for ours, theirs in zip((precision(counts), recall(counts), f1(counts)), averaged, strict=False):
        assert macro(ours) == pytest.approx(theirs)


@pytest.mark.parametrize(("task", "seed", "missing"), CASES)
def test_the_log_loss_from_logits_is_that_of_scikit_learn_from_probabilities(task, seed, missing):
    z, y, classes = drawn(task, seed, missing)
    assert log_loss(task, z, y) == pytest.approx(metrics.log_loss(y, softmax(z), labels=list(range(classes))))
    assert probabilities(task, z) == pytest.approx(softmax(z))


def test_the_log_loss_is_stable_for_logits_of_any_size():
    assert log_loss("binary", np.array([[1e4], [-1e4]]), np.array([0, 0])) == pytest.approx(5e3)
    assert log_loss("multiclass", np.array([[1e4, 0.0, -1e4]]), np.array([2])) == pytest.approx(2e4)
    assert probabilities("binary", np.array([[1e4], [-1e4]])).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("digits", [0, 1, 8])
def test_the_area_under_the_roc_curve_is_that_of_scikit_learn_with_and_without_ties(seed, digits):
    _, y, _ = drawn("binary", seed)
    scores = np.random.default_rng(seed).normal(y, 1).round(digits)
    assert roc_auc(scores, y) == pytest.approx(metrics.roc_auc_score(y, scores))
    found = roc_curve(scores, y)
    peer = metrics.roc_curve(y, scores, drop_intermediate=False)
    for ours, theirs in zip((found.false_positive, found.true_positive, found.thresholds), peer, strict=True):
        assert ours == pytest.approx(theirs)
    assert np.trapezoid(found.true_positive, found.false_positive) == pytest.approx(roc_auc(scores, y))


def test_scores_that_are_all_the_same_rank_like_a_coin():
    assert roc_auc(np.zeros(5), np.array([0, 1, 1, 0, 1])) == 0.5


def test_without_one_of_the_classes_there_is_no_area():
    assert math.isnan(roc_auc(np.arange(3.0), np.ones(3)))
    assert math.isnan(roc_auc(np.arange(3.0), np.zeros(3)))
    assert np.isnan(roc_curve(np.arange(3.0), np.ones(3)).false_positive).all()


@pytest.mark.parametrize(("task", "seed", "missing"), CASES)
def test_the_calibration_error_follows_its_definition(task, seed, missing):
    z, y, _ = drawn(task, seed, missing)
    p = softmax(z)
    top, right = p.max(axis=1), answered(z) == y
    expected = 0.0
    for m in range(15):
        inside = [i for i in range(len(y)) if m / 15 < top[i] <= (m + 1) / 15]
        if inside:
            gap = abs(np.mean(right[inside]) - np.mean(top[inside]))
            expected += len(inside) / len(y) * gap
    assert ece(task, z, y) == pytest.approx(expected)


def test_a_bin_holds_its_upper_edge_and_an_empty_bin_has_no_share():
    half = np.zeros((3, 1))  # a logit of 0 is the probability 1/2
    found = calibration("binary", half, np.array([0, 0, 1]), bins=2)
    assert found.count.tolist() == [3, 0]
    assert (found.confidence[0], found.accuracy[0]) == pytest.approx((1 / 2, 2 / 3))
    assert np.isnan(found.accuracy[1])
    assert found.ece == pytest.approx(2 / 3 - 1 / 2)


def test_certain_and_always_right_is_perfectly_calibrated():
    assert ece("multiclass", 1e3 * np.eye(4), np.arange(4)) == pytest.approx(0)
    assert ece("multiclass", 1e3 * np.eye(4), np.arange(4) - 1) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(4))
def test_the_scores_of_a_regression_are_those_of_scikit_learn(seed):
    chance = np.random.default_rng(seed)
    y = chance.normal(3, 2, 40)
    z = (y + chance.normal(0, 1, 40))[:, None]
    assert mse(z, y) == pytest.approx(metrics.mean_squared_error(y, z))
    assert mae(z, y) == pytest.approx(metrics.mean_absolute_error(y, z))
    assert r2(z, y) == pytest.approx(metrics.r2_score(y, z))


def test_targets_that_never_change_have_no_r2():
    assert math.isnan(r2(np.array([[1.0], [2.0]]), np.array([0.1, 0.1])))


def test_the_report_of_two_classes_holds_all_that_applies():
    z, y, _ = drawn("binary", 1)
    found = report("binary", z.astype(np.float32), y.astype(np.float32), ("no", "yes"))
    assert (found.rows, found.class_names) == (60, ("no", "yes"))
    assert found.f1 == pytest.approx(metrics.f1_score(y, answered(z), average=None))
    assert found.macro_f1 == pytest.approx(metrics.f1_score(y, answered(z), average="macro"))
    assert found.macro_precision == pytest.approx(metrics.precision_score(y, answered(z), average="macro"))
    assert found.macro_recall == pytest.approx(metrics.balanced_accuracy_score(y, answered(z)))
    assert found.accuracy == metrics.accuracy_score(y, answered(z))
    assert found.roc_auc == pytest.approx(metrics.roc_auc_score(y, z[:, 0]))
    assert found.log_loss == pytest.approx(metrics.log_loss(y, softmax(z)), rel=1e-6)
    assert found.ece == ece("binary", z.astype(np.float32), y)
    assert np.isnan([found.mse, found.mae, found.r2]).all()


def test_the_report_of_many_classes_has_no_area():
    z, y, _ = drawn("multiclass", 2)
    found = report("multiclass", z, y, "abcde")
    assert math.isnan(found.roc_auc)
    assert found.confusion.sum() == found.rows == 60
    assert found.accuracy == metrics.accuracy_score(y, answered(z))


def test_the_report_of_a_regression_has_no_classes():
    found = report("regression", np.array([[1.0], [3.0]]), np.array([1.0, 2.0]))
    assert (found.mse, found.mae, found.r2) == (0.5, 0.5, -1.0)
    assert found.confusion.shape == (0, 0)
    assert np.isnan([found.accuracy, found.log_loss, found.ece]).all()


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_outputs_that_are_not_finite_have_no_scores(task):
    z, y, classes = drawn(task, 3)
    for wrong in (np.nan, np.inf):
        z[4, 0] = wrong
        found = report(task, z, y, tuple("abcde"[:classes]))
        assert np.isnan([found.accuracy, found.log_loss, found.ece, found.macro_f1, found.roc_auc]).all()
        assert np.isnan(found.recall).all()
        assert found.confusion.sum() == found.rows - 1
        assert math.isnan(accuracy(task, z, y))
        assert math.isnan(log_loss(task, z, y))
        assert calibration(task, z, y).count.sum() == len(y) - 1


@pytest.mark.parametrize(("task", "outputs"), [("binary", 1), ("multiclass", 3), ("regression", 1)])
def test_no_rows_have_no_scores_and_cause_no_error(task, outputs):
    found = report(task, np.zeros((0, outputs)), np.zeros(0), ("a", "b", "c")[: max(outputs, 2)])
    assert np.isnan([found.accuracy, found.log_loss, found.ece, found.mse, found.mae, found.r2, found.roc_auc]).all()


def test_outputs_that_do_not_fit_the_targets_are_refused():
    with pytest.raises(ValueError, match=r"same N, got \(3, 1\) and \(4,\)"):
        mse(np.zeros((3, 1)), np.zeros(4))
    with pytest.raises(ValueError, match="one output per row, got 2"):
        log_loss("binary", np.zeros((3, 2)), np.zeros(3))
