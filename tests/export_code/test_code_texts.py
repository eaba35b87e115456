"""What exported code looks like, and that its rows are those of the run; nothing is trained here."""

import ast
import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from drawn import experiments
from hypothesis import HealthCheck, Phase, given, settings

from regdash.api import (
    MLP,
    Blobs,
    Constant,
    Digits,
    Dropout,
    Experiment,
    Given,
    Linear,
    Moons,
    OwnTable,
    Split,
    available,
    samples,
)
from regdash.datasets import DATASETS
from regdash.errors import RegdashError
from regdash.export.code import notebook, script
from regdash.export.code.pieces import joined
from regdash.export.code.script import constants, imports, sections
from regdash.networks import NETWORKS
from regdash.optimizers import OPTIMIZERS, SCHEDULES
from regdash.regularizers import REGULARIZERS
from tests.export_code.twelve import TWELVE

ALLOWED = {"itertools", "json", "keras", "numpy", "sklearn", "tensorflow", "matplotlib"}
ALONE = [kind for kind in DATASETS if available(kind()) and kind is not OwnTable]  # no download, no upload


def on_data(data, split=Experiment.split):
    """An experiment on a data set whatever its rows are."""
    return Experiment(data=data, split=split, network=Linear())


def defaults():
    """An experiment for every entry of the catalogues that the twelve do not have with its defaults."""
    found = {f"data {kind.name}": on_data(kind()) for kind in DATASETS}
    found |= {f"network {k.name}": Experiment(data=Digits() if k.images else Moons(), network=k()) for k in NETWORKS}
    found |= {f"optimizer {kind.name}": Experiment(optimizer=kind()) for kind in OPTIMIZERS}
    found |= {f"schedule {kind.name}": Experiment(schedule=kind()) for kind in SCHEDULES}
    found |= {f"warm {kind.name}": Experiment(schedule=kind(warmup=10)) for kind in SCHEDULES}
    norms = ("batch", "layer")
    found |= {
        f"{norm} {k.name}": Experiment(data=Digits() if k.images else Moons(), network=k(normalization=norm))
        for k in NETWORKS
        if k is not Linear
        for norm in norms
    }
    dense = [e for e in TWELVE.values() if not e.network.images]
    everything = tuple({r.name: r for e in dense for r in e.regularizers if r.name != "gradient_clipping"}.values())
    found["everything at once"] = Experiment(data=Blobs(), network=MLP((8, 8)), regularizers=everything)
    found["folds"] = Experiment(split=Split(folds=5, fold=2, label_noise=0.2))
    return found


ALL = TWELVE | defaults()


@pytest.mark.parametrize(
    ("place", "catalogue"),
    [("network", NETWORKS), ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("regularizers", REGULARIZERS)],
)
def test_the_twelve_have_every_entry_of_the_catalogues(place, catalogue):
    found = {type(each) for e in TWELVE.values() for each in np.ravel(np.array(getattr(e, place), object))}
    missing = [kind.__name__ for kind in catalogue if kind not in found]
    assert not missing, f"Add {', '.join(missing)} to an experiment of tests/export_code/twelve.py"


@pytest.mark.parametrize("name", ALL)
def test_a_script_is_python_and_imports_only_what_it_promises(name):
    tree = ast.parse(script(ALL[name]))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {each.partition(".")[0] for each in imported} <= ALLOWED
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    unused = {each for each in stored if each.isupper()} - loaded
    assert not unused, f"constants that nothing uses: {unused}"


def test_all_scripts_are_formatted_and_have_no_fault(tmp_path):
    for place, experiment in enumerate(ALL.values()):
        (tmp_path / f"script_{place}.py").write_text(script(experiment), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    isolated = ["--isolated", "--line-length", "100", "--no-cache", str(tmp_path)]
    for command in (["check", "--select", "E,F,W,I"], ["format", "--diff"]):
        done = subprocess.run([*ruff, *command, *isolated], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-2_000:]


def test_dropout_rates_of_many_digits_stand_on_lines_of_their_own():
    rates = (1 / 3, 2 / 3, 1 / 7, 3 / 7, 5 / 7, 1 / 9)
    network = MLP(widths=(8,) * 6)
    text = script(Experiment(network=network, regularizers=(Dropout(rates=rates),)))
    ast.parse(text)
    assert [line for line in text.splitlines() if len(line) > 100 and not line.startswith("/?v=")] == []
    assert f"    {1 / 7!r},\n" in text


@given(experiments())
@settings(max_examples=25, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
def test_any_experiment_becomes_python_with_short_lines(experiment):
    text = script(experiment)
    ast.parse(text)
    assert [line for line in text.splitlines() if len(line) > 100 and not line.startswith("/?v=")] == []


def rows_of(experiment):
    """The arrays that the first two sections of a script leave."""
    parts = sections(experiment)
    code = joined([imports(experiment, parts), constants(experiment, parts), *parts[0].blocks, *parts[1].blocks])
    lines = [line for line in code.splitlines() if "keras" not in line or line.startswith("parts =")]
    space = {}
    exec(compile("\n".join(lines), "script", "exec"), space)
    return space


def check_rows(experiment):
    expected, space = samples(experiment.data, experiment.split), rows_of(experiment)
    for name, part in (("train", expected.train), ("val", expected.validation)):
        np.testing.assert_allclose(space[f"x_{name}"], part.x, rtol=1e-5, atol=1e-6)
        y = space[f"y_{name}"]
        assert y.dtype == space[f"x_{name}"].dtype == np.float32
        found = y.argmax(axis=1) if expected.task == "multiclass" else y[:, 0]
        np.testing.assert_allclose(found, part.y, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ALONE, ids=lambda kind: kind.name)
def test_the_rows_of_a_script_are_those_of_the_run(kind):
    check_rows(on_data(kind(), Split(train=0.4, seed=5)))
    noise = 0.3 if kind().classes else 0.0
    check_rows(on_data(kind(), Split(train=0.4, seed=6, folds=3, fold=1, label_noise=noise)))


@pytest.mark.parametrize("train", [0.05, 0.9])
def test_parts_of_very_few_rows_are_those_of_the_run(train):
    check_rows(on_data(Moons(samples=20), Split(train=train, label_noise=0.4)))


def test_the_link_leads_back_to_the_experiment():
    from urllib.parse import parse_qsl

    from regdash.api import from_link

    experiment = ALL["three clouds"]
    line = next(line for line in script(experiment, "https://regdash.example.org/").splitlines() if "?v=" in line)
    assert line.startswith("https://regdash.example.org/?v=1")
    assert from_link(dict(parse_qsl(line.partition("?")[2]))) == experiment


def test_only_what_is_in_use_stands_in_a_script():
    plain = script(Experiment())
    for word in ("Dropout", "regularizer", "constraint", "EarlyStopping", "schedule", "augmented", "folds", "WRONG"):
        assert word not in plain
    assert "layers.Dropout(DROPOUT)" in script(Experiment(regularizers=(Dropout(0.3),)))
    assert "DROPOUT = 0.3\n" in script(Experiment(regularizers=(Dropout(0.3),)))


def test_arrays_of_a_program_are_refused_with_a_sentence():
    x = np.zeros((4, 2))
    arrays = Given(train_x=x, train_y=np.arange(4) % 2, val_x=x, val_y=np.arange(4) % 2, classes=2)
    for made in (script, notebook):
        with pytest.raises(RegdashError, match="upload them as a table"):
            made(Experiment(data=arrays, network=Linear()))


@pytest.mark.parametrize("name", TWELVE)
def test_a_notebook_is_valid_and_the_same_every_time(name):
    data = notebook(TWELVE[name])
    book = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    assert data == notebook(TWELVE[name])
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    for block in (block for part in sections(TWELVE[name]) for block in part.blocks):
        assert block.strip() in code


def test_a_notebook_shows_the_objective_with_the_numbers_of_the_experiment():
    cells = json.loads(notebook(Experiment(schedule=Constant()).with_values({"l2.l2": 0.003})))["cells"]
    assert any(r"0.003\,{\textstyle\sum}\,w^2" in cell["source"] for cell in cells)
