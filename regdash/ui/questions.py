"""Questions that beginners ask: their list by topic with the answer in short, and one of them answered by runs."""

from functools import partial
from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Lesson
from regdash.ui import learn_blocks, learn_further, learn_shelf, learn_state, learn_topics
from regdash.ui.labels import literal

PART: learn_state.Part = "questions"
GONE = "There is no such question; the list has all that there are."
EMPTY = "No question is answered on this server yet; the lessons and the glossary are beside."


def draw(queue: Queue, name: str) -> None:
    """The list, or the question that is open."""
    if not name:
        return _list()
    with st.container(key="learn-lesson", gap="small"):
        found = learn_topics.opened(queue, "question", PART, name, "All questions", GONE)
        if found is not None:
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
    following = learn_shelf.after(learn_shelf.shelf("question").lessons, question.name)
    if following is not None and st.button(f"Next: {literal(following.title)} →", key="question-next"):
        learn_state.go(PART, following.name)
        st.rerun()


def _list() -> None:
    for place, (topic, own) in enumerate(learn_topics.by_topic(learn_topics.listed("question", EMPTY))):
        if topic:
            st.html(f'<h2 class="rd-onward">{escape(topic)}</h2>')
        with st.container(key=f"question-cards-{place}"):
            for each in own:
                learn_topics.row("question", PART, each, each.title, each.right)
