"""One lesson, opened: the way back, what it is about, its blocks, and what comes after it."""

from functools import partial
from html import escape

import streamlit as st

from regdash.errors import InvalidLesson, RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Lesson
from regdash.store.learning import Progress
from regdash.ui import learn_answers, learn_blocks, learn_further, learn_shelf, learn_state, session

GONE = "There is no such lesson on this server: its link may be old, or it was brought by somebody who has deleted it."


def draw(queue: Queue, name: str) -> None:
    """The lesson of that name; a sentence and the way back where there is none."""
    with st.container(key="learn-lesson", gap="small"):
        try:
            lesson = learn_shelf.lesson_named(queue, "lesson", name)
            progress = queue.learning.progress(session.sessions()).get(name, Progress())
        except InvalidLesson as error:
            return _absent("This lesson cannot be shown by this version of Regdash: " + str(error.faults[0]) + ".")
        except RegdashError as error:
            return _absent(str(error))
        if lesson is None:
            return _absent(GONE)
        _head(queue, lesson, progress)
        return learn_blocks.draw(queue, lesson, partial(_foot, queue, lesson, progress.finished))


def back(words: str, part: learn_state.Part = "lessons") -> None:
    """The way back to a list."""
    st.button(f"← {words}", key="learn-back", type="tertiary", on_click=learn_state.go, args=(part,))


def title(lesson: Lesson, facts: str) -> None:
    """What it is about."""
    st.html(
        f'<header class="rd-lesson-head"><h1>{escape(lesson.title)}</h1>'
        f'<p class="rd-lead">{escape(lesson.question)}</p>'
        f'<p class="rd-caption">{escape(facts)}</p></header>'
    )


def _head(queue: Queue, lesson: Lesson, progress: Progress) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="learn-way"):
        back("All lessons")
        if progress.answered or progress.finished:
            st.button(
                "Begin again",
                key="learn-again",
                type="tertiary",
                help="Forgets what you predicted in this lesson.",
                on_click=learn_answers.forget,
                args=(queue, {lesson.name: progress}),
            )
        if lesson.name in learn_answers.forgotten_last():
            st.button("Undo", key="learn-undo", type="tertiary", on_click=learn_answers.undo, args=(queue,))
    title(lesson, f"{lesson.level.capitalize()} · {lesson.minutes} minutes")


def _foot(queue: Queue, lesson: Lesson, finished: bool) -> None:
    learn_further.draw(lesson)
    learn_further.done(queue, lesson, finished)


def _absent(sentence: str) -> None:
    back("All lessons")
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
