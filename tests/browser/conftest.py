"""A real server with the real engine, and headless Chromium; nothing in between is faked."""

import os
import shutil

import pytest
from playwright.sync_api import Error, sync_playwright
from served import serving

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # no other machine is ever asked
]
OF_THE_PROVIDER = "/pico.min.css"  # the page of the test's OpenID provider asks for it; it is not ours
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: install one, or name it in REGDASH_CHROMIUM, or run: playwright install chromium"


@pytest.fixture(scope="module")
def browser():
    """Chromium from REGDASH_CHROMIUM, the path, or Playwright's own; without one the tests are skipped."""
    named = os.environ.get("REGDASH_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=named, args=ARGUMENTS)
        except Error as error:
            if os.environ.get("REGDASH_REQUIRE_BROWSER") == "1":
                pytest.fail(f"{MISSING} ({error})")
            pytest.skip(MISSING)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for most tests; its engine warms up while the first test runs."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def visit(browser):
    """Open an address; at the end no script may have failed and nothing may have been asked of another machine."""
    contexts, faults = [], []

    def visited(url, width=1280, height=800):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.on("request", lambda request: _only_here(request.url, faults))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _keep_errors(message, faults))
        page.goto(url)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert not faults, faults


def _only_here(url, faults):
    if not url.startswith(("http://127.0.0.1", "data:", "blob:")) and not url.endswith(OF_THE_PROVIDER):
        faults.append(f"asked of another machine: {url}")


def _keep_errors(message, faults):
    asked_below_the_page = "/_stcore/" in message.location.get("url", "")  # Streamlit looks for its server there first
    if message.type == "error" and not asked_below_the_page:
        faults.append(message.text)
