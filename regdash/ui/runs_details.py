"""The details of one row: what the visitor calls it and says about it, what it differs in, its curves, its link."""

from functools import partial
from html import escape

import streamlit as st

from regdash.charts.drawing import Drawing
from regdash.charts.group import Group
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.theme import Theme
from regdash.errors import RegdashError
from regdash.experiment import Experiment, differences
from regdash.jobs.queue import Queue
from regdash.links import MOST_RUNS, MOST_SEEDS, Address, to_address
from regdash.record import History
from regdash.repeats import Setting
from regdash.store.shelf_texts import MOST_NAME, MOST_NOTE, MOST_TAG, MOST_TAGS
from regdash.ui import runs_state, session, share, tray
from regdash.ui.code_dialog import code_button
from regdash.ui.picture import Picture, show_picture
from regdash.ui.runs_rows import Row

HEIGHT = 216
TRAIN = "app.py"


def draw(queue: Queue, row: Row, own: bool) -> None:
    """Draw them below the row; words can be written about rows of one's `own`, and about those of a class too."""
    with st.container(key="runs-details", border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            _words(queue, row)
        with right:
            _curves(queue, row)
        st.html(_differs(row))
        with st.container(horizontal=True, gap="small", key="runs-details-do"):
            if st.button("Open in Train", key="runs-details-train", help="Make it the draft of the Train page."):
                open_in_train(row)
            tray.add_button(queue, address(row).experiment, address(row).seeds, f"details {row.key}")
            code_button(queue, address(row).experiment, f"details {row.key}")
            share.popover("Share", to_address(address(row)))


def address(row: Row) -> Address:
    """What the Train page shows of a row: with as many of its seeds as a link may have."""
    setting = row.setting
    return Address(setting.experiment, min(row.seeds, MOST_SEEDS, MOST_RUNS // setting.folds))


def open_in_train(row: Row) -> None:
    """Make a row the draft of the Train page, and go there; a baseline stays."""
    wanted = address(row)
    draft = session.draft()
    session.choose(Address(wanted.experiment, wanted.seeds, draft.baseline, draft.baseline_seeds))
    st.switch_page(TRAIN)


def _words(queue: Queue, row: Row) -> None:
    """Name, tags and note; what the shelf would not take stays typed, with the sentence beside it."""
    name, tags, note = _typed(row)
    with st.form(f"runs-words-{row.key}", border=False):
        st.text_input("Name", name, max_chars=4 * MOST_NAME, placeholder=row.words, key=f"runs-name-{row.key}")
        st.text_input(
            "Tags",
            tags,
            placeholder="report, week 3",
            help=f"Separated by commas; at most {MOST_TAGS} of at most {MOST_TAG} letters each.",
            max_chars=1_000,
            key=f"runs-tags-{row.key}",
        )
        st.text_area("Note", note, height=110, max_chars=2 * MOST_NOTE, key=f"runs-note-{row.key}")
        st.form_submit_button("Save", on_click=_save, args=(queue, row.key, row.setting))
    if sentence := runs_state.refusal(row.key):
        st.html(f'<p class="rd-fault" role="alert">{escape(sentence)}</p>')


def _typed(row: Row) -> tuple[str, str, str]:
    key, *typed = st.session_state.get(runs_state.TYPED, ("", "", "", ""))
    if key == row.key:
        return typed[0], typed[1], typed[2]
    return (row.name, ", ".join(row.tags), row.kept.note) if row.kept else ("", "", "")


def _save(queue: Queue, key: str, setting: Setting) -> None:
    name, tags, note = (str(st.session_state[f"runs-{field}-{key}"]) for field in ("name", "tags", "note"))
    try:
        queue.shelf.describe(session.sessions()[0], setting, name, note, tags.split(","))
    except RegdashError as error:
        st.session_state[runs_state.TYPED] = (key, name, tags, note)
        return runs_state.refuse(key, str(error))
    st.session_state.pop(runs_state.TYPED, None)
    return runs_state.say("Saved.")


def _curves(queue: Queue, row: Row) -> None:
    """Training and validation loss of all runs of the row that have any."""
    views = [view for view in queue.watch([run.run_id for run in row.runs[:MOST_RUNS]]) if view is not None]
    histories = tuple(view.history for view in views if view.history is not None and len(view.history.epochs))
    if not histories:
        st.html('<p class="rd-empty">No curves yet.</p>')
        return
    stamp = tuple((view.run_id, view.epochs_done, view.version) for view in views)
    show_picture(f"runs-loss-{row.key}", stamp, partial(_picture, row, histories))


def _picture(row: Row, histories: tuple[History, ...]) -> Picture:
    found = read_loss([Group("Current", "current", histories)])

    def drawn(theme: Theme) -> Drawing:
        return draw_loss(found, theme, epochs=row.plain.training.epochs)

    caption = f"{row.words}; {len(histories)} runs" if len(histories) > 1 else f"{row.words}; seed {row.first}"
    return Picture("loss", drawn, alt_loss(found), HEIGHT, caption, (row.setting,))


def _differs(row: Row) -> str:
    """What it differs in from the default experiment, setting by setting."""
    found = [each for each in differences(Experiment(), row.plain) if each.path != "training.seed"]
    if not found:
        return '<p class="rd-caption">The default settings.</p>'
    cells = "".join(
        f'<tr><th scope="row">{escape(each.label)}</th><td>{escape(each.before)}</td><td>{escape(each.after)}</td></tr>'
        for each in found
    )
    head = '<tr><th scope="col">Setting</th><th scope="col">Default</th><th scope="col">Here</th></tr>'
    return f'<div class="rd-scores"><table><thead>{head}</thead><tbody>{cells}</tbody></table></div>'
