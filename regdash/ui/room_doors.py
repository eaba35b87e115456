"""The Class page of a visitor who is in no class: join one by its code, or open a room for one."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.settings import settings
from regdash.store.room_rules import NO_CODE
from regdash.ui import lesson, room, room_lesson, room_menu, session
from regdash.ui.room_menu import choose
from regdash.ui.room_tries import Tries

WHAT = (
    "A room is a class for a lesson or two. Pupils join it with a code and a nickname, without an account. Everybody "
    "starts from the same settings, and everybody's results flow into one chart."
)
LENGTHS = {"2 hours": 2.0, "8 hours": 8.0, "1 day": 24.0, "1 week": 168.0, "2 weeks": 336.0}
CODE, NICKNAME, TITLE, LENGTH = "room-code", "room-nickname", "room-title", "room-length"
_tries = Tries()

FAULTS = "room faults"  # card -> the sentence beside it


def draw(queue: Queue) -> None:
    """The two cards."""
    st.html(f'<p class="rd-lead">{WHAT}</p>')
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="room-join", border=True):
        _join(queue)
    with right, st.container(key="room-open", border=True):
        _open(queue)


def fault(card: str) -> None:
    """Say what is wrong in a card."""
    sentence = st.session_state.get(FAULTS, {}).get(card, "")
    if sentence:
        st.html(f'<p class="rd-fault" role="alert">{escape(sentence)}</p>')


def attempt(card: str, action: Callable[[], Any]) -> bool:
    """Do something with the store; what is refused is said in the card, and nothing typed is lost."""
    try:
        action()
    except RegdashError as error:
        st.session_state[FAULTS] = {**st.session_state.get(FAULTS, {}), card: str(error)}
        return False
    st.session_state[FAULTS] = {**st.session_state.get(FAULTS, {}), card: ""}
    return True


def _join(queue: Queue) -> None:
    with st.form("room-join-form", border=False, enter_to_submit=True):
        st.html("<h2>Join a class</h2>")
        invited = st.session_state[session.INVITED]
        st.text_input("Code", invited, key=CODE, max_chars=40, placeholder="ABCD-EFGH", autocomplete="off")
        help = "What the class sees. No real name is needed."
        st.text_input("Nickname", key=NICKNAME, max_chars=60, help=help, autocomplete="off")
        fault("join")
        st.form_submit_button("Join", type="primary", on_click=_enter, args=(queue,))


def _enter(queue: Queue) -> None:
    if attempt("join", lambda: _join_by_code(queue, session.sessions()[0])):
        st.session_state[session.INVITED] = ""
        room.look(queue)
        choose("place", room_menu.MEMBER)


def _join_by_code(queue: Queue, visitor: str) -> None:
    _tries.check(visitor)
    try:
        queue.rooms.join(st.session_state[CODE], visitor, st.session_state[NICKNAME])
    except RegdashError as error:
        if str(error) == NO_CODE:
            _tries.wrong(visitor)
        raise


def _open(queue: Queue) -> None:
    refused = refusal()
    if refused:
        st.html(f'<h2>Open a room</h2><p class="rd-lead">{escape(refused)}</p>')
        return
    with st.form("room-open-form", border=False, enter_to_submit=False):
        st.html("<h2>Open a room</h2>")
        left, right = st.columns([3, 2], gap="small")
        left.text_input("Title", key=TITLE, max_chars=120, placeholder="Class 9b, dropout", autocomplete="off")
        right.selectbox("Open for", tuple(lengths()), key=LENGTH, filter_mode=None)
        room_lesson.menus("new", session.draft())
        fault("open")
        st.form_submit_button("Open room", type="primary", on_click=_make, args=(queue,))


def _make(queue: Queue) -> None:
    def make() -> None:
        given, hours = lesson.written(room_lesson.chosen("new")), lengths()[st.session_state[LENGTH]]
        made = queue.rooms.open(session.sessions()[0], st.session_state[TITLE], given, hours, settings())
        choose("place", made.id)

    attempt("open", make)


def lengths() -> dict[str, float]:
    """How long a room may be open: words -> hours, as far as the settings allow."""
    most = settings().max_room_hours
    allowed = {words: hours for words, hours in LENGTHS.items() if hours <= most}
    return allowed or {f"{most:g} hours": most}


def refusal() -> str:
    """Why this visitor may not open a room; empty for who may."""
    who = settings().rooms
    if who == "nobody":
        return "On this server no rooms can be opened. You can join one that somebody gives you the code of."
    if who == "signed-in" and len(session.sessions()) == 1:
        return (
            "On this server a room can be opened by whoever has signed in. Sign in first, then come back to this page."
        )
    return ""
