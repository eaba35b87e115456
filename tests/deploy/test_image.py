"""The Dockerfile: small, without rights, checked for health, and built from what the project pins."""

import json
import re
import runpy
import shlex
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from shipped import DEPLOY, ROOT, instructions, stages

from regdash.settings import Settings

FILES = ("Dockerfile", "huggingface/Dockerfile")
BUILD_TOOLS = ("apt-get", "build-essential", "gcc", "make", "git ", "pip ", "curl", "wget")
SECRET = re.compile(r"(?i)(password|passwd|secret|token|api_?key|credential)[^\s=]*=")


def variables(name: str) -> dict[str, str]:
    """What ENV and ARG set in the last stage."""
    found = {}
    for instruction, rest in stages(name)[-1]:
        if instruction in ("ENV", "ARG"):
            found |= dict(word.split("=", 1) for word in shlex.split(rest) if "=" in word)
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_last_user_is_not_root(name: str) -> None:
    users = [rest for instruction, rest in stages(name)[-1] if instruction == "USER"]
    assert users[-1:] == ["1000"]
    names = [instruction for instruction, _ in stages(name)[-1]]
    assert {"RUN", "COPY", "ADD"}.isdisjoint(names[names.index("USER") :])


@pytest.mark.parametrize("name", FILES)
def test_no_image_is_taken_whose_version_may_change_unnoticed(name: str) -> None:
    arguments = dict(rest.split("=", 1) for i, rest in instructions(name) if i == "ARG" and "=" in rest)
    own = {rest.split(" AS ")[1] for i, rest in instructions(name) if i == "FROM" and " AS " in rest}
    for instruction, rest in instructions(name):
        if instruction == "FROM" and rest.split()[0] not in own:
            image = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], rest.split()[0])
            assert re.search(r":(?!latest)[\w.-]+$", image), image


@pytest.mark.parametrize("name", FILES)
def test_no_secret_is_written_into_an_image(name: str) -> None:
    assert [rest for i, rest in instructions(name) if i in ("ENV", "ARG", "LABEL") and SECRET.search(rest)] == []


def test_nothing_is_built_or_fetched_in_the_last_stage() -> None:
    runs = [rest for instruction, rest in stages()[-1] if instruction == "RUN"]
    assert [run for run in runs for tool in BUILD_TOOLS if tool in f"{run} "] == []
    assert len(stages()) == 3


def test_packages_are_installed_as_the_constraints_say_and_from_no_address_of_their_own() -> None:
    runs = [rest for instruction, rest in instructions() if instruction == "RUN"]
    installs = [run for run in runs if " install " in run]
    assert "--constraint constraints.txt" in installs[0]
    assert "--no-deps" in installs[1]
    assert [run for run in runs if re.search(r"https?://|index|--find|trusted", run)] == []


def test_everything_that_the_image_copies_is_let_through_and_exists() -> None:
    let = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = set()
    for instruction, rest in instructions():
        if instruction == "COPY" and "--from" not in rest:
            copied |= set(rest.split()[:-1])
    assert copied == let
    assert [place for place in copied if not (ROOT / place).exists()] == []


def test_all_that_makes_the_wheel_is_copied() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    let = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert [place for place in [*wheel["packages"], *wheel["force-include"]] if f"!{place}" not in let] == []


def test_the_image_listens_where_the_settings_say_and_keeps_its_data_in_the_volume() -> None:
    here = Settings.read(variables("Dockerfile"))
    said = dict(stages()[-1])
    assert said["EXPOSE"] == str(here.port) == str(Settings().port)
    assert said["VOLUME"] == str(here.data_dir)
    assert here.address == "0.0.0.0"
    assert json.loads(said["CMD"]) == ["regdash", "serve"]


def test_the_check_of_health_asks_the_dashboard_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = [rest for instruction, rest in instructions() if instruction == "HEALTHCHECK"]
    python, option, program = json.loads(check[check.index("[") :])
    assert (python, option) == ("python", "-c")
    asked: list[str] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda address, timeout: asked.append(address))
    monkeypatch.setenv("REGDASH_PORT", "7860")
    exec(program, {})
    assert asked == ["http://127.0.0.1:7860/healthz"]


def test_the_space_listens_on_the_port_that_its_card_says() -> None:
    card = (DEPLOY / "huggingface" / "README.md").read_text()
    said = dict(stages("huggingface/Dockerfile")[-1])
    here = Settings.read(variables("huggingface/Dockerfile"))
    assert f"\napp_port: {here.port}\n" in card
    assert said["EXPOSE"] == str(here.port)
    assert "\nsdk: docker\n" in card


def requirements(extras: str) -> list[str]:
    """What the image installs."""
    names: dict[str, Any] = runpy.run_path(str(DEPLOY / "requirements.py"))
    found: list[str] = names["requirements"](ROOT / "pyproject.toml", extras)
    return found


def test_the_image_installs_what_the_project_asks_for_with_its_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert requirements("") == project["dependencies"]
    assert requirements("postgres, cluster") == project["dependencies"] + extras["postgres"] + extras["cluster"]


def test_an_extra_that_does_not_exist_is_named() -> None:
    with pytest.raises(SystemExit, match=r"an extra must be one of .*postgres.*, got postgress"):
        requirements("postgress")


def test_every_choice_of_extras_in_deploy_exists() -> None:
    texts = [path.read_text() for path in Path(DEPLOY).rglob("*") if path.suffix in ("", ".yaml") and path.is_file()]
    choices = [found for text in texts for found in re.findall(r"EXTRAS[:=] ?\"?([\w,-]+)", text)]
    assert len(choices) >= 3
    for choice in choices:
        assert requirements(choice)


def test_the_list_for_community_cloud_differs_in_the_size_of_tensorflow_only() -> None:
    lines = (DEPLOY / "community-cloud" / "requirements.txt").read_text().splitlines()
    asked = {line for line in lines if not line.startswith("#")}
    assert {line.replace("tensorflow-cpu", "tensorflow") for line in asked} == set(requirements("postgres"))
