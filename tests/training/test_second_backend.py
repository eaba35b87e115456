"""The engine on JAX: the same laws, and sentences where it cannot be had. Each in a process of its own."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDS_JAX = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs the extra [jax]")

FILES = ("laws", "dropout_parity", "keras_parity", "every_part_parity", "joining")
CHOSEN = "each_member or moving_any_slider or diverges or one_step_with_dropout or nesterov or adamw or rows_may_join"
"""A selection that takes about a minute; `REGDASH_BACKEND=jax make test ARGS=tests/training` asks all."""


def on_jax(*command: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with the second backend."""
    environment = os.environ | {"REGDASH_BACKEND": "jax", "KERAS_BACKEND": "jax"}
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, env=environment)


@NEEDS_JAX
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_holds_on_tensorflow_holds_on_jax():
    files = [f"tests/training/test_{file}.py" for file in FILES]
    ended = on_jax("-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *files, "-k", CHOSEN)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    assert " passed" in ended.stdout


@NEEDS_JAX
def test_on_jax_a_model_learns_and_tensorflow_is_never_imported():
    program = """
import sys
from regdash.api import Experiment, train
(run,) = train(Experiment().with_values({"training.epochs": 9, "network.widths": (8,)}))
assert run.history["loss"][-1] < run.history["loss"][0]
print(*sorted(run.versions), "tensorflow" in sys.modules)
"""
    ended = on_jax("-c", program)
    assert ended.stdout.split() == ["device", "jax", "keras", "numpy", "False"], ended.stderr


def test_without_jax_the_second_backend_says_how_to_get_it():
    program = """
import sys
sys.modules["jax"] = None
from regdash.errors import RegdashError
try:
    import regdash.training.backend
except RegdashError as error:
    print(error)
"""
    ended = on_jax("-c", program)
    assert "pip install 'regdash[jax]'" in ended.stdout, ended.stderr


def test_a_backend_that_is_not_known_is_refused_with_the_choices():
    environment = os.environ | {"REGDASH_BACKEND": "nonsense"}
    program = "import regdash.training.backend"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert "RegdashError: REGDASH_BACKEND must be tensorflow or jax, got 'nonsense'" in ended.stderr
