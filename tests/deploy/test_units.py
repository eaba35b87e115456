"""The units of systemd."""

import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from shipped import text, unit, units

from regdash.settings import Settings

EACH = pytest.mark.parametrize("name", units())


def service(name: str) -> ConfigParser:
    """A unit by name."""
    return units()[name]


def settings_of(name: str) -> Settings:
    """What the unit's own lines make of the settings."""
    return Settings.read(dict(word.split("=", 1) for word in service(name)["Service"]["Environment"].split()))


@EACH
def test_a_unit_has_no_rights_and_writes_to_its_own_folder_only(name: str) -> None:
    said = service(name)["Service"]
    assert said["User"] not in ("root", "0")
    assert said["CapabilityBoundingSet"] == ""
    for switch in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces", "LockPersonality"):
        assert said[switch] == "yes", switch
    assert said["ProtectSystem"] == "strict"
    assert said["SystemCallFilter"] == "@system-service"
    assert settings_of(name).data_dir == Path("/var/lib") / said["StateDirectory"]


@EACH
def test_a_unit_may_still_compile_programs_while_it_runs(name: str) -> None:
    """XLA writes machine code into memory and then runs it."""
    assert "MemoryDenyWriteExecute" not in service(name)["Service"]


@EACH
def test_a_unit_comes_back_after_a_fall(name: str) -> None:
    assert service(name)["Service"]["Restart"] == "always"
    assert service(name)["Install"]["WantedBy"] == "multi-user.target"


def test_dashboard_and_coordinator_differ_only_in_what_they_start_and_may_use() -> None:
    app, coordinator = (dict(service(f"regdash-{name}.service")["Service"]) for name in ("app", "coordinator"))
    different = {key for key in {*app, *coordinator} if app.get(key) != coordinator.get(key)}
    assert different == {"ExecStart", "Environment", "MemoryMax", "ProcSubset", "TimeoutStopSec"}
    assert not settings_of("regdash-app.service").embedded


def test_a_worker_fits_into_the_memory_of_the_coordinators_unit() -> None:
    most = float(service("regdash-coordinator.service")["Service"]["MemoryMax"].removesuffix("G"))
    assert settings_of("regdash-coordinator.service").max_memory_mb / 1_024 + 2 <= most


@EACH
def test_the_documents_say_how_a_unit_is_installed(name: str) -> None:
    assert f"deploy/systemd/{name}" in text("docs/hosting.md")


def test_systemd_itself_finds_no_fault(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for name in units():
        words = text(f"deploy/systemd/{name}").replace("/opt/regdash/.venv/bin/regdash", "/bin/true")
        (tmp_path / name).write_text(words)
        assert unit(tmp_path / name)["Service"]["ExecStart"].startswith("/bin/true")
    command = [program, "verify", "--man=no", *(str(tmp_path / name) for name in units())]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    about_ours = [line for line in answer.stderr.splitlines() if str(tmp_path) in line or "regdash" in line]
    assert about_ours == []
