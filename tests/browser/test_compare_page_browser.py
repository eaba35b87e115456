"""Comparing in a real browser with the real engine: train, compare, read the verdict, share it."""

import re

import pytest
from playwright.sync_api import expect
from scipy import stats

from regdash.experiment import Experiment
from regdash.links import to_link

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WARM = 120_000  # milliseconds: the first run waits for TensorFlow on a busy machine
SMALL = Experiment().with_values({"training.epochs": 30, "network.widths": (16,)})
STRONG = SMALL.with_values({"l2.l2": 0.1})
SEEDS = 5
LINES = """() => {
  const plot = document.querySelector('[data-chart=compare-curves-loss] .js-plotly-plot');
  return (plot?.calcdata ?? []).map(([first, ...rest]) => ({
    name: first?.trace?.name, uid: first?.trace?.uid, y: [first, ...rest].map(point => point?.y),
  }));
}"""


def address(server, experiment):
    link = to_link(experiment) | {"seeds": str(SEEDS)}
    return f"{server}/?" + "&".join(f"{key}={text}" for key, text in link.items())


def pick(page):
    """Wait for the runs of the Train page and put them into the tray."""
    page.wait_for_selector('[data-testid="rd-state"][data-state="done"]', timeout=WARM)
    page.get_by_role("button", name="Add to comparison", exact=True).click()
    expect(page.get_by_role("button", name="In the comparison", exact=True)).to_be_visible()


def seen(page):
    """What the Compare page says and draws once all runs are there."""
    page.wait_for_selector('[data-testid="rd-compare-state"][data-state="done"]', timeout=WARM)
    page.wait_for_function(f"() => ({LINES})().length > 3", timeout=WARM)
    table = page.get_by_test_id("rd-compare-table").inner_text()
    return page.get_by_test_id("rd-pair").inner_text(), table, page.evaluate(LINES)


def test_two_settings_are_trained_compared_judged_and_shared(server, visit):
    page = visit(address(server, SMALL))
    pick(page)
    page.goto(address(server, STRONG))
    pick(page)
    page.get_by_role("button", name="Compare (2)").click()
    verdict, table, lines = seen(page)

    means = [line for line in lines if line["uid"].startswith("validation-") and "-mean-" in line["uid"]]
    assert len(means) == 2
    assert all(len(line["y"]) == SMALL.training.epochs for line in means)
    assert "95 % interval" in verdict
    assert f"{SEEDS} paired seeds" in verdict

    page.get_by_role("button", name="Share").click()
    shared = page.get_by_test_id("stPopoverBody").locator("code").first.inner_text().strip()
    assert shared.startswith(f"{server}/compare?")
    fresh = visit(shared)  # a browser that has never been here
    assert seen(fresh) == (verdict, table, lines)


def test_the_dots_of_the_chart_of_every_run_give_the_verdict(server, visit):
    page = visit(f"{server}/compare?" + "&".join(
        f"{number}.{key}={text}"
        for number, each in enumerate((SMALL, STRONG), 1)
        for key, text in (to_link(each) | {"seeds": str(SEEDS)}).items()
        if key != "v"
    ))  # fmt: skip
    page.wait_for_selector('[data-testid="rd-compare-state"]', timeout=WARM)
    if page.get_by_role("button", name="Train them").count():
        page.get_by_role("button", name="Train them").click()
    page.wait_for_selector('[data-testid="rd-compare-state"][data-state="done"]', timeout=WARM)
    page.get_by_role("radio", name="Every run").click()
    dots = page.wait_for_function(
        """() => {
          const plot = document.querySelector('[data-chart^=compare-final] .js-plotly-plot');
          const found = (plot?.calcdata ?? []).map(points => points[0]?.trace).filter(t => t?.uid?.startsWith('runs-'));
          return found.length === 2 ? found.map(trace => Array.from(trace.x)) : null;
        }""",
        timeout=WARM,
    ).json_value()
    difference = sum(dots[1]) / SEEDS - sum(dots[0]) / SEEDS
    apart = stats.ttest_rel(dots[1], dots[0]).pvalue < 0.05
    pair = page.get_by_test_id("rd-pair")
    expect(pair).to_have_attribute("data-verdict", "beyond" if apart else "noise")
    told = float(re.search(r"by ([0-9.]+)", pair.inner_text())[1]) if apart else abs(difference)
    assert told == pytest.approx(abs(difference), rel=0.05)  # it is told with two digits


def test_a_broken_link_says_what_is_wrong_and_leaves_a_page_to_work_with(server, visit):
    page = visit(f"{server}/compare?1.l2.l2=nonsense&2.l2.l2=0.01")
    expect(page.locator(".rd-notice").first).to_contain_text("setting 1", timeout=WARM)
    expect(page.get_by_test_id("stException")).to_have_count(0)
