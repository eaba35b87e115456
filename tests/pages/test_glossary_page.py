"""The glossary and the questions of the Learn page as a visitor meets them."""

import pytest
from test_train import button, words

from regdash.lessons.catalogue import lesson_files
from regdash.lessons.glossary import find, glossary, groups
from regdash.settings import site
from regdash.ui import learn_shelf, learn_state
from regdash.ui.glossary import MOST

LEARN = "pages/learn.py"
TERMS = glossary(site() / "assets")
QUESTION = """---
title: {title}
topic: {topic}
right: {right}
seeds: 1
experiments:
  plain:
    training: {{epochs: 20}}
claims:
  - norm(plain) > 0
sources:
  - A book
---
Asked.

{{{{compare: plain}}}}

Answered.
"""
QUESTIONS = {
    "01-first": ("First?", "Before", "Because of <b>this</b>."),
    "02-second": ("Second?", "After", "So."),
}


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """Two questions in place of those that come with Regdash."""
    folder = tmp_path / "assets" / "questions"
    folder.mkdir(parents=True)
    for name, (title, topic, right) in QUESTIONS.items():
        (folder / f"{name}.md").write_text(QUESTION.format(title=title, topic=topic, right=f'"{right}"'))
    monkeypatch.setattr(learn_shelf, "site", lambda: tmp_path)


def checked(page):
    assert not page.exception
    return page


def press(page, label):
    return checked(button(page, label).click().run())


def names(page):
    """The terms that are drawn, in their order."""
    keys = [each.key for each in page.button if (each.key or "").startswith("glossary-name-")]
    return [key.removeprefix("glossary-name-") for key in keys]


def text(page):
    return words(page) + " ".join(each.value for each in page.markdown)


def search(page, typed):
    return checked(page.text_input(key="glossary search").set_value(typed).run())


def address(page):
    return {key: value if isinstance(value, str) else value[0] for key, value in page.query_params.items()}


def of_group(group):
    return [term.name for term in TERMS if term.group == group]


def test_the_glossary_opens_with_its_first_group(open_page):
    page = checked(open_page(LEARN, tab="glossary"))
    assert names(page) == of_group(groups(TERMS)[0])
    assert f"{len(names(page))} terms in {groups(TERMS)[0]}" in words(page)


def test_another_group_is_a_click_away(open_page):
    page = checked(open_page(LEARN, tab="glossary"))
    pills = next(each for each in page.button_group if each.key == "glossary groups")
    checked(pills.set_value("Optimizers").run())
    assert names(page) == of_group("Optimizers")
    assert address(page) == {"v": "1", "tab": "glossary"}


def test_a_search_finds_terms_of_all_groups_by_their_other_words(open_page):
    page = search(open_page(LEARN, tab="glossary"), "ridge")
    assert names(page)[0] == "l2"
    assert names(page) == [term.name for term in find(TERMS, "ridge")]
    assert "“ridge”" in words(page)
    search(page, "")
    assert names(page) == of_group(groups(TERMS)[0])


def test_a_search_draws_no_more_than_can_be_read(open_page):
    page = search(open_page(LEARN, tab="glossary"), "e")
    assert len(names(page)) == MOST
    assert f"the nearest {MOST} of which are shown" in words(page)


def test_a_search_without_a_hit_says_what_to_do_and_keeps_what_was_typed(open_page):
    page = search(open_page(LEARN, tab="glossary"), "<script>alert(1)</script>")
    assert "No term has these words." in words(page)
    assert "<script>" not in words(page)
    assert page.text_input(key="glossary search").value == "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["l2", "ridge", "L2"])
def test_a_term_has_an_address_and_stands_first_with_its_formula(open_page, name):
    page = checked(open_page(LEARN, tab="glossary", term=name))
    assert names(page)[0] == "l2"
    assert set(names(page)) == set(of_group("Penalties on weights"))
    assert r"l_2\sum w^2" in text(page)


def test_a_click_on_a_term_puts_it_into_the_address(open_page):
    page = press(search(open_page(LEARN, tab="glossary"), "weight decay"), "Weight decay")
    assert address(page) == {"v": "1", "tab": "glossary", "term": "weight-decay"}
    assert names(page)[0] == "weight-decay"
    assert page.text_input(key="glossary search").value == ""


def test_an_address_of_no_term_is_a_sentence_with_the_groups_below(open_page):
    page = checked(open_page(LEARN, tab="glossary", term="xylophone"))
    assert "There is no such term" in words(page)
    assert names(page) == of_group(groups(TERMS)[0])


def test_a_term_leads_to_its_lesson(open_page):
    page = checked(open_page(LEARN, tab="glossary", term="proximal-step"))
    press(page, "Lesson: L2 shrinks, L1 picks →")
    assert address(page) == {"v": "1", "lesson": "l2-shrinks-l1-picks"}


def test_a_term_whose_lesson_is_not_on_this_server_has_no_dead_link(open_page, asked):
    page = checked(open_page(LEARN, tab="glossary", term="proximal-step"))
    assert not [each.label for each in page.button if each.label.startswith("Lesson: ")]


def test_questions_stand_below_their_topics_with_the_answer_in_short(open_page, asked):
    page = checked(open_page(LEARN, tab="questions"))
    said = words(page)
    order = [">Before<", "Because of &lt;b&gt;this&lt;/b&gt;.", ">After<", ">So.<"]
    assert [said.find(each) for each in order] == sorted(said.find(each) for each in order)
    assert all(each in said for each in order)


def test_a_question_is_answered_by_runs_and_leads_to_the_next(open_page, asked, queue):
    page = press(open_page(LEARN, tab="questions"), "First?")
    assert address(page) == {"v": "1", "question": "first"}
    assert "In short:" in words(page)
    assert "Asked." in text(page)
    assert "Answered." not in text(page)
    press(page, "Run it")
    assert len(queue.asked) == 1
    assert "Answered." in text(page)
    assert "A book" in words(page)
    press(page, "Next: Second? →")
    assert address(page) == {"v": "1", "question": "second"}
    press(page, "← All questions")
    assert address(page) == {"v": "1", "tab": "questions"}


def test_a_question_that_is_not_there_is_a_sentence_and_the_way_back(open_page, asked):
    page = checked(open_page(LEARN, question="no-such"))
    assert "There is no such question" in words(page)
    press(page, "← All questions")
    assert "So." in words(page)


def test_without_questions_the_list_says_where_else_to_look(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr(learn_shelf, "site", lambda: tmp_path)
    page = checked(open_page(LEARN, tab="questions"))
    assert "the lessons and the glossary are beside" in words(page)


def test_every_question_that_comes_with_regdash_says_its_answer_in_short():
    listed = learn_shelf.shelf("question").lessons
    assert len(listed) == len(lesson_files(site() / "assets", "question"))
    assert [each.name for each in listed if not (each.right and each.topic and each.sources and each.claims)] == []
    assert learn_state.PARTS["questions"] == "Questions"
