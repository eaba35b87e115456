"""What tutorials get wrong, as a visitor meets it: the list with its search, and a card from claim to source."""

import pytest
from small_lessons import address, checked, labels, press, text
from test_train import words

from regdash.ui import learn_shelf
from regdash.ui.mistakes import TOPICS, find

LEARN = "pages/learn.py"
CARD = """---
title: "MAE is <b>MSE</b>"
topic: Words
question: "Printed: so it is."
claims:
  - mae_and_mse.mae() ~ 2 +- 0.001
right: "They differ: $|e|$ and $e^2$."
sources: [A page of a library]
---
{{demo: mae_and_mse}}
"""
CODED = """---
title: A line needs no bias
topic: Training and validation
question: "Printed: y = wx."
code: "w = np.zeros(1)  # no bias"
claims:
  - no_intercept.slope_with() < 3
right: It does.
sources: [A book]
experiments:
  plain: {training: {epochs: 20}}
further:
  - {say: Move it, train: plain}
---
{{chart: no_intercept; intercept=2}}

{{compare: plain}}
"""


@pytest.fixture
def cards(monkeypatch, tmp_path):
    """Two cards, and a third that cannot be read."""
    for name, card in (("01-mae-is-mse", CARD), ("02-no-bias", CODED), ("03-broken", "no front matter")):
        path = tmp_path / "assets" / "mistakes" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(card)
    monkeypatch.setattr(learn_shelf, "site", lambda: tmp_path)


def opened(page):
    return [label for label in labels(page) if label.startswith("“")]


@pytest.fixture
def listed(open_page, cards):
    return checked(open_page(LEARN, tab="mistakes"))


def test_the_list_is_grouped_by_topic_with_a_count_and_a_sentence_for_a_broken_card(listed):
    assert opened(listed) == ["“A line needs no bias”", r"“MAE is \<b\>MSE\</b\>”"]
    assert "2 cards" in words(listed)
    assert 'Words <span class="rd-count">1</span>' in words(listed)
    assert "broken cannot be shown: line 1: a lesson must begin with a line ---" in words(listed)


def test_a_search_finds_words_of_texts_and_listings_and_can_be_cleared(listed):
    page = checked(listed.text_input[0].set_value("mean_absolute_error differ").run())
    assert opened(page) == [r"“MAE is \<b\>MSE\</b\>”"]
    assert "1 of 2 cards for “mean_absolute_error differ”" in words(page)
    page = checked(page.text_input[0].set_value("<i>nothing</i>").run())
    assert opened(page) == []
    assert "No card has these words." in words(page)
    assert len(opened(press(page, "Clear"))) == 2


def test_a_search_is_still_there_when_a_card_has_been_read(listed):
    page = checked(listed.text_input[0].set_value("bias").run())
    page = press(page, "“A line needs no bias”")
    assert address(page) == {"v": "1", "card": "no-bias"}
    page = press(page, "← All cards")
    assert page.text_input[0].value == "bias"
    assert opened(page) == ["“A line needs no bias”"]


def test_a_card_runs_its_program_and_puts_it_right_with_its_source(open_page, cards):
    page = checked(open_page(LEARN, card="mae-is-mse"))
    assert "“MAE is &lt;b&gt;MSE&lt;/b&gt;”" in words(page)
    assert "They differ: $|e|$ and $e^2$." in text(page)
    assert "A page of a library" in words(page)
    assert not any("7.0" in each.value for each in page.code)
    page = press(page, "Run it")
    assert any("mean squared error: 7.0" in each.value for each in page.code)


def test_a_card_shows_its_listing_and_says_what_is_right_before_anything_is_trained(open_page, cards, queue):
    page = checked(open_page(LEARN, card="no-bias"))
    assert [each.value for each in page.code] == ["w = np.zeros(1)  # no bias"]
    assert "It does." in text(page)
    assert not queue.asked
    page = press(page, "Run it")
    assert len(queue.asked) == 3
    assert {"Move it →", r"Next: “MAE is \<b\>MSE\</b\>” →"} <= set(labels(page))


def test_a_card_that_is_not_there_is_a_sentence_with_the_way_back(open_page, cards):
    page = checked(open_page(LEARN, card="nothing"))
    assert "There is no such card" in words(page)
    assert len(opened(press(page, "← All cards"))) == 2


def test_the_cards_of_this_program_cover_the_topics_and_are_found_by_their_subject():
    found = learn_shelf.shelf("mistake").lessons
    assert len(found) >= 24
    assert {each.topic for each in found} == set(TOPICS)
    assert all(each.claims and each.sources and each.further for each in found)
    assert [each.name for each in find(found, "LBFGS")] == ["l1-under-lbfgs"]
    assert find(found, "") == found
