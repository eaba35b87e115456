"""The imported curves that a visitor keeps: compare them again, rename them, delete them."""

from html import escape

import streamlit as st

from regdash.comparison.imported import LONGEST_NAME, Imported
from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.links import Entry
from regdash.links.comparison import LONGEST_NAME as LONGEST_LINKED
from regdash.store.imported import Brought
from regdash.ui import compare_state, session

MOST_SHOWN = 20
FAULT = "imports fault"  # a sentence about what was asked for last
DELETED = "imports deleted"  # the curves that were deleted last, so that they can be had back


def draw(queue: Queue, key: str) -> None:
    """A line for each, the latest first; nothing while there is none."""
    try:
        found = queue.imported.list(session.sessions())
    except RegdashError as error:
        st.session_state[FAULT], found = str(error), ()
    if sentence := st.session_state.pop(FAULT, ""):
        st.html(f'<p class="rd-fault" role="alert">{escape(sentence)}</p>')
    _undo(queue, key)
    if not found:
        return
    st.html("<h3>Imported before</h3>")
    for each in found[:MOST_SHOWN]:
        _line(queue, each, f"{key} {each.id}")
    if len(found) > MOST_SHOWN:
        words = f"{len(found) - MOST_SHOWN} older ones are not listed; delete some of these to see them."
        st.html(f'<p class="rd-caption">{words}</p>')


def _line(queue: Queue, each: Brought, key: str) -> None:
    here = any(entry.imported == each.id for entry in compare_state.held().entries)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"imports kept {key}"):
        st.text_input(
            f"Name of the curves that were imported as {each.name}",
            each.name,
            max_chars=LONGEST_NAME,
            key=f"imports rename {key} {each.name}",
            label_visibility="collapsed",
            on_change=_rename,
            args=(queue, each, f"imports rename {key} {each.name}"),
        )
        st.html(f'<p class="rd-caption">{escape(each.source)}, {each.size / 1000:,.1f} kB</p>', width="content")
        st.button(
            "In the comparison" if here else "Add to comparison",
            key=f"imports compare {key}",
            disabled=here,
            on_click=compare_state.bring,
            args=([Entry(imported=each.id, name=each.name[:LONGEST_LINKED].strip())],),
        )
        st.button("Delete", key=f"imports delete {key}", type="tertiary", on_click=_delete, args=(queue, each.id))


def _rename(queue: Queue, each: Brought, key: str) -> None:
    try:
        queue.imported.rename(session.sessions(), each.id, st.session_state[key])
    except RegdashError as error:
        st.session_state[FAULT] = str(error)


def _delete(queue: Queue, id_: str) -> None:
    try:
        before = queue.imported.get([id_])
        queue.imported.delete(session.sessions(), id_)
        st.session_state[DELETED] = before.get(id_)
    except RegdashError as error:
        st.session_state[FAULT] = str(error)


def _undo(queue: Queue, key: str) -> None:
    deleted: Imported | None = st.session_state.get(DELETED)
    if deleted is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"imports-undo-{key}"):
        st.html(f'<p class="rd-caption" role="status">{escape(deleted.name)} was deleted.</p>', width="content")
        st.button("Undo", key=f"imports undo {key}", on_click=_restore, args=(queue, deleted))


def _restore(queue: Queue, deleted: Imported) -> None:
    try:
        queue.imported.put(session.owner(), deleted)
        st.session_state[DELETED] = None
    except RegdashError as error:
        st.session_state[FAULT] = str(error)
