"""The path from slider to curve in a real browser, with the real queue, coordinator, worker and engine."""

import re

import numpy as np
import pandas as pd
import pytest
from downloading import downloaded
from playwright.sync_api import expect
from served import serving

from regdash.codec import identity
from regdash.experiment import Experiment
from regdash.links import to_link
from regdash.presets import PRESETS
from regdash.ui.frame import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WARM = 120_000  # milliseconds: the first run waits for TensorFlow on a busy machine
LONG = {"training.epochs": 2000, "network.widths": (256, 256), "training.batch_size": 8, "data.samples": 5000}
EPOCHS = Experiment().training.epochs
CURVE = """name => {
  const plot = document.querySelector('[data-chart=loss] .js-plotly-plot');
  const trace = (plot?.calcdata ?? []).find(points => points[0]?.trace?.name === name);
  return trace ? trace.map(point => point.y) : [];
}"""


def state(page):
    return page.get_by_test_id("rd-state")


def wait_for(page, experiment, word="done", timeout=30_000):
    """Wait until the page shows the run of this experiment in this state."""
    shown = f'[data-testid="rd-state"][data-run="{identity(experiment)}"][data-state="{word}"]'
    page.wait_for_selector(shown, timeout=timeout)


def slider(page, label):
    return page.get_by_role("slider", name=re.compile(f"^{label}"))


def number(page, name):
    return float(page.get_by_test_id(f"rd-{name}").locator(".rd-value").inner_text().split()[0])


def address(server, experiment):
    return f"{server}/?" + "&".join(f"{key}={text}" for key, text in to_link(experiment).items())


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/compare", "Compare"),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in (("/search", "Search"), ("/runs", "Runs"))),
    ],
)
def test_a_page_opened_first_on_a_fresh_server_is_complete(tmp_path, visit, path, title):
    with serving(tmp_path, REGDASH_EMBEDDED="0") as fresh:
        page = visit(fresh + path)
        expect(page).to_have_title(f"{title} · Regdash", timeout=20_000)
        links = [label for _, label in PAGES] + ["Change it on the Train page"] * (title == "Search")
        expect(page.locator('[data-testid="stPageLink"] a')).to_have_text(links)
        assert page.get_by_test_id("stSidebarNav").count() == 0
        assert page.get_by_test_id("stException").count() == 0
        page.get_by_role("link", name="Train", exact=True).click()
        expect(page).to_have_title("Train · Regdash")
        expect(slider(page, "Dropout")).to_be_visible()
        expect(state(page)).to_contain_text("engine")
        page.context.close()


def test_a_moved_slider_trains_and_draws_the_finished_curve(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    slider(page, "Dropout").focus()
    slider(page, "Dropout").press("ArrowRight")
    moved = Experiment().with_values({"dropout.rate": 0.05})
    wait_for(page, moved)
    assert "dropout.rate=0.05" in page.url
    page.wait_for_function(f"() => ({CURVE})('validation').length === {EPOCHS}")
    curve = page.evaluate(CURVE, "validation")
    assert number(page, "best") == pytest.approx(min(curve), abs=1e-3)
    assert f"at epoch {curve.index(min(curve)) + 1}" in page.get_by_test_id("rd-best").inner_text()
    gap = curve[-1] - page.evaluate(CURVE, "train")[-1]
    assert number(page, "gap") == pytest.approx(gap, abs=2e-3)


def test_a_pinned_baseline_stays_in_the_charts_and_is_compared(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    page.get_by_role("button", name="Pin as baseline").click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    slider(page, "Dropout").focus()
    slider(page, "Dropout").press("ArrowRight")
    wait_for(page, Experiment().with_values({"dropout.rate": 0.05}))
    expect(page.get_by_test_id("rd-differs")).to_have_text("Against the baseline: only Dropout changed: 0 → 0.05.")
    page.wait_for_function(f"() => ({CURVE})('Baseline validation').length === {EPOCHS}")
    expect(page.locator(".rd-change").first).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("rd-differs")).to_contain_text("only Dropout changed")


def test_the_downloaded_curves_are_those_of_the_chart_in_full_precision(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    page.wait_for_function(f"() => ({CURVE})('validation').length === {EPOCHS}")
    file = downloaded(page, "Download curves (CSV)")
    table = pd.read_csv(file.path())
    assert file.suggested_filename == "regdash-curves.csv"
    assert table["epoch"].tolist() == list(range(1, EPOCHS + 1))
    drawn = page.evaluate(CURVE, "validation")
    np.testing.assert_allclose(drawn, table["val_loss"], rtol=5.001e-4)  # half a unit of the fourth digit
    assert table["val_loss"].tolist() != drawn


def test_a_preset_with_a_baseline_draws_both_and_says_how_they_differ(server, visit):
    preset = next(each for each in PRESETS if each.label == "L1 picks features")
    strength = preset.experiment.values["l1.l1"]
    page = visit(server)
    page.get_by_role("button", name=preset.label).click()
    wait_for(page, preset.experiment, timeout=WARM)
    expect(page.get_by_test_id("rd-differs")).to_have_text(
        f"Against the baseline: only L1 strength changed: 0 → {strength:g}."
    )
    epochs = preset.experiment.training.epochs
    for name in ("validation", "Baseline validation"):
        page.wait_for_function(f"name => ({CURVE})(name).length === {epochs}", arg=name)
    assert page.evaluate(CURVE, "validation") != page.evaluate(CURVE, "Baseline validation")
    assert number(page, "near-zero") > 0
    expect(page.get_by_test_id("rd-near-zero").locator(".rd-change")).to_contain_text("+")


@pytest.mark.slow
def test_a_store_that_cannot_be_written_is_said_and_runs_are_trained_all_the_same(tmp_path, visit):
    (tmp_path / "file").write_text("a file where the folder should be")
    with serving(tmp_path, REGDASH_DATA_DIR=str(tmp_path / "file" / "store"), REGDASH_WARM_UP="0") as fresh:
        page = visit(fresh)
        notice = page.locator(".rd-notice")
        expect(notice).to_contain_text(f"The store {tmp_path / 'file' / 'store'}", timeout=20_000)
        expect(notice).to_contain_text("Set REGDASH_DATA_DIR to a folder that can be written")
        expect(notice).to_contain_text(re.compile(r"runs are kept in \S+ and are lost when the dashboard ends"))
        wait_for(page, Experiment(), timeout=WARM)
        page.wait_for_function(f"() => ({CURVE})('validation').length === {EPOCHS}")
        assert page.get_by_test_id("stException").count() == 0
        page.context.close()


def test_repeats_become_a_mean_and_are_judged_against_seed_noise(server, visit):
    page = visit(f"{server}/?seeds=3&dropout.rate=0.5&base.v=1&base.seeds=3")
    expect(state(page)).to_contain_text("3 seeds: 3 finished", timeout=WARM)
    expect(page.get_by_test_id("rd-gap").locator(".rd-change")).to_contain_text("seed noise")


def test_a_long_run_is_cancelled_and_keeps_what_it_has_learnt(server, visit):
    page = visit(address(server, Experiment().with_values(LONG)))
    page.get_by_role("button", name="Train", exact=True).click(timeout=WARM)
    expect(state(page)).to_contain_text(re.compile(r"epoch [1-9]\d* of 2000"), timeout=WARM)
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_attribute("data-state", "done", timeout=30_000)
    epochs = int(re.search(r"Cancelled at epoch (\d+)", state(page).inner_text())[1])
    assert 0 < epochs < 2000
    page.wait_for_function(f"() => ({CURVE})('validation').length > 0")
    page.reload()
    expect(state(page)).to_contain_text(f"Cancelled at epoch {epochs}", timeout=20_000)


def test_a_reload_in_the_middle_of_a_run_finds_it_again(server, visit):
    experiment = Experiment().with_values(LONG | {"training.seed": 1})
    page = visit(address(server, experiment))
    page.get_by_role("button", name="Train", exact=True).click(timeout=WARM)
    wait_for(page, experiment, "running", WARM)
    expect(state(page)).to_contain_text(re.compile(r"epoch [1-9]\d* of"), timeout=30_000)
    before = int(re.search(r"epoch (\d+) of", state(page).inner_text())[1])
    page.reload()
    wait_for(page, experiment, "running")
    expect(state(page)).to_contain_text(re.compile(r"epoch [1-9]\d* of"))
    assert int(re.search(r"epoch (\d+) of", state(page).inner_text())[1]) >= before
    page.get_by_role("button", name="Cancel").click()
    wait_for(page, experiment, "done")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("data=mons", "did you mean moons?"),
        ("v=7", "version 7"),
        ("dropout.rate=%3Cscript%3Ealert(1)%3C/script%3E", "must be a number"),
        ("x=" + "a" * 9000, "at most 8192 bytes"),
    ],
)
def test_a_broken_link_is_a_sentence_and_the_default_experiment(server, visit, query, words):
    page = visit(f"{server}/?{query}")
    expect(page.locator(".rd-notice")).to_contain_text(words, timeout=20_000)
    wait_for(page, Experiment(), timeout=WARM)


@pytest.mark.parametrize(
    "path", ["/?dropout.rate=0.05&l1.l1=0.001&l2.l2=0.001&base.v=1", "/guide?data=diabetes", "/class"]
)
def test_nothing_is_wider_than_a_telephone(server, visit, path):
    page = visit(server + path, 390, 844)
    expect(page.locator(".rd-figures, h1").first).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate("""() => [...document.querySelectorAll('[data-testid=stMain] *')]
        .filter(e => e.getBoundingClientRect().right > 391)
        .filter(e => !e.closest('.st-key-chips, .st-key-visitor, .katex, svg, table'))
        .map(e => e.tagName + '.' + e.className).slice(0, 5)""")
    assert wide == []
