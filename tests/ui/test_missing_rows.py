import pytest
from downloaded import data_folder, put_in_place

from regdash.datasets import MNIST, OwnTable
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.ui import rows
from regdash.ui.rows import Missing, missing


def test_rows_that_are_here_are_not_missing(tmp_path):
    with data_folder(tmp_path):
        put_in_place("mnist", 2_000)
        assert missing(Experiment(data=MNIST())) is None
        assert missing(Experiment()) is None


def test_a_download_is_offered_only_where_it_helps(tmp_path):
    with data_folder(tmp_path):
        assert missing(Experiment(data=MNIST(rows=300))).download == "mnist"
        assert missing(Experiment(data=OwnTable())) == Missing(
            "No table has been uploaded yet. Choose a CSV or Parquet file."
        )


@pytest.mark.parametrize(
    "error", [InvalidExperiment({"split.folds": "Choose fewer folds"}), RegdashError("Choose fewer folds")]
)
def test_whatever_else_stands_in_the_way_is_a_sentence(monkeypatch, error):
    def fail(data, split):
        raise error

    monkeypatch.setattr(rows, "samples", fail)
    assert missing(Experiment()) == Missing("Choose fewer folds")
