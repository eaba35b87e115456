"""The list of lessons: how far the visitor is in each, which one is next, and the way to begin all of them again."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import LEVELS, Lesson
from regdash.store.learning import Progress
from regdash.ui import learn_answers, learn_class, learn_own, learn_shelf, learn_state, session
from regdash.ui.labels import literal

LEVEL = "learn level"  # the level that the list is limited to; empty for all
NONE = Progress()


def draw(queue: Queue) -> None:
    """The list of all lessons."""
    found = learn_shelf.shelf("lesson")
    try:
        progress = queue.learning.progress(session.sessions())
    except RegdashError as error:
        progress = {}
        learn_state.say(str(error))
    with st.container(key="learn-list", gap="small"):
        _head(queue, found.lessons, progress)
        for sentence in (learn_state.said(), *found.faults):
            if sentence:
                st.html(f'<p class="rd-notice" role="status">{escape(sentence)}</p>')
        learn_class.invite(queue)
        level = _level(found.lessons)
        with st.container(key="learn-cards"):
            for number, each in enumerate(found.lessons, 1):
                if not level or each.level == level:
                    _card(number, each, progress.get(each.name, NONE))
        learn_own.draw(queue)


def facts(lesson: Lesson, progress: Progress) -> str:
    """Level, minutes and how far the visitor is, in a line."""
    return f"{lesson.level.capitalize()} · {lesson.minutes} min · {how_far(lesson, progress)}"


def how_far(lesson: Lesson, progress: Progress) -> str:
    """How far the visitor is, in words."""
    if progress.finished:
        return "done"
    asked = len(lesson.predictions)
    if not progress.answered:
        return "not begun"
    return f"predicted {min(progress.answered, asked)} of {asked}"


def _head(queue: Queue, lessons: Sequence[Lesson], progress: Mapping[str, Progress]) -> None:
    """How many are done, which is next, and the way back to the beginning."""
    done = sum(progress.get(each.name, NONE).finished for each in lessons)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="learn-head"):
        st.html(_total(done, len(lessons)), width="content")
        following = _next(lessons, progress)
        if following is not None:
            begun = bool(progress.get(following.name, NONE).answered)
            words = "Continue" if begun else "Go on with" if done else "Begin with"
            st.button(
                f"{words}: {literal(following.title)}",
                key="learn-continue",
                type="primary",
                on_click=learn_state.go,
                args=("lessons", following.name),
            )
        if progress:
            st.button(
                "Reset progress",
                key="learn-reset",
                type="tertiary",
                help="Forgets your predictions and what is done; your runs stay.",
                on_click=learn_answers.forget,
                args=(queue, progress),
            )
        if learn_answers.forgotten_last():
            st.button("Undo reset", key="learn-undo", on_click=learn_answers.undo, args=(queue,))


def _total(done: int, total: int) -> str:
    share = round(100 * done / max(total, 1))
    return (
        f'<div class="rd-total" data-testid="rd-total"><span>{done} of {total} done</span>'
        f'<div class="rd-total-bar" aria-hidden="true"><i style="width:{share}%"></i></div></div>'
    )


def _next(lessons: Sequence[Lesson], progress: Mapping[str, Progress]) -> Lesson | None:
    """The first lesson that is begun and not finished, else the first that is not begun."""
    open_ = [each for each in lessons if not progress.get(each.name, NONE).finished]
    begun = [each for each in open_ if progress.get(each.name, NONE).answered]
    return next(iter(begun or open_), None)


def _level(lessons: Sequence[Lesson]) -> str:
    """Draw the choice of a level; returns the one that is chosen, empty for all."""
    there = ["", *(level for level in LEVELS if any(each.level == level for each in lessons))]
    key, now = "learn level choice", st.session_state.get(LEVEL, "")
    st.session_state[key] = now if now in there else ""

    def chosen() -> None:
        st.session_state[LEVEL] = st.session_state[key] or ""

    if len(there) > 2:
        st.segmented_control(
            "Level",
            there,
            key=key,
            required=True,
            format_func=lambda level: level.capitalize() or "All levels",
            label_visibility="collapsed",
            on_change=chosen,
        )
    return str(st.session_state[key])


def _card(number: int, lesson: Lesson, progress: Progress) -> None:
    state = "done" if progress.finished else "begun" if progress.answered else "new"
    with st.container(key=f"learn-card-{lesson.name}", gap=None):
        st.button(
            f"{number}. {literal(lesson.title)}",
            key=f"learn-open-{lesson.name}",
            type="tertiary",
            on_click=learn_state.go,
            args=("lessons", lesson.name),
        )
        st.html(
            f'<p class="rd-ask">{escape(lesson.question)}</p>'
            f'<p class="rd-facts-line" data-state="{state}">{escape(facts(lesson, progress))}</p>'
        )
