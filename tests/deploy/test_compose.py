"""The Compose files: what they refer to is there, only the proxy is published, nobody has needless rights."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from shipped import COMPOSE, DEPLOY, composed

from regdash.settings import Settings

ADDRESS = re.compile(r"[\w+]+://[^\s\"]+")
EACH = pytest.mark.parametrize("name", COMPOSE)


def services(name: str) -> dict[str, dict[str, Any]]:
    """The services of a file by name."""
    found: dict[str, dict[str, Any]] = composed(name)["services"]
    return found


def settings_of(service: dict[str, Any]) -> Settings:
    """The settings that a service reads."""
    given = service.get("environment", {})
    assert all(isinstance(value, str) for value in given.values()), given
    return Settings.read(given)


@EACH
def test_whatever_is_referred_to_is_defined_and_whatever_is_defined_is_used(name: str) -> None:
    read, used = composed(name), {"networks": set[str](), "volumes": set[str]()}
    for service in read["services"].values():
        used["networks"] |= set(service.get("networks", ()))
        used["volumes"] |= {each.split(":")[0] for each in service.get("volumes", ()) if each[0] not in "./"}
        assert set(service.get("depends_on", ())) <= set(read["services"])
    assert used == {kind: set(read[kind]) for kind in used}


@EACH
def test_every_file_that_is_mounted_or_built_from_exists(name: str) -> None:
    for service in services(name).values():
        for each in service.get("volumes", ()):
            if each.startswith("."):
                assert (DEPLOY / each.split(":")[0]).is_file()
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@EACH
def test_who_is_waited_for_to_be_healthy_has_a_check_of_health(name: str) -> None:
    for service in services(name).values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                waited_for = services(name)[other]
                own = waited_for.get("healthcheck", {})
                assert "test" in own or (waited_for["image"] == "regdash:local" and waited_for["command"][1] == "serve")


@EACH
def test_a_service_that_serves_no_page_does_not_keep_the_images_check_of_health(name: str) -> None:
    for service in services(name).values():
        if service["image"].startswith("regdash:") and service["command"] != ["regdash", "serve"]:
            assert service["healthcheck"].get("disable") or "/health" in " ".join(service["healthcheck"]["test"])


@EACH
def test_every_address_names_a_service_in_a_network_of_the_one_that_uses_it(name: str) -> None:
    for at, service in services(name).items():
        words = [*map(str, service.get("environment", {}).values()), *service.get("command", ())]
        hosts = {urlsplit(found).hostname for word in words for found in ADDRESS.findall(word)}
        hosts |= {service["environment"]["APP_HOST"]} if "APP_HOST" in service.get("environment", {}) else set()
        for host in hosts:
            assert set(services(name)[host]["networks"]) & set(service["networks"]), (at, host)


@EACH
def test_only_the_proxy_is_published(name: str) -> None:
    assert [at for at, service in services(name).items() if "ports" in service] == ["proxy"]


@EACH
def test_the_ports_agree(name: str) -> None:
    app, proxy = services(name)["app"], services(name)["proxy"]
    assert app["expose"] == [proxy["environment"]["APP_PORT"]] == [str(settings_of(app).port)]


@EACH
def test_no_image_is_the_latest(name: str) -> None:
    assert [s["image"] for s in services(name).values() if not re.search(r":(?!latest)[\w.-]+$", s["image"])] == []


@EACH
def test_every_service_gives_up_its_rights_and_comes_back_after_a_fall(name: str) -> None:
    for at, service in services(name).items():
        assert service["cap_drop"] == ["ALL"], at
        assert service["security_opt"] == ["no-new-privileges:true"], at
        assert service["restart"] == "unless-stopped", at
        assert service.get("read_only") or service["image"].startswith("postgres:"), at
        assert "privileged" not in service
        assert service.get("user") != "root"


@EACH
def test_every_service_of_ours_reads_settings_that_hold(name: str) -> None:
    for service in services(name).values():
        if service["image"].startswith("regdash:"):
            assert settings_of(service).max_queue > 0


def test_the_whole_has_one_coordinator_of_its_own_and_one_record() -> None:
    here = {name: settings_of(service) for name, service in services("compose.yaml").items() if name != "proxy"}
    assert not here["app"].embedded
    assert here["coordinator"].scheduler == "tcp://scheduler:8786"
    assert here["app"].database_url == here["coordinator"].database_url
    assert here["worker"].database_url == here["worker-gpu"].database_url == ""  # what they train on comes to them


def test_the_small_one_starts_its_coordinator_itself_and_keeps_its_store_in_a_volume() -> None:
    app = services("compose.small.yaml")["app"]
    here = settings_of(app)
    assert here.embedded
    assert here.database_url == ""
    assert f"data:{here.data_dir}" in app["volumes"]


def test_the_password_has_no_default_and_stands_in_no_address() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert re.findall(r"\$\{POSTGRES_PASSWORD(:?.)", text) == [":?"]
    assert re.search(r"://\w+:[^@\s]+@", text) is None


def test_store_and_cluster_are_reached_from_inside_only_and_workers_do_not_reach_the_store() -> None:
    read = composed("compose.yaml")
    assert {name for name, each in read["networks"].items() if each.get("internal")} == {"store", "cluster"}
    assert read["services"]["postgres"]["networks"] == ["store"]
    for name in ("scheduler", "worker", "worker-gpu"):
        assert read["services"][name]["networks"] == ["cluster"]


def test_a_worker_may_take_more_memory_than_its_stacks_and_less_than_its_container() -> None:
    for name in ("worker", "worker-gpu"):
        worker = services("compose.yaml")[name]
        stacks = settings_of(worker).max_memory_mb / 1_024
        own = float(worker["command"][worker["command"].index("--memory-limit") + 1].removesuffix("GiB"))
        assert stacks + 1 <= own < float(worker["deploy"]["resources"]["limits"]["memory"].removesuffix("g"))
