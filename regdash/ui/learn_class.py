"""A lesson that a class has been given: whether the teacher still holds its results back."""

from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Lesson
from regdash.ui import learn_state, room
from regdash.ui.labels import literal
from regdash.ui.learn_shelf import lesson_named
from regdash.ui.room import Membership

EVERY = 3.0  # seconds between two looks whether the results are shown


def room_of(lesson: Lesson) -> str:
    """The id of the class that has been given this lesson and in which the visitor is; empty for none."""
    found = _giving(lesson)
    return found.room.id if found else ""


def held(lesson: Lesson) -> bool:
    """Whether the results wait for the teacher."""
    found = _giving(lesson)
    return found is not None and found.room.held


def invite(queue: Queue) -> None:
    """In the list: the lesson that the visitor's class has been given, with the way to it; nothing without one."""
    found = room.current()
    if found is None or not found.room.course:
        return
    try:
        lesson = lesson_named(queue, "lesson", found.room.course)
    except RegdashError:
        return
    if lesson is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="learn-invited"):
        st.html(f'<p class="rd-lesson">{escape(found.room.title)} has a lesson:</p>', width="content")
        words, go = literal(lesson.title), learn_state.go
        st.button(words, key="learn-invited-open", on_click=go, args=("lessons", lesson.name))


def wait(queue: Queue, lesson: Lesson, predicted: bool) -> None:
    """Say that the results wait for the teacher, and look now and then whether they still do."""
    st.fragment(_waiting, run_every=EVERY)(queue, lesson, predicted)


def _waiting(queue: Queue, lesson: Lesson, predicted: bool) -> None:
    room.look(queue)
    found = _giving(lesson)
    if found is None or not found.room.held:
        st.rerun()
    words = "Your prediction is in." if predicted else "You have predicted nothing."
    st.html(
        f'<p class="rd-lesson" role="status" data-testid="rd-learn-held"><strong>{words}</strong> '
        f"The result appears here as soon as the teacher of {escape(found.room.title)} shows it to everybody.</p>"
    )


def _giving(lesson: Lesson) -> Membership | None:
    found = room.current()
    return found if found is not None and found.room.course == lesson.name else None
