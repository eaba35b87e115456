"""The server as programs, strangers and operators meet it: real processes, real websockets, a real browser."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect
from served import free_port, serving, started, wait_until_healthy
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
WARM = 120_000  # milliseconds
FAILING = "import streamlit as st\nst.write('before')\nname = 'Nessie'\nfloat(name)\n"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A server without an engine: its address and its folder."""
    folder = tmp_path_factory.mktemp("quiet")
    with serving(folder, REGDASH_EMBEDDED="0") as address:
        yield address, folder


@contextmanager
def running(command, folder, **environment):
    """A server started by a command that ends with its port and address."""
    port = free_port()
    command = [sys.executable, "-m", *command, "--server.port", str(port), "--server.address", "127.0.0.1"]
    variables = os.environ | {"REGDASH_DATA_DIR": str(folder), "REGDASH_EMBEDDED": "0", **environment}
    with started(command, folder / "log", f"http://127.0.0.1:{port}", env=variables, cwd=ROOT) as address:
        yield address


def ask(url, method="GET", **headers):
    """The status and the text of an answer."""
    fields = {name.replace("_", "-"): text for name, text in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=fields), timeout=20) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


def stream(address):
    return address.replace("http", "ws") + "/_stcore/stream"


def test_programs_learn_whether_the_server_lives_and_can_work(quiet):
    address, _ = quiet
    assert ask(f"{address}/healthz")[:2] == (200, "ok")
    status, text, _ = ask(f"{address}/readyz")
    assert status == 503
    assert "Start it with: regdash coordinator" in text


def test_programs_read_the_figures(quiet):
    address, _ = quiet
    status, text, _ = ask(f"{address}/status.json")
    assert status == 200
    assert json.loads(text)["queue"]["waiting"] == 0
    status, text, _ = ask(f"{address}/metrics")
    assert status == 200
    assert "\nregdash_runs_waiting 0.0\n" in text


def test_an_upload_without_the_pages_token_is_refused(quiet):
    address, _ = quiet
    upload = f"{address}/_stcore/upload_file/some-session/some-file"
    assert ask(upload, "PUT")[0] == 403
    assert ask(upload, "DELETE")[0] == 403
    cookie = ask(f"{address}/_stcore/health")[2]["Set-Cookie"].split(";")[0]
    assert cookie.startswith("_streamlit_xsrf=")
    assert ask(upload, "PUT", cookie=cookie, origin="https://elsewhere.example")[0] == 403  # what another site can send
    token = cookie.partition("=")[2]
    assert ask(upload, "PUT", cookie=cookie, X_Xsrftoken=token)[0] == 400  # the token is right, the session is not


def test_a_websocket_from_another_site_is_refused(quiet):
    address, _ = quiet
    for origin in ("https://elsewhere.example", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(stream(address), origin=origin, subprotocols=["streamlit"])
    with connect(stream(address), origin=address, subprotocols=["streamlit"]) as socket:
        assert socket.subprotocol == "streamlit"


def test_no_answer_of_another_kind_names_another_origin_as_allowed(quiet):
    address, _ = quiet
    for path in ("/", "/status.json", "/metrics", "/_stcore/health", "/_stcore/host-config"):
        headers = ask(address + path, origin="https://elsewhere.example")[2]
        assert headers["Access-Control-Allow-Origin"] in (None, "null")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_visitors_cookie_comes_with_the_page_and_scripts_cannot_read_it(quiet, visit):
    address, folder = quiet
    page = visit(f"{address}/?data=Nessie")
    expect(page.get_by_test_id("rd-state")).to_be_visible(timeout=20_000)
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "regdash_visitor"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "regdash_visitor" not in page.evaluate("document.cookie")
    assert page.locator(".st-key-visitor").count() == 0  # the page has found it and need not set it
    page.reload()
    expect(page.get_by_test_id("rd-state")).to_be_visible(timeout=20_000)
    (again,) = [each for each in page.context.cookies() if each["name"] == "regdash_visitor"]
    assert again["value"] == cookie["value"]
    log = (folder / "log").read_text()
    assert not any(secret in log for secret in (cookie["value"], "Nessie", "GET", "WebSocket"))
    assert log.count("127.0.0.1") <= 1  # where the server listens, and no visitor's address


def test_the_status_page_of_a_server_without_an_engine_says_so(quiet, visit):
    address, _ = quiet
    page = visit(f"{address}/status")
    expect(page).to_have_title("Status · Regdash", timeout=20_000)
    health = page.get_by_test_id("rd-status-page")
    expect(health).to_contain_text("The engine is not running.")
    expect(health).to_contain_text("No worker is running.")
    expect(health).to_contain_text("1 browser connected")
    with page.expect_navigation():
        page.get_by_role("link", name="status.json").click()
    assert page.url == f"{address}/status.json"


def test_the_status_page_follows_the_engine_without_being_drawn_from_nothing(server, visit):
    train = visit(server)
    expect(train.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=WARM)
    page = visit(f"{server}/status")
    health = page.get_by_test_id("rd-status-page")
    expect(health).to_contain_text("The engine is ready", timeout=20_000)
    expect(health.get_by_role("row", name=re.compile("idle|training"))).to_be_visible()
    expect(health).to_contain_text("TensorFlow")
    expect(page.locator(".rd-engine")).to_have_attribute("data-state", "ready")
    page.evaluate("document.querySelector('.st-key-status .stHtml').mark = 7")
    before = health.inner_text()
    train.goto(f"{server}/?training.epochs=31&v=1")  # something else to train, so that there is something new to say
    page.wait_for_function("text => document.querySelector('.rd-health').innerText !== text", arg=before)
    assert page.evaluate("document.querySelector('.st-key-status .stHtml').mark") == 7
    assert json.loads(ask(f"{server}/status.json")[1])["totals"]["finished"] >= 1
    assert ask(f"{server}/readyz")[:2] == (200, "ready")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_status_page_fits_a_telephone(quiet, visit, scheme):
    page = visit(f"{quiet[0]}/status", 390, 844)
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("rd-status-page")).to_be_visible(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_that_fails_shows_a_number_and_the_log_has_it_in_one_line(tmp_path, visit):
    script = tmp_path / "app.py"
    script.write_text(FAILING)
    with running(["regdash.ui.server", "run", str(script)], tmp_path) as address:
        page = visit(address)
        failed = page.get_by_test_id("rd-failed")
        expect(failed).to_be_visible(timeout=20_000)
        number = re.search(r"number ([0-9a-f]{6})\.", failed.inner_text())[1]
        assert page.get_by_test_id("stException").count() == 0
        assert "Nessie" not in page.content()
        page.context.close()
    lines = [line for line in (tmp_path / "log").read_text().splitlines() if "page failed" in line]
    assert len(lines) == 1
    assert f"id={number} error=ValueError place=app.py:4" in lines[0]
    assert "Nessie" not in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_streamlit_run_shows_the_pages_too(tmp_path, visit):
    with running(["streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"], tmp_path) as address:
        page = visit(f"{address}/status")
        expect(page.get_by_test_id("rd-status-page")).to_be_visible(timeout=20_000)
        assert page.get_by_role("link", name="status.json").count() == 0
        page.wait_for_function("document.cookie.includes('regdash_visitor=')")
        page.context.close()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_server_that_is_told_to_end_does_so_although_browsers_are_connected(tmp_path, told):
    port = free_port()
    command = [sys.executable, "-m", "regdash.cli", "serve", "--port", str(port), "--address", "127.0.0.1"]
    variables = os.environ | {"REGDASH_DATA_DIR": str(tmp_path), "REGDASH_EMBEDDED": "0"}
    with (tmp_path / "log").open("w+") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=variables)
        wait_until_healthy(f"http://127.0.0.1:{port}", server, tmp_path / "log")
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"]):
            server.send_signal(told)
            assert server.wait(15) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
