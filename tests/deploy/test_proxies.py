"""The shipped proxies, as they are, in front of a stand-in for the dashboard; skipped where they are not installed."""

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from proxied import SCRIPT, Proxy, caddy_environment, installed, prepared_nginx, running
from shipped import DEPLOY

from regdash.datasets.table_limits import LIMITS

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "a" * 24,
}
CLOSED = (
    *("/metrics", "/metrics/", "/%6Detrics", "//metrics", "/x/../metrics", "/METRICS", "/metrics?x=1"),
    *("/status.json", "/readyz", "/_stcore/metrics", "/_stcore//metrics"),
)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Each of the proxies in turn."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


def test_nginx_reads_its_configuration_without_a_warning(tmp_path: Path) -> None:
    command = [*prepared_nginx(tmp_path, 18_080, 8_501), "-t"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert "[warn]" not in answer.stderr


def test_caddy_reads_its_configuration(tmp_path: Path) -> None:
    command = [installed("caddy"), "validate", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    environment = caddy_environment(tmp_path, 18_081, 8_501)
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_for_operators_is_closed_however_it_is_written(proxy: Proxy, path: str) -> None:
    assert proxy.ask(path)[0] == 404


@pytest.mark.parametrize("path", ["/", "/class", "/healthz", "/_stcore/health", "/status", "/app/metrics"])
def test_pages_and_health_are_open(proxy: Proxy, path: str) -> None:
    assert proxy.ask(path)[0] == 200


def test_what_a_visitor_says_about_addresses_is_thrown_away(proxy: Proxy) -> None:
    lies = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example"}
    heard = json.loads(proxy.ask("/", lies)[2])
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "http"
    assert heard["x-forwarded-host"] == f"127.0.0.1:{proxy.port}"


def test_the_host_reaches_the_dashboard_unchanged_as_the_origin_is_compared_with_it(proxy: Proxy) -> None:
    assert json.loads(proxy.ask("/", {"Host": "school.example:8080"})[2])["host"] == "school.example:8080"


def test_scripts_are_compressed_by_the_proxy_and_not_by_the_dashboard(proxy: Proxy) -> None:
    status, headers, body = proxy.ask("/static/js/index.js", {"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == SCRIPT
    assert json.loads(proxy.ask("/", {"Accept-Encoding": "gzip"})[2]).get("accept-encoding") in (None, "identity")


def test_a_file_with_its_version_in_the_address_is_kept_for_a_year(proxy: Proxy) -> None:
    assert "max-age=31536000" in proxy.ask("/app/static/plotly.min.js?v=7.1.0")[1]["cache-control"]
    assert "cache-control" not in proxy.ask("/app/static/plotly.min.js")[1]


def test_a_websocket_is_passed_on(proxy: Proxy) -> None:
    heard = json.loads(proxy.ask("/_stcore/stream", UPGRADE)[2])
    assert (heard["upgrade"], heard["connection"].lower()) == ("websocket", "upgrade")


def test_the_largest_table_passes_and_what_is_larger_than_any_does_not(proxy: Proxy) -> None:
    assert proxy.ask("/_stcore/upload_file/a/b", method="PUT", body=bytes(LIMITS.upload_bytes + 2**19))[0] == 200
    try:
        status = proxy.ask("/_stcore/upload_file/a/b", method="PUT", body=bytes(13 * 2**20))[0]
    except OSError:
        status = 413  # it hung up on us while we were still sending
    assert status in (413, 502)


def test_the_browser_is_told_to_leave_camera_and_microphone_off(proxy: Proxy) -> None:
    headers = proxy.ask("/")[1]
    assert {"camera=()", "microphone=()"} <= set(headers["permissions-policy"].split(", "))
    assert headers.get("server", "nginx") == "nginx"  # without its version


@pytest.mark.parametrize("proxy", ["caddy"], indirect=True)
def test_caddy_keeps_a_visitor_with_one_replica_by_a_cookie(proxy: Proxy) -> None:
    assert proxy.ask("/")[1]["set-cookie"].startswith("regdash_replica=")


@pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
def test_nginx_lets_a_class_in_at_once_and_slows_down_a_flood(proxy: Proxy) -> None:
    statuses = [proxy.ask("/_stcore/stream", UPGRADE)[0] for _ in range(400)]
    assert statuses[:100] == [200] * 100
    assert 429 in statuses
    assert proxy.ask("/")[0] == 200
