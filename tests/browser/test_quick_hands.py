"""However fast chips are clicked and sliders moved, the page ends with what was chosen last."""

import re

import pytest
from playwright.sync_api import expect

from regdash.codec import identity
from regdash.experiment import Experiment
from regdash.links import Address, to_address
from regdash.presets import PRESETS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def settled(page, experiment, timeout=60_000):
    """Wait until the run of the experiment is done; what the address holds then."""
    shown = f'[data-testid="rd-state"][data-run="{identity(experiment)}"][data-state="done"]'
    page.wait_for_selector(shown, timeout=timeout)
    page.wait_for_timeout(500)
    return page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")


def expected(preset):
    return to_address(Address(preset.experiment, preset.seeds, preset.baseline, preset.seeds))


@pytest.mark.slow
def test_each_chip_shows_its_setting_and_nothing_else(server, visit):
    page = visit(server)
    expect(page.get_by_role("button", name=PRESETS[0].label)).to_be_visible(timeout=60_000)
    for preset in PRESETS[::-1]:
        page.get_by_role("button", name=preset.label).click()
        assert settled(page, preset.experiment, 120_000) == expected(preset)
        assert page.locator(".rd-fault").count() == 0


@pytest.mark.slow
def test_chips_clicked_one_after_another_leave_no_trace_of_the_ones_before(server, visit):
    page = visit(server)
    expect(page.get_by_role("button", name=PRESETS[0].label)).to_be_visible(timeout=60_000)
    for preset in (*PRESETS, *PRESETS[1:]):
        page.get_by_role("button", name=preset.label).click()
        page.wait_for_timeout(120)
    assert settled(page, PRESETS[-1].experiment) == expected(PRESETS[-1])
    assert page.locator(".rd-fault").count() == 0


def test_a_slider_pressed_quickly_ends_where_it_stands(server, visit):
    page = visit(server)
    settled(page, Experiment(), 120_000)
    slider = page.get_by_role("slider", name=re.compile("^Dropout"))
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
        page.wait_for_timeout(60)
    assert settled(page, Experiment().with_values({"dropout.rate": 0.4})) == {"v": "1", "dropout.rate": "0.4"}
    assert float(slider.evaluate("e => e.value ?? e.ariaValueNow")) == pytest.approx(0.4)


def test_the_back_button_goes_back_to_the_setting_before(server, visit):
    page = visit(server)
    settled(page, Experiment(), 120_000)
    slider = page.get_by_role("slider", name=re.compile("^L2"))
    slider.focus()
    slider.press("ArrowRight")
    mild = Experiment().with_values({"l2.l2": 1e-6})
    before = settled(page, mild)
    page.get_by_role("button", name="Nothing to learn").click()
    settled(page, PRESETS[-1].experiment)
    page.go_back()
    assert settled(page, mild) == before
