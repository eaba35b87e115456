"""The class that a visitor is in: looked up now and then, obeyed on the Train page, named above it."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.store.rooms import Room
from regdash.ui import learn_state, lesson, room_results, session

SEEN = "room seen"  # when the store was last asked
FRESH_SECONDS = 10.0


@dataclass(frozen=True)
class Membership:
    """A visitor in a class: which, under which of the visitor's ids, and by which nickname."""

    room: Room
    session: str
    nickname: str


def current() -> Membership | None:
    """The class that this visitor is in."""
    found: Membership | None = st.session_state.get(session.IN_ROOM)
    return found


def asked_in() -> str:
    """The id of the room in which runs are asked for; empty outside a class."""
    found = current()
    return found.room.id if found else ""


def visit(queue: Queue) -> None:
    """Look whether the visitor is in a class, unless that was done a moment ago."""
    if time.monotonic() - st.session_state.get(SEEN, -FRESH_SECONDS) >= FRESH_SECONDS:
        look(queue)


def look(queue: Queue) -> None:
    """Look whether the visitor is in a class, and begin its lesson or end to obey it."""
    try:
        found = _membership(queue)
    except RegdashError:
        return  # the store is busy: what was known stays so
    before, st.session_state[session.IN_ROOM] = current(), found
    st.session_state[SEEN] = time.monotonic()
    session.act_as(found.session if found else session.sessions()[0])
    if found is None:
        if before is not None:
            session.learn(None)
        return
    if before is None or before.room.lesson != found.room.lesson:
        given = lesson.read(found.room.lesson)
        session.learn(given)
        if before is None and given is not None:
            session.choose(given)


def submit(queue: Queue, experiments: Sequence[Experiment], probed: Collection[int] = (), found: bool = True) -> None:
    """Ask for runs, which the class sees if the visitor is in one and has `found` them.

    A class that has just ended or been left does not stop them.
    """
    before = asked_in() if found else ""
    try:
        queue.submit(session.owner(), experiments, probed, room=before)
    except RegdashError:
        if before:
            look(queue)
        if not before or asked_in() == before:
            raise
        queue.submit(session.owner(), experiments, probed, room=asked_in())


def begin_lesson() -> None:
    """Make the lesson of the class the draft, as the teacher has set it."""
    given = session.lesson()
    if given is not None:
        session.choose(given)


def leave(queue: Queue) -> None:
    """Go out of the class; the results stay there."""
    found = current()
    if found is not None:
        queue.rooms.leave(found.session)
    look(queue)


def banner(queue: Queue) -> None:
    """One line above the page of a visitor who is in a class or has been invited to one.

    It looks now and then what the teacher gives to the class, and the page obeys.
    """
    found = current()
    if found is not None or st.session_state[session.INVITED]:
        st.fragment(_banner, run_every=FRESH_SECONDS if found else None)(queue)


def _banner(queue: Queue) -> None:
    before = _given()
    visit(queue)
    if _given() != before:
        st.rerun()
    found = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="room-banner"):
        words = _said(queue, found) if found else "You have been invited to a class."
        st.html(f'<p class="rd-room" data-testid="rd-room" role="status">{words}</p>', width="content")
        course = found.room.course if found else ""
        if course and not _reads(course) and st.button("Open its lesson", key="room-banner-lesson", type="primary"):
            learn_state.visit("lessons", course)
        st.page_link("pages/class.py", label="To the class page" if found else "Join the class", width="content")


def _given() -> tuple[str, ...]:
    """What the class has been given: the set-up of the Train page, and a lesson of the Learn page."""
    found = current()
    return (found.room.id, found.room.lesson, found.room.course) if found else ()


def _reads(course: str) -> bool:
    """Whether the lesson is open, or stands above the list that is."""
    return st.session_state[session.PAGE] == learn_state.PAGE and learn_state.here().name in ("", course)


def _membership(queue: Queue) -> Membership | None:
    for each in session.sessions():
        found = queue.rooms.membership(each)
        if found is not None:
            return Membership(found, each, queue.rooms.nickname(found.id, each))
    return None


def _said(queue: Queue, found: Membership) -> str:
    who = f"<strong>{escape(found.room.title)}</strong> – you are <strong>{escape(found.nickname)}</strong>."
    return f"{who} {escape(room_results.counted(room_results.of(queue, found.room.id)))}"
