"""The dialog of exports on the Train page, as far as it goes without a browser."""

from types import SimpleNamespace

import pytest
from test_train import widget, words

from regdash.ui import export_dialog


@pytest.fixture
def page(open_page, monkeypatch):
    """The page with the dialog of the loss chart open, on a machine without Chromium."""
    monkeypatch.setattr(export_dialog, "printer", lambda: SimpleNamespace(path="", ready=False))
    page = open_page()
    page.session_state[export_dialog.OPEN] = "loss"
    return checked(page.run())


def checked(page):
    assert not page.exception
    return page


def choose(page, key, value):
    return checked(widget(page.get("segmented_control"), key).set_value(value).run())


def test_the_words_around_a_chart_are_settings_seeds_and_versions_and_can_be_edited(page):
    caption = widget(page.text_area, "export caption loss")
    assert caption.value.startswith("Moons, ")
    assert "seed 0. Regdash " in caption.value
    assert widget(page.text_input, "export title loss").value == "Loss"
    caption.set_value("<b>mine</b>")
    checked(page.run())
    assert widget(page.text_area, "export caption loss").value == "<b>mine</b>"


def test_the_dialog_says_how_large_a_picture_will_be(page):
    assert "1,280 × " in words(page)
    widget(page.selectbox, "export size").set_value("slide")
    checked(page.run())
    assert "1,920 × 1,080 pixels" in words(page)


def test_without_chromium_pdf_says_how_it_can_be_had(page):
    choose(page, "export format", "pdf")
    assert "no Chrome or Chromium" in words(page)
    assert "REGDASH_CHROMIUM" in words(page)


@pytest.mark.parametrize("format", ["svg", "html", "csv", "parquet", "json"])
def test_every_format_has_its_dialog(page, format):
    choose(page, "export format", format)


def test_a_closed_dialog_stays_closed(page):
    del page.session_state[export_dialog.OPEN]
    checked(page.run())
    assert not [each for each in page.text_area if each.key == "export caption loss"]
