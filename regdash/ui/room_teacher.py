"""The Class page of a teacher: the code to join by, who is there, what they have found, and what can be done."""

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.links import Address
from regdash.settings import settings
from regdash.store.rooms import Room
from regdash.ui import lesson, room_area, room_course, room_export, room_lesson, room_pupils, room_results, room_times
from regdash.ui.room_doors import LENGTHS, attempt, fault
from regdash.ui.room_pupil import EVERY


def draw(queue: Queue, here: Room) -> None:
    """The code, what can be done with the room, then its pupils and results."""
    given = lesson.read(here.lesson)
    _code(here)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="room-actions"):
        _edit(queue, here)
        _time(queue, here)
        room_export.button(queue, here)
        _delete(queue, here)
        if given is not None:
            st.html(f'<p class="rd-caption">{escape(lesson.told(given))}</p>', width="stretch")
    st.fragment(_area, run_every=EVERY)(queue, here, given)


def code_of(here: Room) -> str:
    """The code as people read it: two groups of four."""
    half = len(here.code) // 2
    return f"{here.code[:half]}-{here.code[half:]}"


def link_of(here: Room) -> str:
    """The address that pupils open."""
    page = urlsplit(st.context.url or "")
    path = page.path.rpartition("/class")[0] if page.path.rstrip("/").endswith("/class") else page.path.rstrip("/")
    return f"{page.scheme}://{page.netloc}{path}/class?room={here.code}" if page.netloc else f"/class?room={here.code}"


def _code(here: Room) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="room-code-card"):
        st.html(
            f'<div class="rd-code" data-testid="rd-code" aria-label="Code of the class">{escape(code_of(here))}</div>',
            width="content",
        )
        with st.container(gap=None, width="stretch"):
            st.html('<p class="rd-caption">Pupils open this link, or type the code on the Class page:</p>')
            st.code(link_of(here), language=None, wrap_lines=True)


def _edit(queue: Queue, here: Room) -> None:
    before = lesson.read(here.lesson) or Address()
    form = f"room-edit-form {here.id}"
    with st.popover("Edit lesson", key="room-edit"), st.form(form, border=False, enter_to_submit=False):
        room_lesson.menus(here.id, before)
        st.form_submit_button("Give this lesson", type="primary", on_click=_give, args=(queue, here))


def _give(queue: Queue, here: Room) -> None:
    given = lesson.written(room_lesson.chosen(here.id))
    attempt(here.id, lambda: queue.rooms.set_lesson(here.id, here.owner, given, settings()))


def _time(queue: Queue, here: Room) -> None:
    with st.popover("Time", key="room-time"):
        st.html(f'<p class="rd-caption">{escape(room_times.ends(here.expires))}</p>')
        lengths = {words: hours for words, hours in LENGTHS.items() if hours <= settings().max_room_hours}
        for words, hours in lengths.items():
            label = f"{words} more" if here.open else f"Open again for {words}"
            st.button(label, key=f"room-extend-{hours}", width="stretch", on_click=_extend, args=(queue, here, hours))
        if here.open:
            help = "Nobody can join or train in the room any more; its results stay. You can open it again."
            st.button(
                "End the class now", key="room-end", width="stretch", help=help, on_click=_end, args=(queue, here)
            )


def _extend(queue: Queue, here: Room, hours: float) -> None:
    attempt(here.id, lambda: queue.rooms.extend(here.id, here.owner, hours, settings()))


def _end(queue: Queue, here: Room) -> None:
    attempt(here.id, lambda: queue.rooms.close(here.id, here.owner))


def _delete(queue: Queue, here: Room) -> None:
    with st.popover("Delete", key="room-delete"):
        st.html(
            '<p class="rd-caption">The room, its list of pupils, and the runs that were trained only here are deleted. '
            "This cannot be undone; export the room first if you want to keep them.</p>"
        )
        st.button(
            "Delete this room for good", key="room-delete-now", type="primary", on_click=_gone, args=(queue, here)
        )


def _gone(queue: Queue, here: Room) -> None:
    attempt(here.id, lambda: queue.rooms.delete(here.id, here.owner))
    room_results.forget(queue, here.id)


def _area(queue: Queue, here: Room, given: Address | None) -> None:
    fault(here.id)
    room_pupils.draw(queue, here)
    room_course.draw(queue, here)
    room_area.draw(room_results.of(queue, here.id), given)
