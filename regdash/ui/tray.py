"""The tray: the settings that a visitor has put aside to be compared. It lies in the store and outlives a reload."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.links import Entry
from regdash.links.comparison import LONGEST_NAME
from regdash.repeats import Setting, setting_key
from regdash.store.shelf import Kept
from regdash.ui import compare_state, session
from regdash.ui.labels import literal
from regdash.ui.setting_words import short_words

COMPARE = "pages/compare.py"
REFUSED = "tray refused"  # the sentence of a shelf that would not take a setting
HELP = "Put this setting aside, to be drawn beside others on the Compare page."


def add_button(queue: Queue, experiment: Experiment, seeds: int, key: str) -> None:
    """The button that puts a setting into the comparison, or takes it out again."""
    here = setting_key(experiment) in {each.key for each in picked(queue)}
    st.button(
        "In the comparison" if here else "Add to comparison",
        key=f"tray {key}",
        help="Take it out of the comparison." if here else HELP,
        type="primary" if here else "secondary",
        on_click=_turn,
        args=(queue, Setting(experiment, seeds), here),
    )


def strip(queue: Queue, where: str = "page") -> None:
    """What is in the comparison, and the way to it; nothing while it is empty."""
    found = picked(queue)
    sentence = st.session_state.pop(REFUSED, "")
    if sentence:
        st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"tray-{where}"):
        st.html('<p class="rd-caption" data-testid="rd-tray">To compare:</p>', width="content")
        for each in found:
            _chip(queue, each, where)
        if st.button(f"Compare ({len(found)})", key=f"tray compare {where}", type="primary"):
            compare([Entry(each.experiment, each.seeds, name=each.name[:LONGEST_NAME]) for each in found])
        keys = [each.key for each in found]
        st.button("Clear", key=f"tray clear {where}", type="tertiary", on_click=_remove, args=(queue, keys))


def picked(queue: Queue) -> Sequence[Kept]:
    """What is in the comparison; nothing where the store cannot be read."""
    try:
        return queue.shelf.picked(session.sessions())
    except RegdashError:
        return ()


def add(queue: Queue, settings: Sequence[Setting]) -> bool:
    """Put settings into the comparison; a sentence stands above the page when it would not take them."""
    try:
        queue.shelf.pick_all(session.sessions()[0], settings)
    except RegdashError as error:
        st.session_state[REFUSED] = str(error)
        return False
    return True


def compare(entries: Sequence[Entry]) -> None:
    """Open the Compare page with these settings and no others; a sentence where it cannot hold so many."""
    wanted = replace(compare_state.held(), entries=tuple(entries), reference=0)
    problem = compare_state.refusal(wanted)
    if problem:
        st.session_state[REFUSED] = problem
        st.rerun()
    compare_state.change(wanted)
    st.switch_page(COMPARE)


def _chip(queue: Queue, each: Kept, where: str) -> None:
    words = each.name or short_words(each.experiment)
    st.button(
        f"{literal(words)} ✕",
        key=f"tray chip {where} {each.key}",
        help="Take it out of the comparison.",
        on_click=_remove,
        args=(queue, [each.key]),
    )


def _turn(queue: Queue, setting: Setting, here: bool) -> None:
    if here:
        _remove(queue, [setting_key(setting.experiment)])
    else:
        add(queue, [setting])


def _remove(queue: Queue, keys: Sequence[str]) -> None:
    try:
        for each in session.sessions():
            for key in keys:
                queue.shelf.unpick(each, key)
    except RegdashError as error:
        st.session_state[REFUSED] = str(error)
