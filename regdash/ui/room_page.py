"""The Class page: what a visitor sees there, as teacher of some rooms, as pupil in one, or as neither."""

from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.store.rooms import Room
from regdash.ui import room, room_doors, room_pupil, room_teacher, room_times, session
from regdash.ui.room_menu import DOORS, MEMBER, menu


def draw(queue: Queue) -> None:
    """Draw the page; a store that cannot be read is a sentence."""
    try:
        with st.container(key="class"):
            _draw(queue)
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')


def own_rooms(queue: Queue) -> list[Room]:
    """The rooms that this visitor has opened, under whichever id."""
    return [each for id_ in session.sessions() for each in queue.rooms.of(id_)]


def _draw(queue: Queue) -> None:
    """The menu of the visitor's rooms beside the title, and what belongs to the one that is chosen."""
    own, member = own_rooms(queue), room.current()
    places = _places(own, member)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="room-head"):
        title, menus = st.container(width="stretch", gap=None), st.container(width=280)
    with menus:
        place = menu("place", "Room", places, hidden=True) if len(places) > 1 else next(iter(places), DOORS)
    here = next((each for each in own if each.id == place), None)
    with title:
        _title(here, member if place == MEMBER else None)
    if here is not None:
        room_teacher.draw(queue, here)
    elif place == MEMBER and member is not None:
        room_pupil.draw(queue, member)
    else:
        room_doors.draw(queue)


def _title(here: Room | None, member: room.Membership | None) -> None:
    shown = here or (member.room if member else None)
    if shown is None:
        st.html("<h1>Class</h1>")
        return
    who = f"You are <strong>{escape(member.nickname)}</strong>. " if member else ""
    words = f'<h1 data-testid="rd-room-title">{escape(shown.title)}</h1>'
    st.html(f'{words}<p class="rd-lead">{who}{escape(room_times.ends(shown.expires))}</p>')


def _places(own: list[Room], member: room.Membership | None) -> dict[str, str]:
    """What the visitor can choose among: the class they are in, their own rooms, and the two doors."""
    places = {MEMBER: f"In class: {member.room.title}"} if member is not None else {}
    places |= {each.id: f"{each.title} ({room_teacher.code_of(each)})" for each in own}
    elsewhere = _invited_elsewhere(member)
    doors = {DOORS: "Join or open another"} if own or elsewhere else {}
    return doors | places if elsewhere else places | doors


def _invited_elsewhere(member: room.Membership | None) -> bool:
    code = st.session_state[session.INVITED].replace("-", "").upper()
    return bool(code) and (member is None or member.room.code != code)
