"""What is applied to Kubernetes: what refers to another thing finds it, and nobody has more rights than needed."""

import re
from typing import Any

import pytest
import yaml
from shipped import DEPLOY, ROOT, composed, manifests, of_kind, pod, text

from regdash.settings import Settings

DEPLOYMENTS = of_kind("Deployment")
EACH = pytest.mark.parametrize("name", DEPLOYMENTS)
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())


def container(name: str) -> dict[str, Any]:
    """The one container of a deployment."""
    (found,) = pod(DEPLOYMENTS[name])["containers"]
    return dict(found)


def variables(name: str) -> dict[str, str]:
    """What a container finds in its environment, secrets left out."""
    maps = [each["configMapRef"]["name"] for each in container(name).get("envFrom", ()) if "configMapRef" in each]
    shared = {k: v for each in maps for k, v in of_kind("ConfigMap")[each]["data"].items()}
    return shared | {each["name"]: each["value"] for each in container(name).get("env", ()) if "value" in each}


def secrets(name: str) -> set[str]:
    """The secrets that a container needs or would take."""
    needed = {e["valueFrom"]["secretKeyRef"]["name"] for e in container(name).get("env", ()) if "valueFrom" in e}
    return needed | {e["secretRef"]["name"] for e in container(name).get("envFrom", ()) if "secretRef" in e}


def test_everything_is_listed_once_and_exists() -> None:
    listed = sorted(DEPLOY / place for place in KUSTOMIZATION["resources"])
    assert listed == sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for generated in KUSTOMIZATION["configMapGenerator"]:
        assert all((DEPLOY / place).is_file() for place in generated["files"])


def test_no_two_things_of_a_kind_have_one_name() -> None:
    named = [(each["kind"], each["metadata"]["name"]) for each in manifests()]
    assert len(named) == len(set(named))


@EACH
def test_every_volume_that_is_mounted_is_there_and_every_one_that_is_there_is_mounted(name: str) -> None:
    volumes = {each["name"]: each for each in pod(DEPLOYMENTS[name])["volumes"]}
    assert {each["name"] for each in container(name)["volumeMounts"]} == set(volumes)
    generated = {each["name"] for each in KUSTOMIZATION["configMapGenerator"]}
    for volume in volumes.values():
        if "persistentVolumeClaim" in volume:
            assert volume["persistentVolumeClaim"]["claimName"] in of_kind("PersistentVolumeClaim")
        if "configMap" in volume:
            assert volume["configMap"]["name"] in generated


@EACH
def test_every_secret_is_one_that_the_documents_tell_to_make(name: str) -> None:
    for secret in secrets(name):
        assert secret in text("docs/hosting.md")


def test_no_secret_is_a_file() -> None:
    assert of_kind("Secret") == {}


@EACH
def test_the_labels_of_a_deployment_are_those_that_it_selects(name: str) -> None:
    selected = DEPLOYMENTS[name]["spec"]["selector"]["matchLabels"]
    assert selected == DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"] == {"role": name}


def test_every_service_finds_a_deployment_that_has_its_port() -> None:
    for name, service in of_kind("Service").items():
        assert service["spec"]["selector"] == {"role": name}
        ports = {each["name"]: each["containerPort"] for each in container(name)["ports"]}
        for port in service["spec"]["ports"]:
            assert port["targetPort"] in ports


def test_a_service_without_an_address_of_its_own_has_the_port_of_its_pods() -> None:
    (name,) = [name for name, each in of_kind("Service").items() if each["spec"].get("clusterIP") == "None"]
    (port,) = of_kind("Service")[name]["spec"]["ports"]
    assert container(name)["ports"] == [{"name": port["targetPort"], "containerPort": port["port"]}]
    assert port["port"] == Settings().port


@EACH
def test_every_probe_asks_a_port_that_is_there_for_health(name: str) -> None:
    ports = {each["name"] for each in container(name).get("ports", ())}
    probes = [probe for at, probe in container(name).items() if at.endswith("Probe")]
    assert probes or name == "coordinator"
    for probe in probes:
        assert probe["httpGet"]["port"] in ports
        assert probe["httpGet"]["path"] in ("/healthz", "/health")


@EACH
def test_every_pod_gives_up_its_rights(name: str) -> None:
    safe = pod(DEPLOYMENTS[name])
    assert safe["automountServiceAccountToken"] is False
    assert safe["enableServiceLinks"] is False  # else a service called app would set APP_PORT to an address
    assert safe["securityContext"]["runAsNonRoot"] is True
    assert safe["securityContext"]["runAsUser"] == 1000
    assert safe["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    locked = container(name)["securityContext"]
    assert locked["allowPrivilegeEscalation"] is False
    assert locked["readOnlyRootFilesystem"] is True
    assert locked["capabilities"]["drop"] == ["ALL"]
    assert container(name)["resources"]["limits"]["memory"]


@EACH
def test_every_role_of_ours_reads_settings_that_hold_and_runs_the_image_that_is_put_in(name: str) -> None:
    image, _, tag = container(name)["image"].partition(":")
    assert tag
    assert tag != "latest"
    if image == "regdash":
        assert Settings.read(variables(name)).max_queue > 0
    else:
        assert image == "caddy"
        assert container(name)["image"] == composed("compose.yaml")["services"]["proxy"]["image"]


def test_the_image_that_is_put_in_has_the_version_of_the_program() -> None:
    (image,) = KUSTOMIZATION["images"]
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "regdash" / "__init__.py").read_text())
    assert version is not None
    assert (image["name"], image["newTag"]) == ("regdash", version[1])


def test_pages_and_coordinators_share_one_record_and_workers_do_not_know_it() -> None:
    here = {name: Settings.read(variables(name)) for name in DEPLOYMENTS if name != "proxy"}
    assert here["app"].database_url == here["coordinator"].database_url != ""
    assert not here["app"].embedded
    assert here["coordinator"].scheduler == "tcp://scheduler:8786"
    assert here["worker"].database_url == ""
    assert secrets("worker") == secrets("scheduler") == secrets("proxy") == set()


def test_the_proxy_looks_for_the_dashboard_where_it_is() -> None:
    given = variables("proxy")
    assert given["APP_HOST"] in of_kind("Service")
    (port,) = of_kind("Service")[given["APP_HOST"]]["spec"]["ports"]
    assert given["APP_PORT"] == str(port["port"])
    assert given["SITE_ADDRESS"] == f":{container('proxy')['ports'][0]['containerPort']}"


def test_whoever_runs_foreign_programs_is_reached_by_its_own_only() -> None:
    for name in ("scheduler", "worker"):
        (rule,) = of_kind("NetworkPolicy")[name]["spec"]["ingress"]
        allowed = {v for each in rule["from"] for e in each["podSelector"]["matchExpressions"] for v in e["values"]}
        assert allowed <= {"coordinator", "scheduler", "worker"}
    assert "Egress" in of_kind("NetworkPolicy")["worker"]["spec"]["policyTypes"]


def test_kubernetes_starts_the_very_commands_of_compose() -> None:
    services = composed("compose.yaml")["services"]
    for name in set(DEPLOYMENTS) - {"proxy"}:
        assert container(name)["command"] == services[name]["command"]
