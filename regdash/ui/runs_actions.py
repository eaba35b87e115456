"""What can be done with the rows that are ticked, and how the last of it can be undone."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.links import Entry
from regdash.links.comparison import LONGEST_NAME, MOST_ENTRIES
from regdash.repeats import Setting
from regdash.ui import log_downloads, runs_state, session, tray
from regdash.ui.runs_details import open_in_train
from regdash.ui.runs_rows import Row

PLACE = "actions"
HINT = "Tick rows to compare, pin, tag or delete them."


def draw(queue: Queue, rows: Sequence[Row], shown: Sequence[Row], own: bool) -> None:
    """The buttons; `rows` are all that can be ticked, `shown` those on this page."""
    marked = [row for key in runs_state.marked() for row in rows if row.key == key]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-do"):
        if not marked:
            st.html(f'<p class="rd-caption">{HINT}</p>', width="content")
            st.button("Choose this page", type="tertiary", on_click=_mark, args=([row.key for row in shown],))
        else:
            _buttons(queue, marked, own)
    if sentence := runs_state.refusal(PLACE):
        st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
    _done(queue)


def _buttons(queue: Queue, marked: Sequence[Row], own: bool) -> None:
    settings = [row.setting for row in marked]
    keys = [row.key for row in marked]
    st.html(f'<p class="rd-caption" data-testid="rd-marked">{len(marked)} chosen</p>', width="content")
    if st.button("Compare", key="runs-compare", type="primary", help="Draw them beside each other."):
        tray.compare([Entry(row.setting.experiment, row.seeds, name=row.name[:LONGEST_NAME]) for row in marked])
    if len(marked) == 1 and st.button("Open in Train", key="runs-train"):
        open_in_train(marked[0])
    if all(row.pinned for row in marked):
        st.button("Unpin", key="runs-pin", on_click=_unpin, args=(queue, keys))
    else:
        help = "Keep these runs however old they get."
        st.button("Pin", key="runs-pin", help=help, on_click=_pin, args=(queue, settings))
    with st.popover("Tag", key="runs-tag"):
        st.text_input("Tags to add", placeholder="report, week 3", max_chars=1_000, key="runs-tags")
        st.button("Add tags", key="runs-tag-add", on_click=_tag, args=(queue, settings))
    moving = [run.run_id for row in marked for run in row.runs if run.state in ("waiting", "running")]
    if own and moving:
        help = "Stop what still waits or trains; what has been trained is kept."
        st.button("Cancel", key="runs-cancel", help=help, on_click=_stop, args=(queue, moving))
    if own:
        help = "Take them off this page. Undo brings them back; after a day they are gone."
        st.button("Delete", key="runs-delete", help=help, on_click=_delete, args=(queue, settings, keys, moving))
    if len(settings) <= MOST_ENTRIES:
        log_downloads.log_buttons(queue, settings, [row.name for row in marked], "runs")
    st.button("Choose none", key="runs-unmark", type="tertiary", on_click=_mark, args=((),))


def _done(queue: Queue) -> None:
    """What was done last, and Undo beside it."""
    sentence, deleted = runs_state.said()
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-said"):
        st.html(f'<p class="rd-said" role="status">{escape(sentence)}</p>', width="content")
        if deleted:
            st.button("Undo", key="runs-undo", on_click=restore, args=(queue, deleted))


def restore(queue: Queue, keys: Sequence[str]) -> None:
    """Have settings back from the bin."""
    _try(lambda: queue.shelf.restore(session.sessions(), keys), f"{_count(len(keys))} back again.")


def _mark(keys: Sequence[str]) -> None:
    runs_state.mark(keys)
    runs_state.say("")


def _pin(queue: Queue, settings: Sequence[Setting]) -> None:
    done = f"{_count(len(settings))} pinned: their runs are kept."
    _try(lambda: queue.shelf.pin(session.sessions()[0], settings), done)


def _unpin(queue: Queue, keys: Sequence[str]) -> None:
    _try(lambda: queue.shelf.unpin(session.sessions(), keys), f"{_count(len(keys))} no longer pinned.")


def _tag(queue: Queue, settings: Sequence[Setting]) -> None:
    tags = str(st.session_state["runs-tags"]).split(",")
    if _try(lambda: queue.shelf.tag(session.sessions()[0], settings, tags), f"{_count(len(settings))} tagged."):
        st.session_state["runs-tags"] = ""


def _stop(queue: Queue, run_ids: Sequence[str]) -> None:
    _cancel(queue, run_ids)


def _cancel(queue: Queue, run_ids: Sequence[str]) -> bool:
    def cancel() -> None:
        for each in session.sessions():
            queue.cancel(each, run_ids)

    return _try(cancel, "Cancelled; what has been trained is kept.")


def _delete(queue: Queue, settings: Sequence[Setting], keys: Sequence[str], moving: Sequence[str]) -> None:
    if moving and not _cancel(queue, moving):
        return
    if _try(lambda: queue.shelf.delete(session.sessions()[0], settings), f"{_count(len(keys))} deleted.", keys):
        runs_state.mark(())


def _try(change: Callable[[], None], done: str, deleted: Sequence[str] = ()) -> bool:
    """Do it and say so; the sentence of a shelf that would not stands above the rows."""
    try:
        change()
    except RegdashError as error:
        runs_state.refuse(PLACE, str(error))
        return False
    runs_state.say(done, deleted)
    return True


def _count(number: int) -> str:
    return "1 setting" if number == 1 else f"{number:,} settings"
