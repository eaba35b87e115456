"""A stand-in for the dashboard, and the shipped proxies in front of it on loopback."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from shipped import DEPLOY

SCRIPT = b"export const number = 1;\n" * 1_000
NGINX = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
worker_processes 1;
events {{}}
http {{
    types {{ application/javascript js; text/html html; }}
    default_type text/plain;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/regdash.conf;
}}
"""


class Dashboard(BaseHTTPRequestHandler):
    """Answers with a script, or with the headers that it was sent."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Any address."""
        is_script = self.path.partition("?")[0].endswith(".js")
        said = {name.lower(): value for name, value in self.headers.items()}
        body = SCRIPT if is_script else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/javascript" if is_script else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """An upload."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Says nothing when a proxy hangs up."""

    def handle_error(self, *_: object) -> None:
        """Pass it over."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs."""

    name: str
    port: int

    def ask(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers in small letters, and what came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()


def installed(name: str) -> str:
    """The program; skips the test where it is missing."""
    found = shutil.which(name) or next((p for p in (f"/usr/sbin/{name}",) if os.access(p, os.X_OK)), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def prepared_nginx(folder: Path, port: int, behind: int) -> list[str]:
    """The command of nginx with the shipped site, listening on `port` and asking `behind`."""
    site = (DEPLOY / "nginx.conf").read_text().replace("server 127.0.0.1:8501;", f"server 127.0.0.1:{behind};")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    (folder / "regdash.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user))
    return [installed("nginx"), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy_environment(folder: Path, port: int, behind: int) -> dict[str, str]:
    """What the shipped Caddyfile reads."""
    places = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "TRUSTED_PROXIES": "192.0.2.1/32"}
    return os.environ | places | {"SITE_ADDRESS": f":{port}", "APP_HOST": "127.0.0.1", "APP_PORT": str(behind)}


@contextlib.contextmanager
def running(name: str, folder: Path) -> Iterator[Proxy]:
    """The proxy of that name in front of a stand-in for the dashboard."""
    dashboard = Server(("127.0.0.1", 0), Dashboard)
    threading.Thread(target=dashboard.serve_forever, daemon=True).start()
    port, behind = free_port(), dashboard.server_address[1]
    if name == "nginx":
        command, environment = prepared_nginx(folder, port, behind), dict(os.environ)
    else:
        command = [installed("caddy"), "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
        environment = caddy_environment(folder, port, behind)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        try:
            wait_for(port, process, folder)
            yield Proxy(name, port)
        finally:
            process.terminate()
            process.wait(10)
            dashboard.shutdown()
            dashboard.server_close()


def wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Until somebody listens."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, (folder / "said").read_text()
        time.sleep(0.02)
    raise AssertionError("the proxy did not begin to listen")
