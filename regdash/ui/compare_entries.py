"""The settings of a comparison as a list that can be renamed, reordered and repeated with more seeds."""

from functools import partial
from itertools import pairwise

import streamlit as st

from regdash.charts.compare_marks import colour_of, dash_of
from regdash.charts.theme import Theme
from regdash.comparison import names
from regdash.links import Comparison, Entry
from regdash.links.comparison import LONGEST_NAME
from regdash.ui import compare_state
from regdash.ui.chart_card import chart_theme


def draw(comparison: Comparison) -> None:
    """One block for each setting, and what can be done with all of them."""
    entries = comparison.entries
    if not entries:
        return
    found = names([entry.experiment for entry in entries], [entry.name for entry in entries])
    with st.container(key="compare-entries", gap="small"):
        for at, (entry, name) in enumerate(zip(entries, found, strict=True)):
            _entry(at, entry, name, comparison)
        with st.container(horizontal=True, gap="small", key="compare-all"):
            if len(entries) == 2:
                st.button("Swap", key="compare-swap", on_click=compare_state.swap, help="Exchange the two settings.")
            st.button("Clear", key="compare-clear", on_click=compare_state.clear, help="Take all settings out.")
            undo_button()


def undo_button() -> None:
    """The way back; nothing while there is none."""
    if compare_state.undoable():
        st.button("Undo", key="compare-undo", on_click=compare_state.undo, help="Take the last change back.")


def swatch(at: int, theme: Theme) -> str:
    """A piece of the line by which the charts draw the setting at this place, as HTML."""
    ends = [0.0]
    for length in _lengths(at):
        ends.append(ends[-1] + length)
    colours = (colour_of(at, theme), "transparent")
    stops = [f"{colours[place % 2]} {begin:g}px {end:g}px" for place, (begin, end) in enumerate(pairwise(ends))]
    line = f"repeating-linear-gradient(90deg, {', '.join(stops)})"
    return f'<i class="rd-swatch" style="background: {line}" aria-hidden="true"></i>'


def _lengths(at: int) -> list[float]:
    """Line and gap in turn, in pixels."""
    dash = dash_of(at)
    return [26.0] if dash == "solid" else [float(part.removesuffix("px")) for part in dash.split(",")]


def _entry(at: int, entry: Entry, name: str, comparison: Comparison) -> None:
    number = at + 1
    with st.container(key=f"compare-entry-{at}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"compare-name-row-{at}"):
            st.html(swatch(at, chart_theme()), width="content")
            _name(at, entry, name)
            _button("×", f"compare-remove-{at}", f"Take setting {number} out.", partial(compare_state.remove, at))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"compare-row-{at}"):
            if entry.experiment is not None:
                _seeds(at, entry)
            if len(comparison.entries) > 1:
                _order(at, comparison)


def _name(at: int, entry: Entry, name: str) -> None:
    key = f"compare name {at}"
    st.session_state[key] = entry.name
    st.text_input(
        f"Name of setting {at + 1}",
        key=key,
        placeholder=name,
        max_chars=LONGEST_NAME,
        label_visibility="collapsed",
        on_change=lambda: compare_state.rename(at, st.session_state[key]),
    )


def _seeds(at: int, entry: Entry) -> None:
    key = f"compare seeds {at}"
    st.session_state[key] = entry.seeds
    st.number_input(
        f"Seeds of setting {at + 1}",
        min_value=1,
        max_value=max(compare_state.most_seeds(entry), entry.seeds),
        key=key,
        label_visibility="collapsed",
        help="How many seeds repeat it: each has its own initial weights and batches.",
        on_change=lambda: compare_state.reseed(at, st.session_state[key]),
    )


def _order(at: int, comparison: Comparison) -> None:
    """Up, down, and the choice of the reference."""
    number, last = at + 1, len(comparison.entries) - 1
    _button("↑", f"compare-up-{at}", f"Move setting {number} up.", partial(compare_state.move, at, -1), at == 0)
    _button("↓", f"compare-down-{at}", f"Move setting {number} down.", partial(compare_state.move, at, 1), at == last)
    is_reference = at == comparison.reference
    words = "Reference" if is_reference else "Make reference"
    help = "The setting with which the verdicts compare all others."
    _button(words, f"compare-refer-{at}", help, partial(compare_state.refer, at), is_reference)


def _button(label: str, key: str, help: str, on_click: "partial[None]", disabled: bool = False) -> None:
    st.button(label, key=key, help=help, type="tertiary", on_click=on_click, disabled=disabled)
