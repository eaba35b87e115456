"""Comparing in a real browser with the real engine: train, compare, read the verdict, share it."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

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


def compared(server, visit):
    """The Compare page with the runs of both settings."""
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
    return page


def downloaded(page, name):
    """What the button of this name in the dialog gives."""
    button = page.get_by_test_id("stDialog").get_by_role("button", name=name)
    button.wait_for(timeout=30_000)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    with page.expect_download(timeout=WARM) as started:
        button.click()
    return Path(started.value.path()).read_bytes()


BEGINNINGS = {"PNG": b"\x89PNG", "SVG": b"<svg", "PDF": b"%PDF-", "HTML": b"<!doctype html>", "Parquet": b"PAR1"}


def test_the_comparison_can_be_had_in_every_format(server, visit):
    page = compared(server, visit)
    page.get_by_role("button", name="Export Loss").first.click()
    dialog = page.get_by_test_id("stDialog")
    files = {}
    for each in ("CSV", "JSON", *BEGINNINGS):
        dialog.get_by_role("radio", name=each, exact=True).click()
        files[each] = downloaded(page, re.compile(f"^Download {each}"))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0, timeout=30_000)
    for each, beginning in BEGINNINGS.items():
        assert files[each].lower().startswith(beginning.lower()), each
    rows = list(csv.DictReader(io.StringIO(files["CSV"].decode())))
    assert {row["epoch"] for row in rows} >= {str(epoch) for epoch in range(1, SMALL.training.epochs + 1)}
    told = json.loads(files["JSON"])["experiments"]
    assert [each["seeds"] for each in told] == [SEEDS, SEEDS]

    page.get_by_role("button", name="Export all").click()
    report = downloaded(page, "Download the report").decode()
    verdict = page.get_by_test_id("rd-pair").inner_text().partition(" More")[0]
    assert verdict.split("(")[0].strip() in report
    dialog.get_by_role("radio", name="Report (Markdown)").click()
    expect(dialog.get_by_text("The same as text")).to_be_visible(timeout=30_000)
    assert downloaded(page, "Download the report").startswith(b"# ")
    dialog.get_by_role("radio", name="All charts (zip)").click()
    dialog.get_by_role("radio", name="CSV").click()
    with zipfile.ZipFile(io.BytesIO(downloaded(page, re.compile("^Download .* charts")))) as archive:
        assert any(name.endswith(".csv") and "loss" in name for name in archive.namelist())


def test_the_dots_of_the_chart_of_every_run_give_the_verdict(server, visit):
    page = compared(server, visit)
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
