"""Where a lesson leads: Train with its controls, Compare; and the wait for the teacher in a class."""

import pytest
from small_lessons import EXPERIMENTS, LEARN, LESSON, address, checked, predicted, press, text
from test_train import button, draft, words

from regdash.lessons.lesson import Further
from regdash.lessons.reading import read_lesson
from regdash.links import REGULARIZATION, SEEDS, from_address, from_comparison, to_address
from regdash.settings import settings
from regdash.ui import learn_further, room, session

pytestmark = pytest.mark.usefixtures("small_lessons")


def test_train_opened_from_a_lesson_shows_what_the_lesson_shows_and_no_more():
    lesson = read_lesson(LESSON, "does-l2-help")
    found = learn_further.address(lesson, lesson.further[0])
    assert found.experiment == lesson.experiments["decayed"]
    assert found.baseline == lesson.experiments["plain"]
    assert (found.seeds, found.baseline_seeds, found.locked) == (2, 2, ("data",))
    assert {"network", "optimizer", "training", "dropout", SEEDS} <= set(found.hidden)
    assert not {"l2", "l2.l2", "data", REGULARIZATION} & set(found.hidden)
    assert from_address(to_address(found)) == found


def test_a_lesson_that_shows_no_regulariser_hides_all_of_them():
    lesson = read_lesson(LESSON.replace("shown: [l2.l2]", "shown: [optimizer.learning_rate]"), "name")
    found = learn_further.address(lesson, Further("Go", train="plain"))
    assert REGULARIZATION in found.hidden
    assert "optimizer" not in found.hidden
    assert found.baseline is None


def test_a_lesson_without_controls_leaves_all_of_them():
    plain = LESSON.replace("controls:\n  shown: [l2.l2]\n  locked: [data]\n", "")
    lesson = read_lesson(plain, "name")
    assert not learn_further.address(lesson, lesson.further[0]).teaches


def test_the_way_to_train_makes_it_that_lesson(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    button(page, "Move it →").click().run()
    assert draft(page) == EXPERIMENTS["decayed"]
    assert page.session_state[session.LESSON].locked == ("data",)


def test_the_way_to_compare_fills_it_in(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    button(page, "Side by side →").click().run()
    found = from_comparison(address(page))
    assert [entry.name for entry in found.entries] == ["no penalty", "with L2"]
    assert [entry.experiment for entry in found.entries] == list(EXPERIMENTS.values())


def test_in_a_class_the_result_waits_for_the_teacher(open_page, classroom, monkeypatch):
    monkeypatch.setattr(room, "FRESH_SECONDS", 0.0)
    teacher = 32 * "a"
    opened = classroom.rooms.open(teacher, "Class 9b", "", 4.0, settings())
    classroom.rooms.set_course(opened.id, teacher, "does-l2-help", True)
    page = checked(open_page(LEARN))
    me = page.session_state[session.VISITOR].sessions[0]
    classroom.rooms.join(opened.code, me, "Ada")
    classroom.learning.answer(me, "does-l2-help", "which", '{"choice": 0}')  # before the class
    assert "Class 9b has a lesson:" in words(checked(page.run()))
    page = predicted(press(page, "Does L2 help?"))
    assert "How small is it?" in text(page)  # all questions come before the teacher shows the results
    press(page, "Skip the question")
    assert "Your prediction is in." in words(page)
    assert "In between" not in text(page)
    assert classroom.learning.of_room(opened.id, "does-l2-help")["which"] == ['{"choice": 1}']
    classroom.rooms.reveal(opened.id, teacher, True)
    checked(page.run())
    assert "In between" in text(page)
    assert "The end" in text(page)
