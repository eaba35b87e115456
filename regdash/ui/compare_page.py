"""The Compare page: settings beside it, what their runs have come to on it."""

from html import escape

import streamlit as st

from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.links import Entry
from regdash.regularizers import L2, Dropout
from regdash.ui import compare_add, compare_controls, compare_entries, compare_live, compare_state

EMPTY = (
    "Put settings side by side: their curves with bands over seeds, what they differ in, and whether the difference is "
    "more than seed noise. Add some on the left: from your recent runs, by the link of a Train page, or by the button "
    "“Add to comparison” on the pages Train, Search and Runs."
)
EXAMPLE = (
    Entry(Experiment(), 5),
    Entry(Experiment(regularizers=(Dropout(rate=0.3),)), 5),
    Entry(Experiment(regularizers=(L2(l2=0.003),)), 5),
)


def form(queue: Queue) -> None:
    """What stands beside the page: the settings that are compared, and the ways to add one."""
    compare_add.take_tray_over(queue)
    compare_entries.draw(compare_state.held())
    compare_add.draw(queue)


def draw(queue: Queue) -> None:
    """The page itself."""
    comparison = compare_state.held()
    compare_live.take_orders(queue, comparison)
    if compare_state.said():
        words = escape(compare_state.said())
        st.html(f'<p class="rd-notice" role="alert" data-testid="rd-compare-said">{words}</p>')
    if not comparison.entries:
        return _empty(queue)
    compare_controls.draw(comparison)
    return compare_live.draw(queue, comparison)


def _empty(queue: Queue) -> None:
    with st.container(key="compare-empty"):
        st.html(f'<div class="rd-absent"><h2>Which is better, and is it more than chance?</h2><p>{EMPTY}</p></div>')
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Show an example",
                key="compare-example",
                type="primary",
                help="Three settings with 5 seeds each: plain, dropout and L2.",
                on_click=compare_state.bring,
                args=(EXAMPLE,),
            )
            compare_add.tray_button(queue, "empty")
            compare_entries.undo_button()
