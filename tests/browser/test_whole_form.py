"""Regularisers added one by one, folds, images, downloads and an own table, with the real engine."""

import re

import pytest
from playwright.sync_api import expect
from served import serving
from test_train_page import WARM, state, wait_for

from regdash.datasets import Digits, Split
from regdash.experiment import Experiment, Training
from regdash.networks import Convolutional
from regdash.ui.members import Setting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
FOLDED = Experiment().with_values({"split.folds": 3})


def pick(page, menu, option):
    box = page.get_by_role("combobox", name=re.compile(f"^{menu}"))
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(600)  # an open menu closes when the page scrolls or runs once more after the end of a run
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_regulariser_is_added_with_a_mild_value_and_removed(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    pick(page, "Add a regulariser", "Weights: Max-norm")
    wait_for(page, Experiment().with_values({"max_norm.max_value": 3.0}), timeout=WARM)
    expect(page.locator(".rd-beside")).to_contain_text("‖w‖ ≤ 3 for each unit")
    page.get_by_role("button", name="Remove").click()
    wait_for(page, Experiment())
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    assert "max_norm" not in page.url


def test_folds_become_a_mean_and_a_band_and_survive_a_reload(server, visit):
    page = visit(server)
    wait_for(page, Experiment(), timeout=WARM)
    page.locator(".st-key-folds").get_by_role("radio", name="3", exact=True).click()
    expect(state(page)).to_contain_text("3 folds: 3 finished", timeout=WARM)
    expect(state(page)).to_have_attribute("data-run", Setting(FOLDED, 1).ids[0])
    assert "split.folds=3" in page.url
    page.reload()
    expect(state(page)).to_contain_text("3 folds: 3 finished", timeout=20_000)


@pytest.mark.slow
def test_convolution_needs_images_and_trains_on_them(server, visit):
    page = visit(f"{server}/?training.epochs=5")
    wait_for(page, Experiment(training=Training(epochs=5)), timeout=WARM)
    page.locator("summary", has_text=re.compile("Network$")).click()
    pick(page, "Network", Convolutional.label)
    expect(page.locator(".rd-fault")).to_contain_text("looks at images")
    pick(page, "Data set", Digits.label)
    expect(page.locator(".rd-fault")).to_have_count(0)
    pick(page, "Network", Convolutional.label)
    share = Split(train=Digits.default_train)
    images = Experiment(data=Digits(), split=share, network=Convolutional(), training=Training(epochs=5))
    wait_for(page, images, timeout=WARM)
    pick(page, "Data set", "Moons")
    expect(page.locator(".rd-said")).to_contain_text("so the network is now Dense layers (MLP)")


@pytest.mark.slow
def test_a_download_without_a_connection_ends_with_its_sentence(tmp_path, visit):
    with serving(tmp_path, REGDASH_EMBEDDED="0", **OFFLINE, no_proxy="", NO_PROXY="") as fresh:
        page = visit(f"{fresh}/?data=mnist", 390, 844)
        expect(page.get_by_test_id("rd-absent")).to_contain_text("MNIST is not on this machine yet", timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="Download", exact=True).click()
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
        expect(page.get_by_test_id("rd-absent")).to_contain_text("could not be downloaded", timeout=120_000)
        expect(page.get_by_role("button", name="Download again")).to_be_visible()
        page.context.close()


def test_an_own_table_is_uploaded_and_trained(server, visit):
    page = visit(f"{server}/?data=own&training.epochs=20")
    expect(page.get_by_test_id("rd-absent")).to_contain_text("No table has been uploaded yet", timeout=20_000)
    rows = "\n".join(["size,weight,kind", *(f"{i / 7:.2f},{i * 37 % 50},{'ab'[i % 2]}" for i in range(120))])
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files(people)
    page.get_by_role("button", name="Use this table").click()
    expect(page.get_by_test_id("rd-own")).to_contain_text("In use: 120 rows, 2 inputs", timeout=20_000)
    expect(state(page)).to_have_attribute("data-state", "done", timeout=WARM)
    expect(state(page)).to_contain_text("Finished: 20 epochs")
    assert re.search(r"data\.table=[0-9a-f]{32}", page.url)
