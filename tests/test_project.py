"""Laws about the project's own files."""

import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import regdash.ui

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {
    ".git", ".venv", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache",
    "__pycache__", "build", "dist", "static", "test-results",
}  # fmt: skip
HOSTS = re.compile(r"\bpypi\.|\bpythonhosted\.|-index-ur[l]|-find-link[s]|/simple/(?=[\s\"'])", re.IGNORECASE)
MACHINE_PATHS = re.compile(r"(?<![\w.~}*)])/(?:work|farm|root|home|Users)/")


def our_texts() -> dict[str, str]:
    """Every text file of the project by its place."""
    texts = {}
    for path in ROOT.rglob("*"):
        place = path.relative_to(ROOT)
        if path.is_file() and not NOT_OURS.intersection(place.parts):
            try:
                texts[str(place)] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture
    return texts


@pytest.mark.parametrize("forbidden", [HOSTS, MACHINE_PATHS], ids=["package index hosts", "paths of a machine"])
def test_no_file_names_what_only_one_machine_has(forbidden: re.Pattern[str]) -> None:
    found = [f"{place}: {match[0]}" for place, text in our_texts().items() for match in forbidden.finditer(text)]
    assert found == []


def modules_below(package: str) -> list[str]:
    """Names of the package's modules, from its folder and without importing them."""
    room = ROOT.joinpath(*package.split("."))
    return [each.name for each in pkgutil.walk_packages([str(room)], prefix=f"{package}.")]


@pytest.mark.parametrize("names", [modules_below("regdash.ui"), ["regdash.api"]], ids=["regdash.ui", "regdash.api"])
def test_a_fresh_python_imports_the_web_side_without_an_engine(names: list[str]) -> None:
    program = (
        f"import importlib, sys; [importlib.import_module(n) for n in ['regdash.ui', *{names}]]; "
        "print(*{'tensorflow', 'keras', 'jax', 'torch', 'optuna', 'tensorboardX', 'kaleido'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(regdash.ui.__file__).parents[1].joinpath("py.typed").is_file()


def test_the_constraints_pin_every_requirement_inside_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["test"]]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    outside = [str(each) for each in wanted if not each.specifier.contains(pins.get(each.name, "0"))]
    assert outside == [], "write constraints.txt anew with scripts/pin.py"


def test_the_hooks_before_a_commit_run_the_very_parts_of_make_check() -> None:
    parts = re.search(r"^check: ([a-z ]+) ##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    hooks = re.findall(r"entry: make (\w+)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert parts is not None
    assert hooks == parts[1].split()
