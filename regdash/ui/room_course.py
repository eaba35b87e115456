"""A lesson of the Learn page on the Class page: pupils are led to it, and their teacher sees what they predict.

The results are on the pupils' screens when the teacher says so.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.lesson import Lesson, Prediction
from regdash.store.rooms import Room
from regdash.ui import learn_state, predict_crowd, session
from regdash.ui.learn_shelf import OWN, lesson_named, shelf
from regdash.ui.predict_words import inline
from regdash.ui.room import Membership
from regdash.ui.room_doors import attempt, fault

LESSON, HELD = "room-course-lesson", "room-course-held"
WHAT = (
    "Pupils open it from their Class page and predict first. Their predictions appear here, and the results on their "
    "screens when you say so."
)
GONE = "This lesson is no longer there. Take it back and choose another one."
HOLD_HELP = "Pupils predict and then wait; without this everybody sees the results right after the own prediction."


def draw(queue: Queue, before: Room) -> None:
    """For the teacher: a menu of lessons, or the lesson that was given with the predictions of the class."""
    here = queue.rooms.get(before.id)
    if here is None:
        return
    with st.container(key="room-course", border=True):
        fault(_card(here))
        if here.course:
            _given(queue, here)
        else:
            _menu(queue, here)


def invite(queue: Queue, member: Membership) -> None:
    """For a pupil: the lesson that the class was given, whether its results are shown, and the way there."""
    here = member.room
    if not here.course:
        return
    with st.container(key="room-course", border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(f'<div data-testid="rd-course">{_heading(queue, here)}{_told(here)}</div>', width="stretch")
        if st.button("Open the lesson", type="primary", key="room-course-open"):
            learn_state.visit("lessons", here.course)


def answers_of(prediction: Prediction, texts: Sequence[str]) -> list[Answer]:
    """The answers among what was kept; a question that was passed has none."""
    found = [read_answer(prediction, text) for text in texts]
    return [each for each in found if each is not None]


def counted(answered: int, passed: int, there: int) -> str:
    """How many have predicted, in a sentence."""
    if not there:
        return "Nobody is here yet. Show the code."
    pupils, have = "pupil" if there == 1 else "pupils", "has" if 1 in (answered, there) else "have"
    some = f"{answered} of {there} {pupils} {have} predicted"
    return f"{some}, {passed} passed." if passed else f"{some}."


def _menu(queue: Queue, here: Room) -> None:
    titles = _titles(queue)
    st.html(f'<h2>Lesson from Learn</h2><p class="rd-caption">{WHAT}</p>')
    if not titles:
        st.html(
            '<p class="rd-caption">There is no lesson on this server. Open a file of your own on the Learn page.</p>'
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="room-course-menu"):
        name = f"{LESSON}-{here.id}"
        st.selectbox("Lesson", tuple(titles), format_func=lambda each: titles.get(each, each), key=name, width=420)
        st.button("Give to the class", key="room-course-give", type="primary", on_click=_give, args=(queue, here))
    st.checkbox("Hold the results back until I reveal them", True, key=f"{HELD}-{here.id}", help=HOLD_HELP)


def _titles(queue: Queue) -> dict[str, str]:
    """What can be given: the name of each lesson and its title, the teacher's own last."""
    titles = {each.name: each.title for each in shelf("lesson").lessons}
    return titles | {f"{OWN}{each.id}": f"{each.title} (your own)" for each in queue.learning.own(session.sessions())}


def _give(queue: Queue, here: Room) -> None:
    course, held = st.session_state.get(f"{LESSON}-{here.id}"), st.session_state.get(f"{HELD}-{here.id}", True)
    if course:
        attempt(_card(here), lambda: queue.rooms.set_course(here.id, here.owner, course, bool(held)))


def _take_back(queue: Queue, here: Room) -> None:
    attempt(_card(here), lambda: queue.rooms.set_course(here.id, here.owner, "", False))


def _reveal(queue: Queue, here: Room, revealed: bool) -> None:
    attempt(_card(here), lambda: queue.rooms.reveal(here.id, here.owner, revealed))


def _given(queue: Queue, here: Room) -> None:
    try:
        lesson = lesson_named(queue, "lesson", here.course)
    except RegdashError:
        lesson = None
    state = "Results are held back." if here.held else "Results are shown."
    words = f'<p class="rd-caption" data-testid="rd-course-state">{state}</p>' if lesson else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="room-course-head"):
        st.html(f'<div data-testid="rd-course">{_heading(queue, here)}{words}</div>', width="stretch")
        if lesson is not None:
            _switch(queue, here)
            link = learn_state.link(learn_state.Where("lessons", here.course))
            st.page_link(learn_state.FILE, label="Open the lesson", query_params=link, width="content")
        help = "The lesson leaves the class; what was predicted stays with the room and its export."
        st.button("Take back", key="room-course-take", help=help, on_click=_take_back, args=(queue, here))
    if lesson is None:
        st.html(f'<p class="rd-fault" role="alert">{GONE}</p>')
    else:
        _predictions(queue, here, lesson)


def _switch(queue: Queue, here: Room) -> None:
    if here.held:
        help = "Everybody who has predicted sees the results; predictions can no longer be changed."
        label, kind = "Reveal the result", "primary"
    else:
        help, label, kind = "Results are shown to nobody until you reveal them again.", "Hide it again", "secondary"
    key, args = f"room-course-{'reveal' if here.held else 'hide'}", (queue, here, here.held)
    st.button(label, key=key, type=kind, help=help, on_click=_reveal, args=args)  # type: ignore[arg-type]


def _predictions(queue: Queue, here: Room, lesson: Lesson) -> None:
    """What the class predicts, one card per question, two beside each other where there is more than one."""
    kept = queue.learning.of_room(here.id, lesson.name)
    there = sum(each.present and not each.removed for each in queue.rooms.pupils(here.id))
    places = st.columns(2, gap="small") if len(lesson.predictions) > 1 else [st.container()]
    for at, prediction in enumerate(lesson.predictions.values()):
        texts = kept.get(prediction.name, [])
        answers = answers_of(prediction, texts)
        words = counted(len(answers), len(texts) - len(answers), there)
        with places[at % len(places)]:
            st.markdown(f"**{inline(prediction.ask)}**")
            st.html(f'<p class="rd-caption" data-testid="rd-predicted">{escape(words)}</p>')
            if answers:
                predict_crowd.crowd(prediction, answers, f"room-crowd-{prediction.name}", _epochs(lesson, prediction))


def _epochs(lesson: Lesson, prediction: Prediction) -> int:
    """How long a sketched curve is; 0 for other questions."""
    return lesson.experiments[prediction.of].training.epochs if prediction.kind == "sketch" else 0


def _heading(queue: Queue, here: Room) -> str:
    return f"<h2>Lesson from Learn: {escape(title_of(queue, here.course))}</h2>"


def title_of(queue: Queue, course: str) -> str:
    """What a lesson is called; its name where it cannot be read."""
    try:
        found = lesson_named(queue, "lesson", course)
    except RegdashError:
        found = None
    return found.title if found else course


def _told(here: Room) -> str:
    words = (
        "Predict first. The results appear when your teacher shows them."
        if here.held
        else "Predict, and then see the results: they are shown."
    )
    return f'<p class="rd-caption" data-testid="rd-course-state">{words}</p>'


def _card(here: Room) -> str:
    return f"course {here.id}"
