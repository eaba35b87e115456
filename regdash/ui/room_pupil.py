"""The Class page of a pupil: the lesson, what everybody has found, and the way out."""

from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.ui import lesson, room, room_area, room_course, room_results, session
from regdash.ui.room import Membership

EVERY = 3.0  # seconds between two looks


def draw(queue: Queue, member: Membership) -> None:
    """The lesson, then the results of the class."""
    room_course.invite(queue, member)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="room-actions"):
        course = bool(member.room.course)
        label, kind = ("Go to Train", "secondary") if course else ("Start the lesson", "primary")
        if st.button(label, type=kind, key="room-start"):  # type: ignore[arg-type]
            room.begin_lesson()
            st.switch_page("app.py")
        st.button("Leave", key="room-leave", on_click=room.leave, args=(queue,), help="Your results stay in the class.")
        given = session.lesson()
        if given is not None and not course:
            st.html(f'<p class="rd-caption">{escape(lesson.told(given))}</p>', width="stretch")
    st.fragment(_area, run_every=EVERY)(queue, member)


def _area(queue: Queue, member: Membership) -> None:
    room.look(queue)  # a lesson that is given reaches who is here at once
    if room.current() != member:
        st.rerun()
    room_area.draw(room_results.of(queue, member.room.id), session.lesson(), member.nickname)
