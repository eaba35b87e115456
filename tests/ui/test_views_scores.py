"""The tables of scores: their numbers against scikit-learn, their intervals against SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from fake_runs import record
from scipy import stats
from sklearn import metrics

from regdash.datasets import Diabetes, Digits, samples
from regdash.experiment import Experiment
from regdash.ui import score_report, score_table

FOLDED = Experiment(data=Digits()).with_values({"split.folds": 3})


def scored(experiment=Experiment(), seed=0, **changes):  # noqa: B008
    run = record(experiment.with_values({"training.seed": seed}), seed=seed)
    best = np.random.default_rng(seed + 100).normal(size=run.val_outputs.shape)
    return score_report.score(replace(run, best_outputs=best, **changes)), best


def cells(html):
    return [row.split("</td>")[:-1] for row in html.split("<tr>")[2:]]


def test_both_epochs_have_the_scores_of_scikit_learn():
    run, best = scored()
    rows = samples(Experiment().data, Experiment().split)
    y, answer, p = rows.validation.y, best[:, 0] > 0, 1 / (1 + np.exp(-best[:, 0]))
    assert run.best.accuracy == pytest.approx(metrics.accuracy_score(y, answer))
    assert run.best.macro_f1 == pytest.approx(metrics.f1_score(y, answer, average="macro"))
    assert run.best.roc_auc == pytest.approx(metrics.roc_auc_score(y, p))
    assert run.best.log_loss == pytest.approx(metrics.log_loss(y, p))
    assert run.last.accuracy != run.best.accuracy
    table = score_report.overall([run]).set_index(["epoch", "score"])["mean"]
    assert table["best", "accuracy"] == run.best.accuracy
    assert table["last", "macro_recall"] == run.last.macro_recall


def test_a_regression_has_errors_and_no_classes():
    run, _ = scored(Experiment(data=Diabetes()))
    head, rows = score_table.overall_rows([run])
    assert [row[0] for row in rows] == ["Mean squared error", "Mean absolute error", "R²"]
    rows_of = samples(Diabetes(), Experiment(data=Diabetes()).split)
    assert (
        rows[2][2] == f"{metrics.r2_score(rows_of.validation.y, record(Experiment(data=Diabetes())).val_outputs):.3f}"
    )
    assert head == ("", "best epoch (20)", "last epoch (20)")


def test_only_two_classes_have_a_roc_auc():
    assert "roc_auc" in score_report.names([scored()[0]])
    assert "roc_auc" not in score_report.names([scored(Experiment(data=Digits()))[0]])


def test_several_runs_give_the_mean_and_the_interval_of_student():
    runs = [scored(seed=seed)[0] for seed in range(4)]
    values = [run.last.accuracy for run in runs]
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    row = score_report.overall(runs).query("epoch == 'last' and score == 'accuracy'").iloc[0]
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((np.mean(values), low, high))
    assert row["runs"] == 4
    cell = score_table.overall_rows(runs)[1][1][2]
    assert cell == f"{100 * np.mean(values):.1f} % ± {100 * (high - np.mean(values)):.1f} %"


def test_a_run_without_its_best_answers_shows_dashes():
    run = score_report.score(record())
    assert run.best is None
    _, rows = score_table.overall_rows([run])
    assert {row[1] for row in rows} == {"–"}
    assert "–" not in {row[2] for row in rows}
    assert {cell for row in score_table.class_rows([run])[1] for cell in row[1:4]} == {"–"}
    assert score_report.per_run([run])["accuracy"].isna().tolist() == [True, False]


def test_the_baseline_stands_beside_the_current_runs():
    run, other = scored()[0], scored(seed=5)[0]
    head, rows = score_table.overall_rows([run], [other])
    assert head[3:] == ("baseline, best epoch (20)", "baseline, last epoch (20)")
    assert rows[1][4] == f"{100 * other.last.accuracy:.1f} %"


def test_each_class_has_the_scores_of_scikit_learn_and_its_rows():
    run, best = scored(Experiment(data=Digits()))
    y = samples(Digits(), Experiment(data=Digits()).split).validation.y
    wanted = metrics.precision_recall_fscore_support(y, best.argmax(axis=1), zero_division=0)
    table = score_report.per_class([run]).query("epoch == 'best'")
    for name, values in zip(("precision", "recall", "f1", "rows"), wanted, strict=True):
        assert table[name].to_numpy() == pytest.approx(values)
    head, rows = score_table.class_rows([run])
    assert len(head) == 8
    assert [row[0] for row in rows] == [str(digit) for digit in range(10)]


def test_each_fold_is_a_row_and_its_seeds_are_averaged():
    folds = [scored(FOLDED.with_values({"split.fold": fold}), seed)[0] for seed in (0, 1) for fold in range(3)]
    head, rows = score_table.fold_rows(folds)
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert head == (
        "fold",
        "loss, best",
        "accuracy, best",
        "F1, best",
        "loss, last",
        "accuracy, last",
        "F1, last",
        "rows",
    )
    mean = np.mean([folds[1].last.accuracy, folds[4].last.accuracy])
    assert rows[1][5] == f"{100 * mean:.1f} %"
    frame = score_report.per_run(folds)
    assert len(frame) == 12
    assert set(zip(frame["seed"], frame["fold"], strict=True)) == {(s, f) for s in (0, 1) for f in range(3)}


def test_the_rows_of_the_folds_are_their_own_validation_rows_and_never_those_of_the_test_part():
    folds = [scored(FOLDED.with_values({"split.fold": fold}))[0] for fold in range(3)]
    rows = [samples(FOLDED.data, FOLDED.with_values({"split.fold": fold}).split) for fold in range(3)]
    assert [run.last.rows for run in folds] == [len(each.validation) for each in rows]
    assert sum(run.last.rows for run in folds) + len(rows[0].test) <= 1797


def test_a_diverged_run_shows_dashes_instead_of_numbers():
    run = record()
    run = score_report.score(replace(run, val_outputs=np.full_like(run.val_outputs, np.nan)))
    assert {row[2] for row in score_table.overall_rows([run])[1]} == {"–"}


def test_names_are_escaped_in_the_table():
    html = score_table.table("<i>said", ("<b>",), [("<script>alert(1)</script>", "<u>1</u>")])
    assert not [tag for tag in ("<script", "<b>", "<i>", "<u>") if tag in html]


def test_numbers_are_written_for_people():
    assert score_table.text("accuracy", 0.8874) == "88.7 %"
    assert score_table.text("log_loss", 0.12345) == "0.123"
    assert score_table.text("mse", 12345.6) == "1.23e+04"
    assert score_table.text("mse", float("nan")) == "–"
