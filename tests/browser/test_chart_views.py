"""The menus of the cards, the scores and the button of the verdict, with runs that were really trained."""

import csv

import pytest
from downloading import downloaded
from playwright.sync_api import expect
from test_train_page import LONG, WARM, address, state, wait_for

from regdash.datasets import Diabetes
from regdash.experiment import Experiment
from regdash.networks import Linear

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LINE = """([chart, name]) => {
  const plot = document.querySelector(`[data-chart=${chart}] .js-plotly-plot`);
  const trace = (plot?.calcdata ?? []).find(points => points[0]?.trace?.name === name);
  return trace ? trace.map(point => [point.x, point.y]) : [];
}"""
BOXES = """([menu, chart]) => [
  `[aria-label="${menu}"]`, `[data-chart=${chart}] .regdash-head`, `[data-chart=${chart}] .regdash-tools`,
].map(each => document.querySelector(each).getBoundingClientRect().toJSON())"""
SHORT = Experiment().with_values({"training.epochs": 40})


def pick(page, card, title):
    page.get_by_role("combobox", name=f"Chart of the {card}").click()
    page.get_by_role("option", name=title, exact=True).click()


def card(page, name):
    return page.locator(f'[data-chart="{name}"]')


def wait_for_line(page, chart, name, points):
    page.wait_for_function(f"given => ({LINE})(given).length >= {points}", arg=[chart, name])
    return page.evaluate(LINE, [chart, name])


def test_every_chart_of_every_card_is_drawn_from_a_finished_run(server, visit):
    page = visit(address(server, SHORT))
    wait_for(page, SHORT, timeout=WARM)
    for title in ("Confusion matrix", "Calibration"):
        pick(page, "answers", title)
        expect(page.get_by_role("figure").filter(has_text=title)).to_be_visible()
    for title, chart in (("F1", "score-f1"), ("Learning rate", "score-learning_rate")):
        pick(page, "scores", title)
        expect(card(page, chart)).to_be_visible()
    assert wait_for_line(page, "score-learning_rate", "learning rate", 40)[0][1] == SHORT.optimizer.learning_rate
    for title in ("L1 norm of weights", "Largest weight", "Spectral norm", "Weights near zero", "Exact zeros"):
        pick(page, "weights", title)
        expect(card(page, "layers").locator(".regdash-title")).to_have_text(title)
        assert wait_for_line(page, "layers", "output", 10)[-1][0] == 40
    pick(page, "weights", "Dead units")
    assert all(0 <= share <= 100 for _, share in wait_for_line(page, "layers", "hidden 2", 10))
    pick(page, "weights", "Weights now")
    expect(card(page, "histogram")).to_be_visible()
    assert state(page).get_attribute("data-state") == "done"
    assert page.get_by_test_id("stException").count() == 0


def test_a_linear_network_shows_its_coefficients_and_another_network_falls_back(server, visit):
    linear = Experiment(data=Diabetes(), network=Linear()).with_values({"l1.l1": 0.05, "training.epochs": 30})
    page = visit(address(server, linear))
    wait_for(page, linear, timeout=WARM)
    pick(page, "weights", "Coefficients")
    assert wait_for_line(page, "coefficients", "bmi", 10)[-1][0] == 30
    page.get_by_role("button", name="Reset").click()
    wait_for(page, Experiment())
    expect(card(page, "norms")).to_be_visible()


def test_all_seeds_are_looked_at_and_scored_together(server, visit):
    page = visit(address(server, SHORT) + "&seeds=3")
    wait_for(page, SHORT, timeout=WARM)
    pick(page, "weights", "Spectral norm")
    wait_for_line(page, "layers", "output", 10)
    assert page.evaluate("() => document.querySelectorAll('[data-chart=layers] .js-fill').length") == 3
    page.get_by_text("Scores", exact=True).click()
    expect(page.locator(".rd-scores").first).to_contain_text("Accuracy")
    expect(page.locator(".rd-caption").first).to_contain_text("means over 3 seeds")
    file = downloaded(page, "Download scores (CSV)")
    rows = list(csv.DictReader(file.path().read_text("utf-8").splitlines()))
    assert {row["runs"] for row in rows} == {"3"}
    accuracy = next(row for row in rows if row["epoch"] == "last" and row["score"] == "accuracy")
    shown = page.get_by_test_id("rd-score").locator(".rd-value").inner_text()
    assert float(shown.split()[0]) == pytest.approx(100 * float(accuracy["mean"]), abs=0.06)


@pytest.mark.slow
def test_a_menu_stays_open_and_a_choice_stays_chosen_while_a_network_trains(server, visit):
    long = Experiment().with_values(LONG | {"network.widths": (64, 64)})
    page = visit(address(server, long))
    page.get_by_role("button", name="Train", exact=True).click()
    wait_for(page, long, "running", timeout=WARM)
    page.get_by_role("combobox", name="Chart of the weights").click()
    page.wait_for_timeout(1_500)  # several updates
    page.get_by_role("option", name="Spectral norm", exact=True).click()
    expect(card(page, "layers")).to_contain_text("Shown when the run has ended.", timeout=WARM)  # after the first curve
    page.wait_for_timeout(1_000)
    expect(card(page, "layers")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_contain_text("ancelled")
    wait_for_line(page, "layers", "output", 2)


def test_the_next_step_is_one_click(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    expect(page.get_by_test_id("rd-verdict")).to_contain_text("Try dropout 0.3")
    page.get_by_role("button", name="Try it").click()
    wait_for(page, Experiment().with_values({"dropout.rate": 0.3}))
    assert "dropout.rate=0.3" in page.url


@pytest.mark.parametrize("width", [390, 1280])
def test_a_menu_stands_in_the_title_row_of_its_card(server, visit, width):
    page = visit(server, width=width)
    wait_for(page, Experiment(), timeout=WARM)
    for name, chart in (("answers", "boundary"), ("scores", "score"), ("weights", "norms")):
        card(page, chart).locator(".main-svg").first.wait_for()
        menu, head, tools = page.evaluate(BOXES, [f"Chart of the {name}", chart])
        assert head["top"] - 4 <= menu["top"]
        assert menu["bottom"] <= head["bottom"] + 4
        assert menu["right"] < tools["left"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.get_by_role("combobox", name="Chart of the answers").input_value() == "Decision boundary"
