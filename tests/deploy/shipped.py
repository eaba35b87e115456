"""The files of deploy/ as data, and all that they start."""

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = ("compose.yaml", "compose.small.yaml")
DOCUMENTS = ("docs/hosting.md", "docs/settings.md", "SECURITY.md")


def text(place: str) -> str:
    """A file of the project."""
    return (ROOT / place).read_text(encoding="utf-8")


def composed(name: str) -> dict[str, Any]:
    """A Compose file, with its anchors put in."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return read


def manifests() -> list[dict[str, Any]]:
    """Everything that is to be applied to Kubernetes."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [each for file in files for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """What of Kubernetes has this kind, by name."""
    return {each["metadata"]["name"]: each for each in manifests() if each["kind"] == kind}


def pod(deployment: dict[str, Any]) -> dict[str, Any]:
    """What a deployment starts."""
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return found


def unit(path: Path) -> configparser.ConfigParser:
    """A unit of systemd; of a key that comes twice, the last."""
    read = configparser.ConfigParser(interpolation=None, strict=False, comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read


def units() -> dict[str, configparser.ConfigParser]:
    """All units by name."""
    return {path.name: unit(path) for path in sorted((DEPLOY / "systemd").glob("*.service"))}


def instructions(name: str = "Dockerfile") -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their words, lines joined and comments left out."""
    lines = [line for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    words = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name.upper(), rest.strip()) for name, _, rest in words]


def stages(name: str = "Dockerfile") -> list[list[tuple[str, str]]]:
    """The instructions of each stage; what stands before the first FROM is left out."""
    found: list[list[tuple[str, str]]] = []
    for instruction in instructions(name):
        if instruction[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(instruction)
    return found


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command that a file of deploy/ starts, with where it stands."""
    for name in COMPOSE:
        for service, each in composed(name)["services"].items():
            if "command" in each:
                yield f"{name} {service}", each["command"]
    for name, deployment in of_kind("Deployment").items():
        for container in pod(deployment)["containers"]:
            if "command" in container:
                yield f"kubernetes {name}", container["command"]
    for name, read in units().items():
        path, *words = shlex.split(read["Service"]["ExecStart"])
        yield name, [Path(path).name, *words]


def said_commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of regdash that a document shows."""
    for place in DOCUMENTS:
        for line in text(place).splitlines():
            if re.match(r"    (?:regdash|python -m regdash\.cli) ", line):
                words = shlex.split(line, comments=True)
                yield place, ["regdash", *words[words.index("regdash.cli") + 1 if "regdash.cli" in words else 1 :]]
