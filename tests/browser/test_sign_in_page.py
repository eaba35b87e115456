"""Signing in with a real OpenID Connect provider on this machine, through Streamlit's own login."""

import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from served import free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SOON = 30_000


@contextmanager
def provider(log):
    """An OpenID Connect provider in a process of its own; yields where it says what it offers."""
    port = free_port()
    where = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "127.0.0.1"]
    with log.open("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_for(where, process, log)
            yield where
        finally:
            process.terminate()
            process.wait(20)


def wait_for(where, process, log):
    for _ in range(240):
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(where, timeout=1).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"the provider did not start: {log.read_text()}")


@pytest.fixture
def site(tmp_path):
    """A server on which only who has signed in may open rooms, and its provider."""
    with provider(tmp_path / "provider.log") as where:
        environment = {
            "REGDASH_SIGN_IN": "1",
            "REGDASH_ROOMS": "signed-in",
            "REGDASH_EMBEDDED": "0",
            "REGDASH_OIDC_CLIENT_ID": "regdash",
            "REGDASH_OIDC_CLIENT_SECRET": "not a secret",
            "REGDASH_OIDC_METADATA_URL": where,
            "REGDASH_OIDC_REDIRECT_URI": "http://127.0.0.1:{port}/oauth2callback",
            "REGDASH_COOKIE_SECRET": "0123456789abcdef" * 2,
        }
        with serving(tmp_path, **environment) as address:
            yield address


def sign_in(page, subject):
    page.route(lambda url: url.endswith("pico.min.css"), lambda route: route.fulfill(content_type="text/css", body=""))
    page.get_by_role("button", name="Sign in").click()
    page.locator('input[name="sub"]').fill(subject)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SOON)


def test_a_teacher_who_has_signed_in_opens_a_room_and_finds_it_in_another_browser(site, visit):
    teacher = visit(f"{site}/class")
    expect(teacher.get_by_text("Sign in first")).to_be_visible(timeout=SOON)
    sign_in(teacher, "teacher@example.org")
    teacher.goto(f"{site}/class")
    teacher.get_by_role("textbox", name="Title").fill("Room 7")
    teacher.get_by_role("button", name="Open room").click()
    expect(teacher.get_by_test_id("rd-room-title")).to_have_text("Room 7", timeout=SOON)

    elsewhere = visit(site)
    sign_in(elsewhere, "teacher@example.org")
    elsewhere.goto(f"{site}/class")
    expect(elsewhere.get_by_test_id("rd-room-title")).to_have_text("Room 7", timeout=SOON)

    other = visit(site)
    sign_in(other, "somebody-else@example.org")
    other.goto(f"{site}/class")
    expect(other.get_by_role("heading", name="Open a room")).to_be_visible(timeout=SOON)
    assert "Room 7" not in other.content()

    elsewhere.get_by_role("button", name="Sign out").click()
    elsewhere.wait_for_url("**/end_session**", timeout=SOON)
    elsewhere.goto(f"{site}/class")
    expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible(timeout=SOON)
    assert "Room 7" not in elsewhere.content()


def test_a_cookie_that_was_made_up_signs_nobody_in(site, visit):
    page = visit(site)
    forged = "2|1:0|10:1700000000|15:_streamlit_user|36:eyJpc3MiOiJ4Iiwic3ViIjoieSJ9|0000"
    page.context.add_cookies([{"name": "_streamlit_user", "value": forged, "url": site}])
    page.goto(f"{site}/class")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Sign in first")).to_be_visible()
