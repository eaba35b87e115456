"""The test part of a setting whose search has opened it; of all others nothing is read."""

import math

from regdash.comparison.series import Series
from regdash.datasets import samples
from regdash.intervals import Summary, summary
from regdash.record import RunRecord
from regdash.scores import accuracy, r2

HEADS = {"accuracy": "Test accuracy, best epoch", "r2": "Test R², best epoch"}


def test_measure(series: Series) -> str:
    """What is told of the test rows: accuracy or r2; nothing while the test part is closed."""
    if not series.opened or series.experiment is None or not series.records:
        return ""
    return "accuracy" if series.experiment.data.classes else "r2"


def test_summary(series: Series) -> Summary:
    """The accuracy or R² of every run on the test rows, with the weights of its best epoch."""
    if not test_measure(series):
        return summary([])
    return summary([_score(record) for record in series.records.values()])


def _score(record: RunRecord) -> float:
    rows, answers = samples(record.experiment.data, record.experiment.split), record.best_test_outputs
    if not len(rows.test.y) or len(answers) != len(rows.test.y):
        return math.nan
    return r2(answers, rows.test.y) if rows.task == "regression" else accuracy(rows.task, answers, rows.test.y)
