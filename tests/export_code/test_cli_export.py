"""`regdash export`: every format, from an id, a link and a file; and what is said when it cannot be done."""

import ast
import csv
import json
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from downloaded import data_folder
from fake_runs import record

from regdash.api import Experiment, Linear, Moons, OwnTable, RunStore, to_json, to_link
from regdash.cli import main
from regdash.datasets.own import tables_folder
from regdash.datasets.table_files import save_table
from regdash.datasets.tables import prepare, read_table
from regdash.settings import settings

EXPERIMENT = Experiment(data=Moons(samples=60))


@pytest.fixture(autouse=True)
def run(tmp_path, monkeypatch):
    """A machine whose store has one run; its id."""
    monkeypatch.delenv("REGDASH_DATABASE_URL", raising=False)
    with data_folder(tmp_path / "data"):
        settings().data_dir.mkdir(parents=True)
        store = RunStore.open(settings().store_url)
        found = store.put(record(EXPERIMENT))
        store.close()
        yield found


def test_a_link_an_id_and_a_file_give_the_same_script(run, tmp_path, capsys):
    file = tmp_path / "experiment.json"
    file.write_text(to_json(EXPERIMENT))
    link = f"https://regdash.example.org/?{urlencode(to_link(EXPERIMENT))}"
    texts = []
    for what in (run, link, str(file)):
        assert main(["export", what]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    assert ast.parse(texts[0])


def test_a_notebook_and_the_curves_are_written_to_files(run, tmp_path):
    made = {name: tmp_path / f"run.{name}" for name in ("notebook", "json", "csv")}
    for name, place in made.items():
        assert main(["export", run, "--format", name, "--out", str(place)]) == 0
    assert json.loads(made["notebook"].read_text())["nbformat"] == 4
    history = record(EXPERIMENT).history
    assert json.loads(made["json"].read_text())["history"]["val_loss"] == history["val_loss"].tolist()
    rows = list(csv.DictReader(made["csv"].read_text().splitlines()))
    assert [float(row["val_loss"]) for row in rows] == history["val_loss"].tolist()
    assert [row["epoch"] for row in rows] == [str(epoch) for epoch in history.epochs]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["0" * 20], 1, "There is no run 00000000000000000000 with results"),
        (["?v=1&dropout.rate=7"], 1, "dropout.rate: Dropout must be between 0 and 0.9, got 7"),
        (["?v=1&layers=3"], 1, "there is no setting called 'layers'"),
        (["/nowhere/experiment.json"], 1, "/nowhere/experiment.json cannot be read"),
        (["?" + "v" * 20_000], 2, "must have at most 16384 letters"),
        (["?v=1&data=circles", "--format", "csv"], 1, "has not been trained on this machine"),
        (["?v=1&data=circles", "--format", "keras", "--out", "x.keras"], 1, "has not been trained on this machine"),
        (["?v=1", "--format", "keras"], 2, "say where to write it, as in --out run.keras"),
        (["?v=1", "--out", "/nowhere/run.py"], 1, "/nowhere/run.py cannot be written"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(arguments, status, sentence, capsys):
    assert main(["export", *arguments]) == status
    out, err = capsys.readouterr()
    assert sentence in err
    assert out == ""


def test_the_rows_of_an_uploaded_table_come_beside_the_script_without_its_names(tmp_path, capsys):
    frame = pd.DataFrame({"</script> width": np.arange(40) % 7, "y": ['"""', "b"] * 20})
    table = read_table(frame.to_csv(index=False).encode(), "t.csv")
    mark = save_table(prepare(table, "y", table.inputs_for("y")), tables_folder())
    experiment = Experiment(data=OwnTable(table=mark), network=Linear())
    script = tmp_path / "run.py"
    assert main(["export", "?" + urlencode(to_link(experiment)), "--out", str(script)]) == 0
    assert "script>" not in script.read_text()
    beside = tmp_path / f"table-{mark[:8]}.npz"
    assert str(beside) in capsys.readouterr().err
    assert f'np.load("{beside.name}", allow_pickle=False)' in script.read_text()
    with np.load(beside, allow_pickle=False) as rows:
        assert rows["inputs"].shape == (40, 1)
        assert rows["targets"].shape == (40,)
