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


def test_a_cell_of_the_heat_map_of_a_grid_opens_its_run_in_train(server, visit):
    page = search_page(server, visit, SHORT)
    expect(state(page, "done", WARM)).to_have_attribute("data-told", "25")
    plot = page.locator('[data-chart="search-heat-map"] .nsewdrag').first
    expect(plot).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('[data-chart=search-heat-map] .js-plotly-plot')?.calcdata?.length"
    )
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.up()  # the second of five dropout rates, the third of five strengths
    picked = page.locator(".st-key-search-picked")
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
