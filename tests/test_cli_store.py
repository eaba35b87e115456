"""Looking after the store from the command line."""

import pytest

from regdash.cli import main
from regdash.codec import identity, to_json
from regdash.experiment import Experiment
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.store.requests import RequestStore, Wanted
from regdash.store.schema import runs


@pytest.fixture
def url(tmp_path, monkeypatch):
    """An SQLite store with one run that waits."""
    here = Settings(data_dir=tmp_path / "data")
    monkeypatch.setattr("regdash.cli.store.settings", lambda: here)
    database = open_store(here.store_url)
    experiment = Experiment()
    wanted = Wanted(identity(experiment), to_json(experiment), 3, False)
    RequestStore(database).submit("a-ann", [wanted], here)
    database.close()
    return here.store_url


def spoil(url):
    database = open_store(url)
    with database.writing() as connection:
        connection.execute(runs.update().values(state="done"))
    database.close()


def test_a_sound_store_is_said_to_be_so(url, capsys):
    assert main(["store", "check"]) == 0
    assert capsys.readouterr().out.endswith("is sound: 1 runs, 0 records.\n")


def test_faults_are_printed_with_status_1(url, capsys):
    spoil(url)
    assert main(["store", "check"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"Run {identity(Experiment())} is done, but its record is missing.\n"


def test_a_store_goes_out_and_comes_in_again(url, tmp_path, capsys, monkeypatch):
    file = tmp_path / "all.zip"
    assert main(["store", "export", str(file)]) == 0
    assert capsys.readouterr().out.startswith(f"{file} holds 1 runs, 0.0 MB.")
    other = Settings(data_dir=tmp_path / "other")
    monkeypatch.setattr("regdash.cli.store.settings", lambda: other)
    assert main(["store", "import", str(file)]) == 0
    assert main(["store", "import", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 runs were taken in, 0 were there already.",
        "0 runs were taken in, 1 were there already.",
    ]


def test_what_is_left_out_of_an_import_is_printed_with_status_1(url, tmp_path, capsys):
    spoil(url)
    file = tmp_path / "all.zip"
    assert main(["store", "export", str(file)]) == 0
    assert main(["store", "import", str(file)]) == 1
    assert "is done, but has no record" in capsys.readouterr().err


def test_a_file_that_is_no_export_is_a_sentence(url, tmp_path, capsys):
    file = tmp_path / "notes.txt"
    file.write_text("no archive")
    assert main(["store", "import", str(file)]) == 1
    assert capsys.readouterr().err.startswith(f"{file} is not an export of Regdash")


def test_pruning_says_what_is_gone(url, capsys):
    assert main(["store", "prune"]) == 0
    assert capsys.readouterr().out == "Deleted: 0 runs, 0 rooms, 0.0 MB of records.\n"


def test_upgrading_names_the_version(url, capsys):
    assert main(["store", "upgrade"]) == 0
    assert "has the tables of this version (0005)" in capsys.readouterr().out


def test_a_store_that_cannot_be_used_is_a_sentence(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    here = Settings(data_dir=tmp_path / "file" / "below")
    monkeypatch.setattr("regdash.cli.store.settings", lambda: here)
    for command in (["check"], ["export", "x.zip"], ["import", "x.zip"], ["prune"], ["upgrade"]):
        assert main(["store", *command]) == 1
        assert "its folder cannot be made" in capsys.readouterr().err


def test_many_faults_are_cut_short(url, capsys, monkeypatch):
    monkeypatch.setattr("regdash.store.check.check_store", lambda _: [f"Fault {n}." for n in range(70)])
    assert main(["store", "check"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (51, "... and 20 more faults.")
