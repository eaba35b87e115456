"""Every exported script and notebook of the twelve, run in a fresh process, ends with the numbers of the record."""

import json
import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from regdash.export.code import notebook, script
from regdash.training.loop import train_stack
from tests.export_code.twelve import EXACT, NOISY, NOTEBOOKS, TWELVE

RUNNING = '\nprint(json.dumps([row["running_loss"] for row in curves], default=float))\n'
SCORE = {"classification": "accuracy", "regression": "r2"}


OFTEN = ("lasso with exact zeros", "filters", "many measurements")


def often(names):
    """The experiments as parameters of a test; most of them run with the slow tests."""
    return [pytest.param(name, marks=[] if name in OFTEN else pytest.mark.slow) for name in names]


def code_of(name):
    """The script, or the code cells of the notebook one after another."""
    if name not in NOTEBOOKS:
        return script(TWELVE[name])
    cells = nbformat.reads(notebook(TWELVE[name]).decode(), as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def numbers_of(tmp_path_factory):
    """Run the code of an experiment as anybody would, in a folder of its own; the numbers that it prints."""

    def run(name):
        file = tmp_path_factory.mktemp("exported") / "run.py"
        file.write_text(code_of(name) + RUNNING, encoding="utf-8")
        own = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        own |= {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            [sys.executable, "-I", str(file)], cwd=file.parent, env=own, capture_output=True, text=True, timeout=280
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        lines = done.stdout.splitlines()
        numbers = next(json.loads(line) for line in lines if line.startswith("{"))
        return numbers | {"running": json.loads(lines[-1])}

    return run


@pytest.mark.parametrize("name", often(EXACT))
def test_the_code_ends_with_the_numbers_of_the_record(name, numbers_of):
    experiment = EXACT[name]
    (record,) = train_stack([experiment])
    numbers, history = numbers_of(name), record.history
    assert numbers["epochs"] == len(history.epochs)
    assert numbers["best_epoch"] == record.best_epoch
    score = SCORE[experiment.data.task]
    for moment, epoch in (("best", record.best_epoch), ("last", len(history.epochs))):
        for curve in ("loss", "val_loss", "running_loss", score, f"val_{score}"):
            expected = history[curve][epoch - 1]
            assert numbers[moment][curve] == pytest.approx(expected, abs=1e-3), f"{moment} {curve}"
        assert numbers[moment]["l2_norm"] == pytest.approx(history["l2_norm/all"][epoch - 1], rel=1e-3)
    kernels = [weight for weight in record.weights if weight.ndim > 1]
    assert numbers["kept_l2_norm"] == pytest.approx(np.sqrt(sum((w**2).sum() for w in kernels)), rel=1e-3)


def with_half_the_rate(experiment):
    """For each kind of noise in use the same experiment with half of it."""
    for part in experiment.regularizers:
        name = "stddev" if part.name == "input_noise" else "rates" if getattr(part, "rates", ()) else "rate"
        value = getattr(part, name)
        half = tuple(each / 2 for each in value) if name == "rates" else value / 2
        yield part.name, experiment.with_values({f"{part.name}.{name}": half})


@pytest.mark.parametrize("name", often(NOISY))
def test_noise_has_the_strength_of_the_record(name, numbers_of):
    """The luck of the draw moves the mean of the running loss far less than half of any one rate would."""
    experiment = NOISY[name]
    (record,) = train_stack([experiment])
    found, expected = np.mean(numbers_of(name)["running"]), record.history["running_loss"].mean()
    for kind, other in with_half_the_rate(experiment):
        (half,) = train_stack([other])
        apart = abs(half.history["running_loss"].mean() - expected)
        assert abs(found - expected) < 0.5 * apart, f"{kind}: {found} against {expected}, half of it moves {apart}"
