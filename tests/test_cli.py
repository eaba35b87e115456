import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regdash import __version__
from regdash.cli import main
from regdash.codec import from_dict, to_json
from regdash.experiment import Experiment

SHORT = {"data": {"name": "moons", "samples": 40}, "network": {"name": "mlp", "widths": [4]}, "training": {"epochs": 3}}


def write(folder: Path, tree: object) -> str:
    path = folder / "experiment.json"
    path.write_text(json.dumps(tree))
    return str(path)


def test_three_faults_print_three_sentences_one_per_field(tmp_path, capsys):
    faults = {
        "data": {"name": "moon"},
        "training": {"epochs": -5, "batch_size": "many"},
    }
    assert main(["train", write(tmp_path, faults)]) == 2
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["data", "training.epochs", "training.batch_size"]
    assert lines[0].endswith("did you mean moons?")
    assert "must be between 1 and 2000, got -5" in lines[1]
    assert out == ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "json: the text must be JSON"),
        (b"\xff\xfe", "must be UTF-8 text"),
        (b"[" * 70_000, "must have at most 65536 bytes"),
        (b"[" * 60_000, "json: the text must be JSON"),
        (b"[]", "json: an experiment must be an object, got list"),
    ],
)
def test_a_file_that_is_no_experiment_is_refused_with_a_sentence(tmp_path, capsys, content, sentence):
    path = tmp_path / "experiment.json"
    path.write_bytes(content)
    assert main(["train", str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys):
    assert main(["train", "/nowhere/e.json"]) == 1
    assert capsys.readouterr().err == "/nowhere/e.json cannot be read: No such file or directory.\n"


@pytest.mark.parametrize("seeds", ["0", "-1", "x", "1001", "9" * 50, "²"])
def test_a_number_of_seeds_out_of_range_is_refused(seeds, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["train", "e.json", f"--seeds={seeds}"])
    assert "must be a whole number between 1 and 1000" in capsys.readouterr().err


def test_seeds_that_would_pass_the_last_one_are_refused_before_training(tmp_path, capsys):
    assert main(["train", write(tmp_path, {"training": {"seed": 1_000_000}}), "--seeds", "2"]) == 2
    assert capsys.readouterr().err.startswith("training.seed: ")


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"regdash {__version__}\n"


def test_serve_starts_streamlit_on_the_first_page(monkeypatch):
    called = []
    monkeypatch.setattr(os, "execv", lambda program, command: called.append((program, command)))
    monkeypatch.setattr(subprocess, "call", lambda command: 0)
    assert main(["serve", "--port", "8600", "--address", "0.0.0.0"]) == 0
    program, command = called[0]
    assert program == sys.executable
    assert command[1:4] == ["-m", "regdash.ui.server", "run"]
    assert Path(command[4]).name == "app.py"
    assert Path(command[4]).is_file()
    text = " ".join(command)
    assert "--server.port 8600 --server.address 0.0.0.0 --server.headless true" in text


def test_a_wrong_setting_is_a_sentence_and_no_trace():
    done = subprocess.run(
        [sys.executable, "-m", "regdash.cli", "serve"],
        env=os.environ | {"REGDASH_PORT": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "REGDASH_PORT must be a whole number, got 'many'\n")


def test_training_without_a_browser_writes_settings_and_curves(tmp_path, capsys):
    out = tmp_path / "out.json"
    assert main(["train", write(tmp_path, SHORT), "--seeds", "2", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["seed 0: finished", "seed 1: finished"]
    runs = json.loads(out.read_text())
    assert [len(run["history"]["val_loss"]) for run in runs] == [3, 3]
    assert from_dict(runs[1]["experiment"]) == from_dict(SHORT).with_values({"training.seed": 1})


def test_an_experiment_may_come_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(to_json(Experiment()).encode()[:-1])))
    assert main(["train", "-"]) == 2
    assert capsys.readouterr().err.startswith("json: ")
