"""What is refused before it is queued."""

import pytest
from downloaded import data_folder, put_in_place

from regdash.datasets import MNIST, OwnTable
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.limits import check_limits
from regdash.settings import Settings


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (MNIST(), "MNIST is not on this machine yet. Press Download"),
        (OwnTable(), "No table has been uploaded yet"),
        (OwnTable(table="a" * 32), "is not on this machine"),
    ],
)
def test_rows_that_are_not_here_are_refused_with_what_to_do(tmp_path, data, sentence):
    with data_folder(tmp_path), pytest.raises(RegdashError) as refused:
        check_limits([Experiment(), Experiment(data=data)], Settings())
    assert sentence in str(refused.value)


def test_rows_that_have_come_are_taken(tmp_path):
    with data_folder(tmp_path):
        put_in_place("mnist", 400)
        check_limits([Experiment(data=MNIST())], Settings())
