"""Who is in a room, for its teacher: the names, and how one is taken out or let in again."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.store.rooms import Pupil, Room
from regdash.ui import room_results
from regdash.ui.room_doors import attempt

TAKE, LET = "room-take", "room-let"


def draw(queue: Queue, here: Room) -> None:
    """The names in one row, those who have left quietly, and a menu to take one out."""
    everybody = queue.rooms.pupils(here.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="room-pupils"):
        st.html(f'<div class="rd-pupils" data-testid="rd-pupils">{in_words(everybody)}</div>', width="stretch")
        if everybody:
            with st.popover("Manage", key="room-manage"):
                _manage(queue, here, everybody)


def in_words(everybody: Sequence[Pupil]) -> str:
    """How many there are and what they are called, as HTML; every name is escaped."""
    taken = [each for each in everybody if not each.removed]
    if not taken:
        return "Nobody has joined yet. Show the code."
    here = sum(each.present for each in taken)
    count = f"{len(taken)} {'pupil' if len(taken) == 1 else 'pupils'}" + (f", {here} here" if here < len(taken) else "")
    names = "".join(f"<li{'' if each.present else ' data-left'}>{escape(each.nickname)}</li>" for each in taken)
    return f"<strong>{count}</strong><ul>{names}</ul>"


def _manage(queue: Queue, here: Room, everybody: Sequence[Pupil]) -> None:
    inside = [each.nickname for each in everybody if not each.removed]
    removed = [each.nickname for each in everybody if each.removed]
    if inside:
        help = "The pupil's results disappear from the chart, and the pupil cannot join again until you let them in."
        _choice("Take out of the class", TAKE, inside, "Remove", help, lambda name: _remove(queue, here, name))
    if removed:
        _choice("Was removed", LET, removed, "Let in again", None, lambda name: _readmit(queue, here, name))


def _choice(
    label: str, key: str, names: list[str], button: str, help: str | None, action: Callable[[str], None]
) -> None:
    def act() -> None:
        name = st.session_state.get(key)
        if name is not None:
            action(name)

    st.selectbox(label, names, index=None, key=key, placeholder="Choose a pupil", help=help)
    st.button(button, key=f"{key}-button", on_click=act)


def _remove(queue: Queue, here: Room, name: str) -> None:
    attempt(here.id, lambda: queue.rooms.remove(here.id, here.owner, name))
    room_results.forget(queue, here.id)


def _readmit(queue: Queue, here: Room, name: str) -> None:
    attempt(here.id, lambda: queue.rooms.readmit(here.id, here.owner, name))
    room_results.forget(queue, here.id)
