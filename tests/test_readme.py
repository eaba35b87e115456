"""What the README says is true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs_and_prints_a_best_epoch_and_a_gap_for_each_setting() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    answer = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    printed = re.findall(r"^(\w+): best epoch (\d+) of (\d+), gap (-?\d+\.\d{3})$", answer.stdout, re.MULTILINE)
    assert [name for name, _, _, _ in printed] == ["plain", "regularised"]
    assert all(1 <= int(best) <= int(last) for _, best, last, _ in printed)
    plain, regularised = (float(gap) for _, _, _, gap in printed)
    assert regularised < plain


def test_the_python_example_is_short() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(example.strip().splitlines()) <= 10


def test_the_map_shows_the_very_layers_that_are_enforced() -> None:
    (drawn,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    rows = [re.split(r" {2,}", row)[0] for row in drawn.splitlines()]
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert rows == contract["layers"]


def test_every_file_that_the_readme_points_to_exists() -> None:
    places = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [place for place in places if not (ROOT / place).exists()] == []
