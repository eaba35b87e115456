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
        put_in_place("mnist", 2_000)
        check_limits([Experiment(data=MNIST())], Settings())


def test_rows_that_turn_out_to_be_too_few_are_refused_with_the_sentence_of_their_data_set(tmp_path):
    with data_folder(tmp_path):
        put_in_place("mnist", 400)
        with pytest.raises(RegdashError, match="it holds 400 images, 2,000 are asked for"):
            check_limits([Experiment(data=MNIST()).with_values({"split.seed": 77})], Settings())


def test_a_run_that_would_not_fit_the_memory_is_refused_before_it_starts():
    wide = Experiment().with_values({"network.widths": (512, 512), "training.batch_size": 0, "data.samples": 5_000})
    check_limits([wide], Settings())
    with pytest.raises(RegdashError, match=r"This run would take about \d+ MB of memory, and this server has 20 MB"):
        check_limits([wide], Settings(max_memory_mb=20.0))
