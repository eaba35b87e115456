"""What the documents and deploy/ speak of is there: variables, files, addresses, figures, tests."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from shipped import DEPLOY, DOCUMENTS, ROOT, text

from regdash.jobs.metrics import as_prometheus
from regdash.jobs.overview import overview
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.ui.operators import routes

VARIABLE = re.compile(r"\bREGDASH_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
PLACE = re.compile(r"`((?:assets|benchmarks|deploy|docs|regdash|scripts|tests)/[\w./-]*)`")
OURS = {f"REGDASH_{field.name.upper()}" for field in fields(Settings)}


def documented() -> set[str]:
    """The variables that docs/settings.md explains, in its table and beside it."""
    rows = re.findall(r"^\|([^|]*)\|", text("docs/settings.md"), re.MULTILINE)
    return {found for row in rows for found in VARIABLE.findall(row)}


def files(*folders: str) -> Iterator[Path]:
    """All text files in these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in ("", ".py", ".md", ".yaml", ".conf", ".service", ".txt"):
                yield path


@pytest.mark.parametrize("places", [("deploy",), ("docs",), ("regdash", "benchmarks", "scripts")], ids=str)
def test_every_variable_that_is_spoken_of_is_documented(places: tuple[str, ...]) -> None:
    spoken = {found: str(path) for path in files(*places) for found in VARIABLE.findall(path.read_text())}
    assert {name: at for name, at in spoken.items() if name not in documented()} == {}


def test_every_variable_that_is_documented_is_a_setting_or_is_read_somewhere() -> None:
    read = {
        found for path in files("regdash", "scripts", "tests", "deploy") for found in VARIABLE.findall(path.read_text())
    }
    assert documented() - OURS - read == set()


@pytest.mark.parametrize("place", DOCUMENTS)
def test_every_file_that_a_document_names_exists(place: str) -> None:
    here = (ROOT / place).parent
    linked = [here / found for found in re.findall(r"\]\(([^)#:]+)\)", text(place))]
    named = [ROOT / found for found in PLACE.findall(text(place)) if not found.endswith(".env")]  # those are to be made
    assert len(linked) + len(named) > 0
    assert [str(each.relative_to(ROOT)) for each in {*linked, *named} if not each.resolve().exists()] == []


def test_every_file_of_deploy_is_told_of_in_the_page_about_hosting() -> None:
    page = text("docs/hosting.md")
    told = {path for path in files("deploy") if path.relative_to(ROOT).as_posix() in page}
    folders = {DEPLOY / name for name in ("kubernetes", "systemd", "huggingface", "community-cloud")}
    assert all(f"deploy/{folder.name}/" in page for folder in folders)
    helping = {"requirements.py", ".gitignore", "Dockerfile.dockerignore"}
    untold = [p for p in files("deploy") if p not in told and p.parent not in folders and p.name not in helping]
    assert [path.name for path in untold] == []


def test_every_promise_names_tests() -> None:
    (table,) = re.findall(r"\| Promise \|.*?\n\|[-|]+\n((?:\|.*\n)+)", text("SECURITY.md"))
    promises = [row.split("|")[1:-1] for row in table.splitlines()]
    assert len(promises) >= 15
    assert [promise for promise, _, tests in promises if not PLACE.findall(tests)] == []


def test_health_is_asked_and_figures_are_closed_where_the_server_answers() -> None:
    answers = {route.path for route in routes(lambda: None, lambda: None, True)}  # type: ignore[arg-type, return-value]
    assert {"/healthz", "/readyz", "/metrics", "/status.json"} <= answers
    for path in answers - {"/healthz"}:
        assert f"{path}*" in text("deploy/Caddyfile")
        assert path.removeprefix("/").replace(".", r"\.") in text("deploy/nginx.conf")
        assert f"`{path}`" in text("docs/hosting.md")
    assert "/healthz" in text("deploy/Dockerfile")


def test_every_figure_of_an_alert_is_one_that_the_server_gives(tmp_path: Path) -> None:
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    given = set(re.findall(r"^(regdash_\w+)", as_prometheus(overview(database, Settings())).decode(), re.MULTILINE))
    database.close()
    (group,) = yaml.safe_load(text("deploy/alerts.yaml"))["groups"]
    for rule in group["rules"]:
        asked = set(re.findall(r"regdash_\w+", rule["expr"]))
        assert asked
        assert asked <= given, rule["alert"]
        assert rule["annotations"]["summary"].endswith(".")


def test_the_settings_for_a_small_machine_hold() -> None:
    blocks = re.findall(r"((?:    \w+ = \"[^\"]*\"\n)+)", text("docs/hosting.md"))
    assert len(blocks) == 1
    given = tomllib.loads("\n".join(line.strip() for line in blocks[0].splitlines()))
    assert Settings.read(given).rooms == "nobody"
    assert set(given) <= OURS
