"""Exports in a real browser: the table of a card, the dialog, and files that are read again without a network."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect
from served import serving

from regdash.charts.drawing import Drawing
from regdash.export.figures import SIZES, Words, framed
from regdash.export.html import page as html_page
from regdash.export.tables import table

pytestmark = pytest.mark.browser
HOSTILE = "</script><script>window.bad = 1</script><img src=x onerror='window.bad = 1'>"
DRAWN = "() => document.querySelector('[data-chart=loss] .js-plotly-plot')?.data?.length > 1"


@pytest.fixture(scope="module")
def without_chromium(tmp_path_factory):
    """A server that finds no Chrome or Chromium."""
    with serving(
        tmp_path_factory.mktemp("export"), REGDASH_CHROMIUM="/nonexistent/chromium", REGDASH_WARM_UP="0"
    ) as address:
        yield address


@pytest.fixture
def trained(visit, without_chromium):
    """The Train page after a short run."""
    page = visit(f"{without_chromium}/?training.epochs=20")
    page.wait_for_function(DRAWN, timeout=150_000)
    return page


def saved(page, press):
    with page.expect_download(timeout=60_000) as started:
        press()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def choose(page, format):
    page.get_by_test_id("stDialog").get_by_role("radio", name=format, exact=True).click()


def test_a_card_shows_its_numbers_and_the_dialog_gives_files_even_without_chromium(trained):
    page = trained
    page.get_by_role("button", name="Data of Loss as a table").press("Enter")
    shown = page.get_by_role("region", name="Data of Loss")
    expect(shown.locator("thead th")).to_have_text(["series", "epoch", "y"])
    assert shown.locator("caption").inner_text() == "Loss"
    cells = shown.locator("tbody tr").first.locator("td").all_inner_texts()
    drawn = page.evaluate("() => document.querySelector('[data-chart=loss] .js-plotly-plot').data[0].y[0]")
    assert float(cells[2]) == pytest.approx(drawn, rel=1e-6)

    page.get_by_role("button", name="Export Loss").press("Enter")
    dialog = page.get_by_test_id("stDialog")
    expect(dialog.get_by_text("1,280 ×")).to_be_visible(timeout=30_000)
    by_browser = dialog.get_by_role("button", name="drawn by your browser")
    name, png = saved(page, by_browser.click)
    assert name == "regdash-loss.png"
    assert int.from_bytes(png[16:20]) == 1_280
    choose(page, "SVG")
    expect(by_browser).to_have_text("Download SVG (drawn by your browser)", timeout=30_000)
    name, svg = saved(page, by_browser.click)
    for words in ("Loss", "Moons", "seed 0", "epoch", "validation"):
        assert words in svg.decode()
    choose(page, "PDF")
    expect(dialog.get_by_text("no Chrome or Chromium")).to_be_visible(timeout=30_000)
    choose(page, "Parquet")
    name, parquet = saved(page, dialog.get_by_role("button", name="Download Parquet").click)
    read = pq.read_table(io.BytesIO(parquet))
    assert set(read.column("series").to_pylist()) == {"train", "validation", "best epoch"}
    choose(page, "JSON")
    name, text = saved(page, dialog.get_by_role("button", name="Download JSON").click)
    assert json.loads(text)["experiments"][0]["seeds"] == 1
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0, timeout=30_000)


def test_a_chart_as_html_is_drawn_without_a_network_and_its_names_run_nothing(browser, tmp_path):
    line = {"type": "scatter", "name": HOSTILE, "x": [1, 2, 3], "y": [0.5, 0.25, 0.125]}
    drawing = Drawing((line,), {"meta": {"name": "loss", "title": HOSTILE}, "xaxis": {"title": {"text": "epoch"}}})
    framed_one = framed(drawing, "light", SIZES[0], Words(HOSTILE, HOSTILE), 240)
    file = tmp_path / "chart.html"
    file.write_text(html_page(framed_one, "light", table(drawing), HOSTILE), "utf-8")
    context, asked, faults = browser.new_context(offline=True), [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    page.wait_for_function("() => document.querySelector('.chart .scatterlayer path')", timeout=30_000)
    assert page.evaluate("window.bad") is None
    assert page.evaluate("document.querySelector('.chart').data[0].y[2]") == 0.125
    page.locator("summary").click()
    assert page.locator("tbody tr").last.locator("td").all_inner_texts() == [HOSTILE, "3", "0.125"]
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert faults == []
    context.close()
