"""Links, the code for another page, and the link of a lesson, as the Share button makes them."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from regdash.experiment import Experiment
from regdash.links import Address, Embedding, from_address, from_embedding, to_address
from regdash.ui import embed, lesson, lesson_card, session, share


def page():
    import streamlit as st

    from regdash.ui import session, share

    session.begin()
    st.session_state[session.PAGE] = st.session_state.get("title", "Train")
    if st.session_state["title"] == "Train":
        share.train()
    else:
        share.popover("The comparison", {"v": "1", "1.l2.l2": "0.1"}, "compare")


@pytest.fixture
def opened():
    """The Share button, pressed, on a page below a path of its own."""

    def run(title="Train", url="http://school.example/base/", address=None):
        test = AppTest.from_function(page, default_timeout=30)
        test.context = {"url": url}
        test.session_state["title"] = title
        test.session_state["share-train" if title == "Train" else "share-compare"] = True
        test.run()
        if address is not None:
            test.session_state[session.DRAFT] = address
            test.run()
        assert not test.exception
        return test

    return run


def params(link):
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


class Frames(HTMLParser):
    """Reads a piece of HTML as a browser does: its elements and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(code):
    reader = Frames()
    reader.feed(code)
    return reader.found


def test_the_link_is_whole_and_opens_the_same_settings_and_baseline(opened):
    address = Address(Experiment().with_values({"l2.l2": 0.01}), 3, Experiment(), 5)
    link = opened(address=address).code[0].value
    assert link.startswith("http://school.example/base/?v=1&l2.l2=0.01&seeds=3")
    assert from_address(params(link)) == address


@pytest.mark.parametrize("url", ["http://school.example/base/compare", "http://school.example/base/compare/"])
def test_a_page_of_its_own_is_found_below_the_same_path(opened, url):
    link = opened("Compare", url).code[0].value
    assert link == "http://school.example/base/compare?v=1&1.l2.l2=0.1"


def test_the_code_for_another_page_is_one_frame_whose_source_shows_the_choices(opened):
    test = opened()
    test.multiselect(key="share-controls").set_value(["dropout.rate", "l2.l2"])
    test.selectbox(key="share-chart").set_value("boundary")
    test.selectbox(key="share-theme").set_value("dark_theme")
    test.number_input(key="share-height").set_value(640).run()
    ((tag, found),) = elements(test.code[1].value)
    assert tag == "iframe"
    assert "640px" in found["style"]
    read = params(found["src"])
    assert (read["embed"], read["embed_options"]) == ("true", "dark_theme")
    assert from_embedding(read, embed.NAMES) == Embedding("boundary", ("dropout.rate", "l2.l2"))


def test_the_code_cannot_be_left_by_the_words_of_a_lesson():
    hostile = Address(text='"><script>alert(1)</script><p title="')
    ((tag, found),) = elements(share.frame_code(hostile, Embedding(), 500))
    assert tag == "iframe"
    assert from_address({k: v for k, v in params(found["src"]).items() if k in ("v", "text")}) == hostile


def test_the_link_of_a_lesson_locks_hides_and_tells(opened):
    test = opened()
    test.multiselect(key="share-lock").set_value(["data"])
    test.multiselect(key="share-hide").set_value(["training.epochs"])
    test.text_area(key="share-text").set_value("Raise dropout.\n\nWhat does the gap do?").run()
    found = from_address(params(test.code[2].value))
    assert (found.locked, found.hidden) == (("data",), ("training.epochs",))
    assert found.text == "Raise dropout.\n\nWhat does the gap do?"


def test_a_lesson_whose_link_would_not_open_is_refused_with_a_sentence_and_keeps_what_was_typed(opened):
    test = opened()
    test.text_area(key="share-text").set_value("turned \u202e round").run()
    assert len(test.code) == 2
    assert "This link would not open: text must be letters" in " ".join(each.proto.body for each in test.get("html"))
    assert test.text_area(key="share-text").value == "turned \u202e round"


def test_while_the_popover_is_closed_nothing_of_it_is_made():
    test = AppTest.from_function(page, default_timeout=30)
    test.session_state["title"] = "Train"
    assert len(test.run().code) == 0


def test_words_of_a_lesson_are_paragraphs_of_plain_text():
    told = lesson_card.paragraphs("One <b>line</b>\nand another\n\n\nA second.")
    assert told == "<p>One &lt;b&gt;line&lt;/b&gt;<br>and another</p><p>A second.</p>"


def test_every_hidden_setting_can_still_be_read_also_at_its_default():
    given = Address(Experiment().with_values({"l2.l2": 0.01}), 5, None, 1, (), ("training", "l2", "network", "seeds"))
    told = lesson.out_of_sight(given)
    assert told[0] == "Network: Dense layers (MLP)"
    for words in ("Epochs (training) 150", "L2 strength 0.01", "Seeds 5", "Hidden layers (network) 64-64"):
        assert words in told
    assert lesson.out_of_sight(Address(locked=("training",))) == ()


def test_a_lesson_of_words_alone_is_a_lesson_and_is_obeyed():
    given = Address(text="Watch the gap.")
    assert given.teaches
    assert lesson.obeying(Address(Experiment(), 2), given) == Address(Experiment(), 2, text="Watch the gap.")
    assert lesson.obeying(given, None).text == ""
    assert lesson.read(lesson.written(given)) == given
    assert to_address(given) == {"v": "1", "text": "Watch the gap."}
