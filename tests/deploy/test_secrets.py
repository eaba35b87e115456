"""No file of the project holds a secret, and those that would are kept out of it."""

import re
from pathlib import Path

import pytest
from shipped import DEPLOY, DOCUMENTS, ROOT, composed

TOLD = re.compile(r"(?i)(?:password|passwd|secret|token|api_?key)\w*[\"']?\s*[=:]\s*[\"']?([^\s\"',}|]+)")
EMPTY = re.compile(r"\.\.\.|\$|\*|&|\{|\?|false$")  # a reference, dots for the reader to fill in, or a switch
KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc")


@pytest.mark.parametrize("path", [*FILES, *(ROOT / each for each in DOCUMENTS)], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_holds_a_password_or_a_key(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    if path.suffix == ".md":  # of a page only what is to be typed
        words = "\n".join(line for line in words.splitlines() if line.startswith("    "))
    assert [found for found in TOLD.findall(words) if not EMPTY.match(found)] == []
    assert KEYS.search(words) is None


def test_files_in_which_secrets_are_meant_to_lie_are_ignored_by_git_and_do_not_exist_here() -> None:
    ignored = (DEPLOY / ".gitignore").read_text().split()
    services = composed("compose.yaml")["services"].values()
    assert {each["path"] for s in services for each in s.get("env_file", ())} | {".env"} == set(ignored)


def test_the_image_is_built_from_a_list_of_what_may_come_in_so_that_no_secret_slips_through() -> None:
    lines = [line for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    assert [line for line in lines if "secret" in line or ".env" in line] == []
    assert "!.streamlit/config.toml" in lines
    assert "!.streamlit" not in lines
