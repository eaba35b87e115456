"""The Learn page: four parts, each with its list, and what is open in it."""

from collections.abc import Callable, Mapping

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.ui import glossary, learn_lesson, learn_list, learn_state, mistakes, questions, room
from regdash.ui.learn_state import Part, Where

BESIDE = (
    "Each lesson asks what you expect, trains real networks, and shows what happened beside what you said. "
    "Nothing is trained twice: what somebody has run is there at once."
)


def beside(_queue: Queue) -> None:
    """What stands beside the page."""
    st.html(f'<p class="rd-said">{BESIDE}</p>')


def draw(queue: Queue) -> None:
    """The page itself."""
    room.banner(queue)
    where = learn_state.here()
    with st.container(key="learn", gap="small"):
        if not where.name or where.part == "glossary":
            st.html('<h1 class="rd-learn-title">Learn</h1>')
        if not where.name or where.part != "lessons":
            _choose(where)
        DRAWN[where.part](queue, where)


def _choose(where: Where) -> None:
    """The parts; a click goes to a part's list, also from what is open in it."""
    key = "learn part"
    st.session_state[key] = where.part

    def chosen() -> None:
        learn_state.go(st.session_state[key] or where.part)

    st.segmented_control(
        "Part",
        list(learn_state.PARTS),
        key=key,
        format_func=learn_state.PARTS.__getitem__,
        label_visibility="collapsed",
        on_change=chosen,
    )


def _lessons(queue: Queue, where: Where) -> None:
    if where.name:
        learn_lesson.draw(queue, where.name)
    else:
        learn_list.draw(queue)


def _mistakes(queue: Queue, where: Where) -> None:
    mistakes.draw(queue, where.name)


def _questions(queue: Queue, where: Where) -> None:
    questions.draw(queue, where.name)


def _glossary(queue: Queue, _where: Where) -> None:
    glossary.draw(queue)


DRAWN: Mapping[Part, Callable[[Queue, Where], None]] = {
    "lessons": _lessons,
    "mistakes": _mistakes,
    "questions": _questions,
    "glossary": _glossary,
}
