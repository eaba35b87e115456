"""A chart in another site's page: without cookies, with its controls, as narrow as a telephone."""

import http.server
import re
import threading
from functools import partial

import pytest
from playwright.sync_api import expect

from regdash.experiment import Experiment
from regdash.links import Address, Embedding
from regdash.ui import share

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WARM = 120_000  # milliseconds: the first run waits for TensorFlow on a busy machine
CHOSEN = Embedding("loss", ("dropout.rate", "l2.l2"), True)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and writes nothing down."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def course(server, tmp_path):
    """Another site, whose page shows a chart of Regdash by the code that Share gives; yields its address."""
    code = share.frame_code(Address(Experiment().with_values({"dropout.rate": 0.3})), CHOSEN, 560)
    page = code.replace('src="/?', f'src="{server}/?')
    (tmp_path / "course.html").write_text(f"<!doctype html><title>Course</title><h1>Dropout</h1>{page}")
    (tmp_path / "favicon.ico").write_bytes(b"")
    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://localhost:{serving.server_port}/course.html"  # another host for the browser than 127.0.0.1
    serving.shutdown()
    serving.server_close()


@pytest.fixture
def visit_course(browser, course):
    """Open the other site; nothing may have failed there."""
    contexts, faults = [], []

    def visited(width=900, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(course)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert not faults, faults


def test_a_course_page_shows_a_chart_that_trains_without_any_cookie(visit_course):
    page = visit_course()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=WARM)
    assert page.context.cookies() == []
    slider = frame.get_by_role("slider", name=re.compile("^Dropout"))
    slider.focus()
    slider.press("ArrowRight")
    expect(frame.get_by_test_id("rd-settings")).to_have_text("Settings: Dropout 0.35.")
    expect(frame.get_by_role("link", name="Open in Regdash")).to_have_attribute(
        "href", re.compile(r"127\.0\.0\.1:\d+/\?v=1&dropout\.rate=0\.35$")
    )
    expect(frame.get_by_test_id("rd-state")).to_have_attribute("data-state", "done", timeout=30_000)
    expect(frame.get_by_test_id("rd-verdict")).to_be_visible()
    expect(frame.locator(".regdash-card")).to_have_count(1)
    assert frame.get_by_test_id("stSidebar").count() == 0
    assert frame.get_by_test_id("stPageLink").count() == 0


def test_an_embedded_page_fits_320_pixels_and_follows_the_colours_asked_for(server, visit):
    page = visit(f"{server}/?embed=true&embed_options=dark_theme&controls=dropout.rate,l2.l2,seeds", 320, 640)
    expect(page.locator(".regdash-card .js-plotly-plot")).to_be_visible(timeout=WARM)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == "rgb(21, 26, 33)"
    wide = page.evaluate("""() => [...document.querySelectorAll('[data-testid=stMain] *')]
        .filter(e => e.getBoundingClientRect().right > 321 && !e.closest('svg, .regdash-tools'))
        .map(e => e.tagName + '.' + e.className).slice(0, 5)""")
    assert wide == []


def test_a_reload_of_an_embedded_page_keeps_what_it_shows(server, visit):
    page = visit(f"{server}/?embed=true&chart=boundary&controls=l2.l2")
    slider = page.get_by_role("slider", name=re.compile("^L2"))
    slider.focus(timeout=20_000)
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"embed=true.*l2\.l2=.*chart=boundary"))
    page.reload()
    expect(page.locator('[data-chart="boundary"]')).to_be_visible(timeout=WARM)
    expect(page.get_by_test_id("rd-settings")).to_contain_text("L2 strength")
