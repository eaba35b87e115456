"""The test part in a comparison: only of settings whose search has opened it, and as scikit-learn tells it."""

from dataclasses import replace

import numpy as np
import pytest
from side_by_side import history
from sklearn import metrics

from regdash.comparison import compare_table
from regdash.comparison.opened import test_summary as summary_of
from regdash.comparison.series import own_series
from regdash.datasets import Diabetes, samples
from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.repeats import Setting


def series(experiment, opened, seeds=3):
    """Runs that answer by chance on the test rows."""
    setting, chance, records = Setting(experiment, seeds), np.random.default_rng(0), []
    for member in setting.members:
        rows = samples(member.data, member.split).test
        answers = chance.normal(size=(len(rows.y), 1)).astype(np.float32)
        empty = np.zeros((0, 1), np.float32)
        record = RunRecord(member, "finished", history(0.4, val_accuracy=[0.5, 0.6, 0.7]), (), empty, empty)
        records.append(replace(record, best_test_outputs=answers))
    return own_series("one", setting, [record.history for record in records], records, opened), records


def test_the_accuracy_on_test_rows_is_that_of_scikit_learn():
    found, records = series(Experiment(), opened=True)
    rows = [samples(record.experiment.data, record.experiment.split).test for record in records]
    told = [
        metrics.accuracy_score(part.y, record.best_test_outputs[:, 0] > 0)
        for part, record in zip(rows, records, strict=True)
    ]
    assert summary_of(found).mean == pytest.approx(np.mean(told))
    assert "Test accuracy, best epoch" in compare_table([found]).columns


def test_r2_on_test_rows_is_that_of_scikit_learn():
    found, records = series(Experiment(data=Diabetes()), opened=True)
    rows = [samples(record.experiment.data, record.experiment.split).test for record in records]
    told = [
        metrics.r2_score(part.y, record.best_test_outputs[:, 0]) for part, record in zip(rows, records, strict=True)
    ]
    assert summary_of(found).mean == pytest.approx(np.mean(told), rel=1e-5)


def test_a_closed_test_part_is_neither_shown_nor_read():
    closed, _ = series(Experiment(), opened=False)
    assert not [column for column in compare_table([closed]).columns if "Test" in column]
    assert summary_of(closed).n == 0
    opened, _ = series(Experiment(), opened=True)
    table = compare_table([closed, replace(opened, name="two")])
    assert [row[-1] == "–" for row in table.rows] == [True, False]
