"""Questions that beginners ask: their list by topic with the answer in short, and one of them answered by runs."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Lesson
from regdash.ui import learn_blocks, learn_further, learn_lesson, learn_shelf, learn_state
from regdash.ui.labels import literal

PART: learn_state.Part = "questions"
GONE = "There is no such question; the list has all that there are."
EMPTY = "No question is answered on this server yet; the lessons and the glossary are beside."


def draw(queue: Queue, name: str) -> None:
    """The list, or the question that is open."""
    if not name:
        return _list()
    with st.container(key="learn-lesson", gap="small"):
        learn_lesson.back("All questions", PART)
        try:
            found = learn_shelf.lesson_named(queue, "question", name)
        except RegdashError as error:
            return _notice(str(error))
        if found is None:
            return _notice(GONE)
        _head(found)
        learn_blocks.draw(queue, found, partial(_foot, found))
    return None


def _head(question: Lesson) -> None:
    """The question and its answer in short."""
    answer = f'<p class="rd-lead"><strong>In short:</strong> {escape(question.right)}</p>' if question.right else ""
    st.html(f'<header class="rd-lesson-head"><h1>{escape(question.title)}</h1>{answer}</header>')


def _foot(question: Lesson) -> None:
    """The ways on, the sources, and the next question."""
    learn_further.draw(question)
    listed = learn_shelf.shelf("question").lessons
    place = next((at for at, each in enumerate(listed) if each.name == question.name), len(listed))
    if place + 1 < len(listed):
        following = listed[place + 1]
        if st.button(f"Next: {literal(following.title)} →", key="question-next"):
            learn_state.go(PART, following.name)
            st.rerun()


def _list() -> None:
    found = learn_shelf.shelf("question")
    for sentence in found.faults:
        _notice(sentence)
    if not found.lessons:
        st.html(f'<p class="rd-caption">{escape(EMPTY)}</p>')
    for place, topic in enumerate(dict.fromkeys(each.topic for each in found.lessons)):
        if topic:
            st.html(f'<h2 class="rd-onward">{escape(topic)}</h2>')
        _cards(place, [each for each in found.lessons if each.topic == topic])


def _cards(place: int, questions: Sequence[Lesson]) -> None:
    """The questions of one topic, each with its answer in short."""
    with st.container(key=f"question-cards-{place}"):
        for each in questions:
            with st.container(key=f"learn-card-question-{each.name}", gap=None):
                st.button(
                    literal(each.title),
                    key=f"learn-open-question-{each.name}",
                    type="tertiary",
                    on_click=learn_state.go,
                    args=(PART, each.name),
                )
                st.html(f'<p class="rd-ask">{escape(each.right)}</p>')


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
