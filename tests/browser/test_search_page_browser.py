"""A search in a real browser, with the real coordinator and engine: a grid, its heat map, a cell, its run."""

import pytest
from playwright.sync_api import expect
from test_train_page import WARM, wait_for

from regdash.experiment import Experiment
from regdash.links import to_link

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHORT = Experiment().with_values({"training.epochs": 12, "data.samples": 100})
LONG = Experiment().with_values({"training.epochs": 2000, "training.batch_size": 8, "data.samples": 2000})


def search_page(server, visit, experiment):
    query = "&".join(f"{key}={text}" for key, text in to_link(experiment).items())
    page = visit(f"{server}/search?{query}")
    expect(page.get_by_test_id("rd-work")).to_contain_text("25 trials × 3 seeds = 75 runs", timeout=20_000)
    page.get_by_role("button", name="Start", exact=True).click()
    return page


def state(page, word, timeout):
    shown = f'[data-testid="rd-search"][data-state="{word}"]'
    page.wait_for_selector(shown, timeout=timeout)
    return page.locator(shown)


def drawn(page, chart):
    """Where the plot of a chart lies, once it is drawn."""
    page.wait_for_function(
        f"() => document.querySelector('[data-chart={chart}] .js-plotly-plot')?.calcdata?.length", timeout=20_000
    )
    plot = page.locator(f'[data-chart="{chart}"] .nsewdrag').first
    expect(plot).to_be_visible()
    return plot.bounding_box()


def click_the_cell(page):
    """The second of five dropout rates, the third of five strengths."""
    box = drawn(page, "search-heat-map")
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.up()


def brush_the_upper_dropout_rates(page):
    """A box over the first axis, from above its top to a little below its middle."""
    page.get_by_role("radio", name="Parallel").click()
    box = drawn(page, "search-parallel")
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.3 * box["height"], steps=4)
    page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.4 * box["height"], steps=4)
    page.mouse.up()


def test_a_cell_of_the_heat_map_of_a_grid_opens_its_run_in_train(server, visit):
    page = search_page(server, visit, SHORT)
    expect(state(page, "done", WARM)).to_have_attribute("data-told", "25")
    click_the_cell(page)
    picked = page.locator(".st-key-search-picked")
    expect(picked).to_contain_text("Dropout 0.225, L2 strength 0.001")
    brush_the_upper_dropout_rates(page)
    expect(picked).to_contain_text("10 trials kept")  # two of the five rates, with five strengths each
    page.get_by_role("radio", name="Heat map").click()
    page.mouse.move(0, 0)
    click_the_cell(page)
    expect(picked).to_contain_text("Dropout 0.225, L2 strength 0.001")
    picked.get_by_role("button", name="Open in Train").click()
    wait_for(page, SHORT.with_values({"dropout.rate": 0.225, "l2.l2": 0.001}))
    assert "l2.l2=0.001" in page.url
    assert "seeds=3" in page.url
    assert "search=" not in page.url


def test_a_reload_in_the_middle_finds_the_search_going_on(server, visit):
    page = search_page(server, visit, LONG)
    search = state(page, "running", WARM).get_attribute("data-search")
    assert f"search={search}" in page.url
    page.reload()
    expect(state(page, "running", 20_000)).to_have_attribute("data-search", search)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(state(page, "cancelled", 20_000)).to_have_attribute("data-search", search)
