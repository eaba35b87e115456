"""Downloading a data set from the command line."""

import pytest
from downloaded import data_folder, put_in_place

from regdash.cli import main
from regdash.datasets import downloads
from regdash.datasets.sources import place_of
from regdash.errors import RegdashError


def test_a_data_set_is_fetched_with_its_progress_on_one_line(tmp_path, capsys, monkeypatch):
    def fetch(name, tell):
        for share in (0.0, 0.004, 0.25, 0.25, 1.0):
            tell(share)
        return tmp_path / f"{name}.npz"

    monkeypatch.setattr(downloads, "fetch", fetch)
    assert main(["data", "fetch", "mnist"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'mnist.npz'}\n"
    assert err == "\rMNIST: 0 %\rMNIST: 25 %\rMNIST: 100 %\n"


def test_what_is_there_already_is_not_fetched_again(tmp_path, capsys):
    with data_folder(tmp_path):
        put_in_place("mnist", 400)
        assert main(["data", "fetch", "mnist"]) == 0
        assert capsys.readouterr().out == f"{place_of('mnist')}\n"


def test_a_failure_is_a_sentence_and_no_trace(capsys, monkeypatch):
    def fetch(name, tell):
        tell(0.1)
        raise RegdashError("MNIST could not be downloaded.")

    monkeypatch.setattr(downloads, "fetch", fetch)
    assert main(["data", "fetch", "mnist"]) == 1
    assert capsys.readouterr().err == "\rMNIST: 10 %\nMNIST could not be downloaded.\n"


@pytest.mark.parametrize("name", ["imagenet", "moons", ""])
def test_a_name_that_is_none_is_refused_with_those_that_are(name, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["data", "fetch", name])
    said = capsys.readouterr().err
    assert all(known in said for known in ("fashion_mnist", "mnist", "cifar10"))
