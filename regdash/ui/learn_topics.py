"""Cards and questions: lists by topic, and the one that is opened."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Kind, Lesson
from regdash.ui import learn_lesson, learn_shelf, learn_state
from regdash.ui.labels import literal
from regdash.ui.learn_state import Part


def listed(kind: Kind, empty: str) -> tuple[Lesson, ...]:
    """All of a kind; a sentence for each that cannot be read, and the words `empty` where there is none."""
    found = learn_shelf.shelf(kind)
    for sentence in found.faults:
        notice(sentence)
    if not found.lessons:
        st.html(f'<p class="rd-caption">{escape(empty)}</p>')
    return found.lessons


def opened(queue: Queue, kind: Kind, part: Part, name: str, back: str, gone: str) -> Lesson | None:
    """The way back, and the one of that name; a sentence and None where there is none."""
    learn_lesson.back(back, part)
    try:
        found = learn_shelf.lesson_named(queue, kind, name)
    except RegdashError as error:
        found, gone = None, str(error)
    if found is None:
        notice(gone)
    return found


def by_topic(found: Sequence[Lesson], first: Sequence[str] = ()) -> list[tuple[str, list[Lesson]]]:
    """Those of each topic that has any: the topics named first, then the others as they come."""
    topics = dict.fromkeys((*first, *(each.topic for each in found)))
    groups = [(topic, [each for each in found if each.topic == topic]) for topic in topics]
    return [(topic, own) for topic, own in groups if own]


def row(kind: Kind, part: Part, lesson: Lesson, title: str, words: str) -> None:
    """One of a list: a button with its title, and some words below."""
    with st.container(key=f"learn-card-{kind}-{lesson.name}", gap=None):
        st.button(
            literal(title),
            key=f"learn-open-{kind}-{lesson.name}",
            type="tertiary",
            on_click=learn_state.go,
            args=(part, lesson.name),
        )
        st.html(f'<p class="rd-ask">{escape(words)}</p>')


def notice(sentence: str) -> None:
    """A sentence where something is missing."""
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
