"""Live charts in a real browser: never mounted anew, zoom and legend kept, frames played back without the server."""

import base64
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from served import free_port, started

import regdash.ui
from regdash.ui.chart_card import SCRIPTS

BASE = "lab/charts"
PLOT = "document.querySelector('[data-chart=loss] .js-plotly-plot')"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A Streamlit server below a base path, with a copy of chart_page.py as its app."""
    folder = tmp_path_factory.mktemp("charts")
    shutil.copy(Path(__file__).with_name("chart_page.py"), folder / "app.py")
    (folder / "static").mkdir()
    port = free_port()
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"server.enableStaticServing": "true", "server.baseUrlPath": BASE, "server.fileWatcherType": "none"}
    options |= {"browser.gatherUsageStats": "false"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with started(command, folder / "log", f"http://127.0.0.1:{port}/{BASE}", cwd=folder) as url:
        yield url


@pytest.fixture
def page(browser, address):
    """The page, freshly opened, with its first curves drawn; no script error may happen on it."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function(f"() => {PLOT}?.calcdata?.[1]?.length > 1", timeout=60_000)
    yield page
    context.close()
    assert not errors, errors


def _view(page):
    return page.evaluate(
        f"() => {{ const f = {PLOT}._fullLayout, d = {PLOT}._fullData;"
        "return [f.xaxis.range, f.yaxis.range, d.map((trace) => trace.visible)] }"
    )


def _finished(page):
    page.get_by_text("epochs done: 120").wait_for(timeout=60_000)
    page.wait_for_function(f"() => {PLOT}.calcdata[1].length === 120 || {PLOT}.data[1].x.length === 120")


def test_a_growing_chart_keeps_its_node_its_zoom_and_its_legend_choices(page):
    page.evaluate(
        f"() => {{ window.nodes = new Set(); window.lengths = new Set(); window.blank = 0; setInterval(() => {{"
        f"const plot = {PLOT}; nodes.add(plot); lengths.add(plot.data[1].x.length);"
        "blank += !plot.querySelector('.main-svg') }, 20) }"
    )
    box = page.locator("[data-chart=loss] .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    page.mouse.up()
    page.locator("[data-chart=loss] .legendtoggle").first.click()
    page.wait_for_function(f"() => {PLOT}._fullData[0].visible === 'legendonly'")
    before = _view(page)
    _finished(page)
    assert _view(page) == before
    assert page.evaluate("nodes.size") == 1
    assert page.evaluate("lengths.size") > 1
    assert page.evaluate("blank") == 0

    page.get_by_role("button", name="Reset zoom of Loss").click()
    page.wait_for_function(f"() => {PLOT}._fullLayout.xaxis.range[0] === 0")


def test_frames_are_played_back_without_the_server(page):
    slider = page.get_by_role("slider", name="Epoch")
    frame = "() => document.querySelector('[data-chart=boundary] .js-plotly-plot').data[0].z[0][0]"
    _finished(page)
    expect(page.locator(".regdash-epoch")).to_have_text("epoch 120 of 120")
    assert page.evaluate(frame) == 120
    page.context.set_offline(True)
    slider.focus()
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 0 of 120")
    assert page.evaluate(frame) == 0
    slider.press("ArrowRight")
    assert page.evaluate(frame) == 10
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    expect(page.locator(".regdash-epoch")).to_have_text("epoch 120 of 120", timeout=15_000)
    page.get_by_role("button", name="Play").wait_for()


def test_the_player_follows_the_newest_frame_until_the_visitor_moves_the_slider(page):
    words = page.locator(".regdash-epoch")
    first = int(words.text_content().split()[1])
    page.wait_for_function(f"() => document.querySelector('.regdash-epoch').textContent.split(' ')[1] > {first}")
    slider = page.get_by_role("slider", name="Epoch")
    slider.focus()
    slider.press("Home")
    _finished(page)
    expect(words).to_have_text("epoch 0 of 120")


def test_a_chart_is_described_and_can_be_downloaded_by_keyboard(page):
    _finished(page)
    assert "validation at 0.118" in page.locator("[data-chart=loss] [role=img]").get_attribute("aria-label")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download Loss as SVG").press("Enter")
    text = Path(started.value.path()).read_text("utf-8")
    assert started.value.suggested_filename == "regdash-loss.svg"
    assert text.startswith("<svg")
    assert all(words in text for words in ("Loss", "made-up run", "epoch", "cross-entropy (nats)"))


def test_without_plotly_js_the_card_says_what_is_missing(browser, address):
    page = browser.new_page()
    page.route("**/plotly.min.js*", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_text("plotly.min.js could not be loaded").first).to_be_visible(timeout=60_000)
    page.close()


LEFT_EARLY = """
async ([address, figure]) => {
  const drawing = [];
  const react = (gd) => { gd.on = () => {}; return new Promise((done) => drawing.push(done)); };
  window.Plotly = { react, purge() {} };
  const { default: draw } = await import(address);
  const data = new TextEncoder().encode(JSON.stringify(figure));
  const component = { data, parentElement: document.body, setTriggerValue() {} };
  const moment = () => new Promise((done) => setTimeout(done));
  const left = [];
  for (let time = 0; time < 2; time += 1) {
    const leave = draw(component);
    if (time) await moment(); // the second time it is left when Plotly has begun
    leave();
    await moment();
    drawing.forEach((done) => done());
    await moment();
    left.push(document.querySelector(".regdash-epochs") !== null);
  }
  draw(component);
  return left;
}
"""


def test_a_card_that_is_left_while_it_is_drawn_can_be_entered_again(browser):
    folder = Path(regdash.ui.__file__).parent
    script = "\n".join((folder / name).read_text("utf-8") for name in SCRIPTS)
    address = "data:text/javascript;base64," + base64.b64encode(script.encode()).decode()
    layout = {"meta": {"name": "loss", "title": "Loss"}}
    page = browser.new_page()
    page.set_content((folder / "chart_card.html").read_text("utf-8"))
    card = {"figure": {"data": [], "layout": layout}, "height": 200}
    assert page.evaluate(LEFT_EARLY, [address, card]) == [True, True]
    page.close()
