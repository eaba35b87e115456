"""The Runs page: everything that this visitor, or a class, has trained."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.store.trained import Trained
from regdash.ui import (
    imports_panel,
    room,
    runs_actions,
    runs_list,
    runs_pulse,
    runs_state,
    runs_storage,
    runs_toolbar,
    session,
    tray,
)
from regdash.ui.room_page import own_rooms
from regdash.ui.runs_choice import PAGE, chosen, pages
from regdash.ui.runs_figures import read, unread
from regdash.ui.runs_rows import Row, rows_of

EMPTY = "Everything you train is kept here with its curves, to be named, found again, compared and exported."
NO_CLASS = "Nobody in this class has trained anything yet."


def draw(queue: Queue) -> None:
    """Draw the page; a store that cannot be read is a sentence."""
    with st.container(key="runs"):
        st.html("<h1>Runs</h1>")
        tray.strip(queue, "runs")
        st.fragment(_area)(queue)
        with st.expander("Import curves and settings", key="runs-imports"):
            imports_panel.panel(queue, "runs")


def _area(queue: Queue) -> None:
    """All below the title; its pulse has it drawn anew while runs move."""
    try:
        _draw(queue)
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')


def _draw(queue: Queue) -> None:
    rooms = _rooms(queue)
    here = runs_state.place() if runs_state.place() in rooms else ""
    runs_toolbar.places(rooms)

    def look() -> list[Trained]:
        return queue.trained.in_room(here) if here else queue.trained.by(session.sessions())

    found = look()
    rows, binned = rows_of(queue.trained, found, queue.shelf.kept(session.sessions()))
    rows = [*rows, *binned] if here else rows
    if rows:
        _table(queue, rows, binned, own=not here)
    else:
        _empty(queue, binned, NO_CLASS if here else EMPTY)
    runs_pulse.draw(queue, look, found, unread(rows))


def _table(queue: Queue, rows: list[Row], binned: Sequence[Row], own: bool) -> None:
    """Toolbar, actions, rows, pages, storage."""
    runs_toolbar.draw(rows)
    wanted = _read(queue, rows)
    shown, page, number = pages(wanted, runs_state.choice())
    runs_actions.draw(queue, rows, shown, own)
    st.html(f'<p class="rd-caption" data-testid="rd-counted">{escape(counted(rows, wanted))}</p>')
    if not shown:
        st.button("Reset search and filters", on_click=runs_toolbar.reset, key="runs-reset")
    runs_list.draw(queue, shown, own)
    _pager(page, number, len(wanted))
    if own:
        runs_storage.draw(queue, rows, binned)


def _read(queue: Queue, rows: list[Row]) -> list[Row]:
    """The rows that are wanted in their order, once those of the page have been read."""
    wanted = chosen(rows, runs_state.choice())
    new = unread(pages(wanted, runs_state.choice())[0])
    if not new:
        return wanted
    read(queue, new)
    return chosen(rows, runs_state.choice())


def counted(rows: Sequence[Row], wanted: Sequence[Row]) -> str:
    """'12 of 340 settings, 1,020 runs'."""
    runs = len({run.run_id for row in rows for run in row.runs})
    some = f"{len(wanted):,} of " if len(wanted) < len(rows) else ""
    several = "setting" if len(rows) == 1 else "settings"
    if not wanted:
        return f"None of your {len(rows):,} {several} is like that."
    return f"{some}{len(rows):,} {several}, {runs:,} {'run' if runs == 1 else 'runs'}."


def _rooms(queue: Queue) -> dict[str, str]:
    """The classes whose runs this visitor may see: the one they are in, and their own."""
    member = room.current()
    found = {member.room.id: member.room.title} if member else {}
    return found | {each.id: each.title for each in own_rooms(queue)}


def _pager(page: int, number: int, total: int) -> None:
    """Which rows these are, and the way to the others."""
    if number == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-pages"):
        last = min(PAGE * (page + 1), total)
        back, on = {"page": page - 1}, {"page": page + 1}
        st.button("Previous", key="runs-back", disabled=page == 0, on_click=runs_state.choose, kwargs=back)
        words = f"{PAGE * page + 1:,} to {last:,} of {total:,}"
        st.html(f'<p class="rd-caption" data-testid="rd-page">{words}</p>', width="content")
        st.button("Next", key="runs-next", disabled=page + 1 >= number, on_click=runs_state.choose, kwargs=on)


def _empty(queue: Queue, binned: Sequence[Row], sentence: str) -> None:
    with st.container(key="runs-empty"):
        st.html(f'<div class="rd-absent"><h2>Nothing here yet</h2><p>{sentence}</p></div>')
        if st.button("Train something", key="runs-to-train"):
            st.switch_page("app.py")
    if binned:
        runs_storage.draw(queue, (), binned)
