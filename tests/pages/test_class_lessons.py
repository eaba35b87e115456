"""A lesson of the Learn page in a class: given, predicted, revealed and exported, on a real store."""

import csv
import io
import zipfile

import pytest
import streamlit as st
from small_lessons import labels
from test_class_page import CLASS, checked, join, me, train
from test_train import button, words

from regdash.lessons.answers import Answer, write_answer
from regdash.settings import settings
from regdash.ui import room, room_course, room_export
from regdash.ui.learn_shelf import shelf

TEXT = """---
title: Guess & check
question: What happens?
level: beginner
minutes: 5
experiments:
  plain:
    label: plain
    training: {epochs: 30}
predictions:
  which:
    ask: Which one is it?
    choices:
      - {text: The first, when: val_loss(plain) > 0}
      - {text: "=SUM(A1)", when: otherwise}
  much:
    ask: How much?
    number: norm(plain)
    low: 0
    high: 10
    unit: weights
  curve:
    ask: How does it go?
    sketch: val_loss(plain)
    low: 0
    high: 2
claims:
  - val_loss(plain) > 0
---
First this.

{{predict: which}}

{{predict: much}}

{{predict: curve}}

Then that.
"""


@pytest.fixture
def queue(classroom, monkeypatch):
    """Classes are looked up every time."""
    monkeypatch.setattr(room, "FRESH_SECONDS", 0.0)
    return classroom


@pytest.fixture
def teacher(open_page, queue):
    """A teacher with a lesson file, who has opened a room."""
    page = open_page(CLASS)
    page.text_input(key="room-title").set_value("Class 9b")
    queue.learning.keep(me(page), "Guess & check", TEXT, settings())
    return checked(button(page, "Open room").click().run())


@pytest.fixture
def here(teacher, queue):
    (found,) = queue.rooms.of(me(teacher))
    return found


@pytest.fixture
def course(teacher, queue):
    (own,) = queue.learning.own([me(teacher)])
    return f"own-{own.id}"


def give(page, here, course, held=True):
    page.selectbox(key=f"room-course-lesson-{here.id}").set_value(course)
    page.checkbox(key=f"room-course-held-{here.id}").set_value(held)
    return checked(button(page, "Give to the class").click().run())


def predict(queue, here, course, page, **answers):
    for name, answer in answers.items():
        queue.learning.answer(me(page), course, name, write_answer(answer), here.id)


def predicted(page):
    """The sentences below the questions."""
    return [each.proto.body for each in page.get("html") if 'data-testid="rd-predicted"' in each.proto.body]


def test_a_teacher_chooses_among_the_lessons_of_the_server_and_ones_own(teacher, here, course):
    menu = teacher.selectbox(key=f"room-course-lesson-{here.id}")
    assert menu.options == [*(each.title for each in shelf("lesson").lessons), "Guess & check (your own)"]
    assert teacher.checkbox(key=f"room-course-held-{here.id}").value is True
    assert "Pupils open it from their Class page and predict first." in words(teacher)


def test_a_lesson_is_given_revealed_hidden_and_taken_back(teacher, here, course, queue):
    give(teacher, here, course)
    assert (queue.rooms.get(here.id).course, queue.rooms.get(here.id).held) == (course, True)
    assert "Lesson from Learn: Guess &amp; check</h2>" in words(teacher)
    assert "Results are held back." in words(teacher)
    button(teacher, "Reveal the result").click().run()
    assert "Results are shown." in words(checked(teacher))
    assert not queue.rooms.get(here.id).held
    button(teacher, "Hide it again").click().run()
    assert queue.rooms.get(here.id).held
    button(teacher, "Take back").click().run()
    assert queue.rooms.get(here.id).course == ""
    give(checked(teacher), here, course, held=False)
    assert not queue.rooms.get(here.id).held
    assert "Results are shown." in words(teacher)


def test_the_teacher_sees_how_many_have_predicted_each_question(open_page, teacher, here, course, queue):
    give(teacher, here, course)
    assert len(predicted(teacher)) == 3
    assert "**Which one is it?**" in [each.value for each in teacher.markdown]
    assert "Nobody is here yet. Show the code." in predicted(teacher)[0]
    pupils = [join(open_page, here.code, name) for name in ("Ada", "Bob", "Eve")]
    sketch = Answer(sketch=((0.0, 1.0), (0.5, 0.5), (1.0, 0.7)))
    predict(queue, here, course, pupils[0], which=Answer(choice=1), much=Answer(number=3.5), curve=sketch)
    predict(queue, here, course, pupils[1], which=Answer(choice=0), much=Answer())
    which, curve, much = predicted(checked(teacher.run()))
    assert "2 of 3 pupils have predicted." in which
    assert "1 of 3 pupils has predicted, 1 passed." in much
    assert "1 of 3 pupils has predicted." in curve
    queue.rooms.remove(here.id, here.owner, "Ada")
    assert "1 of 2 pupils has predicted." in predicted(teacher.run())[0]


def test_a_pupil_is_led_to_the_lesson_and_told_whether_its_results_are_shown(
    open_page, teacher, here, course, queue, monkeypatch
):
    pupil = join(open_page, here.code, "Ada")
    assert "Lesson from Learn" not in words(pupil)
    give(teacher, here, course)
    assert "Lesson from Learn: Guess &amp; check</h2>" in words(checked(pupil.run()))
    assert "Predict first. The results appear when your teacher shows them." in words(pupil)
    assert not any(each.label in ("Reveal the result", "Take back") for each in pupil.button)
    button(teacher, "Reveal the result").click().run()
    assert "they are shown." in words(checked(pupil.run()))
    visited = []
    monkeypatch.setattr(room_course.learn_state, "visit", lambda *where: visited.append(where))
    button(pupil, "Open the lesson").click().run()
    assert visited == [("lessons", course)]


def test_a_pupil_on_the_train_page_is_led_to_the_lesson_as_well(open_page, teacher, here, course, queue, monkeypatch):
    pupil = train(join(open_page, here.code, "Ada"))
    assert "Open its lesson" not in labels(pupil)
    give(teacher, here, course)
    visited = []
    monkeypatch.setattr(room.learn_state, "visit", lambda *where: visited.append(where))
    button(checked(pupil.run()), "Open its lesson").click().run()
    assert visited == [("lessons", course)]
    queue.rooms.set_course(here.id, here.owner, "", False)
    assert "Open its lesson" not in labels(checked(pupil.run()))


def test_the_line_about_the_class_looks_by_itself_and_has_the_page_obey(open_page, teacher, here, course, monkeypatch):
    pupil = train(join(open_page, here.code, "Ada"))
    give(teacher, here, course)
    looks, timers, visit, fragment = [], [], room.visit, st.fragment

    def every_second_time(queue):
        """The page does not look, the line below its head does."""
        looks.append(visit(queue) if len(looks) % 2 else None)

    def timed(drawn, **timer):
        timers.append(timer)
        return fragment(drawn, **timer)

    monkeypatch.setattr(room, "visit", every_second_time)
    monkeypatch.setattr(st, "fragment", timed)
    assert "Open its lesson" in labels(checked(pupil.run()))
    assert len(looks) == 4  # it saw the lesson, had the page drawn once more, and saw nothing new
    assert {"run_every": room.FRESH_SECONDS} in timers


def test_a_lesson_that_is_gone_is_said_and_can_be_taken_back(teacher, here, queue):
    queue.rooms.set_course(here.id, here.owner, "no-such-lesson", True)
    assert "This lesson is no longer there." in words(checked(teacher.run()))
    button(teacher, "Take back").click().run()
    assert queue.rooms.get(here.id).course == ""


def test_a_lesson_that_was_deleted_in_another_window_is_refused_beside_the_menu(teacher, here, course, queue):
    queue.learning.keep(me(teacher), "Another", TEXT.replace("Guess", "Other"), settings())
    teacher.run()
    queue.learning.delete(me(teacher), course.removeprefix("own-"))
    monkey = teacher.selectbox(key=f"room-course-lesson-{here.id}").set_value(course)
    assert monkey.value == course
    button(teacher, "Give to the class").click().run()
    assert queue.rooms.get(here.id).course == ""
    assert "This lesson has been deleted." in words(checked(teacher))


def test_predictions_are_exported_in_words_and_no_cell_is_a_formula(open_page, teacher, here, course, queue):
    give(teacher, here, course)
    pupil = join(open_page, here.code, "=Ada")
    sketch = Answer(sketch=((0.0, 1.0), (0.5, 0.5), (1.0, 0.7)))
    predict(queue, here, course, pupil, which=Answer(choice=1), much=Answer(number=3.5), curve=sketch)
    archive = zipfile.ZipFile(io.BytesIO(room_export.packed(queue, here)))
    lines = list(csv.DictReader(io.StringIO(archive.read("predictions.csv").decode())))
    assert [(line["nickname"], line["lesson"], line["question"], line["answer"]) for line in lines] == [
        ("'=Ada", "Guess & check", "Which one is it?", "'=SUM(A1)"),
        ("'=Ada", "Guess & check", "How much?", "3.5 weights"),
        (
            "'=Ada",
            "Guess & check",
            "How does it go?",
            "1 at 0 % of the epochs, 0.5 at 50 % of the epochs, 0.7 at 100 % of the epochs",
        ),
    ]
