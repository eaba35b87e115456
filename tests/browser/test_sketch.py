"""A curve sketched in a real browser: by mouse, by keyboard, and kept as the three points that were seen."""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.interpolate import PchipInterpolator
from served import free_port, started

pytestmark = pytest.mark.browser

LEFT, RIGHT, TOP, BOTTOM = 58, 22, 30, 44  # px around the plot, as in predict_sketch.js
LOW, HIGH = 0.0, 2.0


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A Streamlit server with a copy of sketch_page.py as its app."""
    folder = tmp_path_factory.mktemp("sketch")
    shutil.copy(Path(__file__).with_name("sketch_page.py"), folder / "app.py")
    port = free_port()
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with started(command, folder / "log", f"http://127.0.0.1:{port}", cwd=folder) as url:
        yield url


def handles(page):
    return [page.get_by_role("slider", name=f"{name} of the curve") for name in ("Beginning", "Middle", "End")]


def place(page, share, value):
    """Where a value stands on the page."""
    box = page.locator(".regdash-sketch-box").first.bounding_box()
    width, height = box["width"] - LEFT - RIGHT, box["height"] - TOP - BOTTOM
    return box["x"] + LEFT + share * width, box["y"] + TOP + (1 - (value - LOW) / (HIGH - LOW)) * height


def drag(page, start, end):
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=5)
    page.mouse.up()


def test_a_point_is_dragged_another_moved_by_keys_and_the_sketch_is_kept(address, visit):
    page = visit(address)
    beginning, middle, end = handles(page)
    keep = page.get_by_role("button", name="Keep my prediction")
    expect(keep).to_be_disabled()
    drag(page, (0.5, 1.0), (0.25, 0.5))
    expect(middle).to_have_attribute("aria-valuetext", "validation loss 0.5 at epoch 26")
    expect(keep).to_be_enabled()
    beginning.focus()
    for key in ("PageUp", "PageUp", "ArrowUp", "ArrowDown", "ArrowUp"):  # steps of 1/50 of the height, and 5 of them
        page.keyboard.press(key)
    expect(beginning).to_have_attribute("aria-valuetext", "validation loss 1.44 at epoch 1")
    page.keyboard.press("Tab")
    expect(middle).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    expect(end).to_have_attribute("aria-valuenow", "0")
    page.wait_for_timeout(500)  # keys are sent together, a moment after the last one
    expect(keep).to_be_enabled()
    keep.click()
    expect(page.get_by_text("kept: {")).to_be_visible()
    kept = json.loads(page.get_by_text("kept: {").inner_text().removeprefix("kept: "))
    assert kept["sketch"] == [[0, pytest.approx(1.44)], [pytest.approx(0.23), pytest.approx(0.5)], [1, 0]]
    assert page.get_by_test_id("stException").count() == 0


def test_what_is_drawn_between_the_points_is_scipys_monotone_cubic(address, visit):
    page = visit(address)
    drag(page, (0, 1.0), (0, 1.9))
    drag(page, (0.5, 1.0), (0.3, 0.4))
    expect(handles(page)[1]).to_have_attribute("aria-valuenow", "0.4")
    points = np.array([[0, float(handles(page)[0].get_attribute("aria-valuenow"))], [0.3, 0.4], [1, 1.0]])
    numbers = re.findall(r"-?[\d.]+", page.locator(".regdash-sketch-curve").first.get_attribute("d"))
    drawn = np.array(numbers, float).reshape(-1, 2)
    pieces = [drawn[0:4], drawn[3:7]]
    box = page.locator(".regdash-sketch-box").first.bounding_box()
    width, height = box["width"] - LEFT - RIGHT, box["height"] - TOP - BOTTOM
    t = np.linspace(0, 1, 9)[:, None]
    for piece in pieces:
        a, b, c, d = piece
        at = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
        x, y = (at[:, 0] - LEFT) / width, LOW + (1 - (at[:, 1] - TOP) / height) * (HIGH - LOW)
        np.testing.assert_allclose(y, PchipInterpolator(*points.T)(x), atol=1e-3)


def test_a_kept_sketch_is_shown_and_cannot_be_moved(address, visit):
    page = visit(address)
    said = "Your sketch of the validation loss: 1.5 at epoch 1, 0.25 at epoch 31, 1 at epoch 101"
    locked = page.get_by_role("img", name=said)
    expect(locked).to_be_visible()
    assert locked.get_by_role("slider").count() == 0
    assert page.get_by_role("slider").count() == 3


def test_a_finger_drags_on_a_narrow_screen_and_focus_can_be_seen(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    expect(handles(page)[2]).to_be_visible()
    client = context.new_cdp_session(page)
    x, y = place(page, 1, 1.0)
    for kind, offset in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", 40)):
        touches = [] if kind == "touchEnd" else [{"x": x, "y": y + offset}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    expect(handles(page)[2]).not_to_have_attribute("aria-valuenow", "1")
    expect(page.get_by_role("button", name="Keep my prediction")).to_be_enabled()
    page.keyboard.press("Shift+Tab")
    expect(handles(page)[1]).to_be_focused()
    assert handles(page)[1].locator(".ring").evaluate("ring => getComputedStyle(ring).stroke") != "none"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()
