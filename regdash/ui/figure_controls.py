"""The settings of a small figure as controls in one row."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from regdash.charts.figure_base import Figure
from regdash.params import Param, params_of
from regdash.ui import widgets

MOST_SEGMENTS, MOST_LETTERS = 4, 14  # more choices, or longer ones, stand in a menu
NARROWEST, WIDEST, MOST = 150, 340, 4  # px of a control; controls beside one another
SHOWN = ("number", "integer", "switch", "choice")


def figure_controls(figure: Figure, first: Any, key: str) -> Mapping[str, Any]:
    """Draw the controls, which begin with the settings `first`; the values that they show now."""
    declared = [each for each in params_of(figure.settings) if each.kind in SHOWN]
    if not declared:
        return {}
    round_key = f"{key}:round"
    number = st.session_state.get(round_key, 0)
    began = {each.name: getattr(first, each.name) for each in declared}
    beside = min(len(declared), MOST)
    with st.grid(beside, min_column_width=NARROWEST, width=beside * WIDEST, key=f"{key}-row"):
        found = {each.name: _control(each, began[each.name], f"{key}:{number}:{each.name}") for each in declared}
    if found != began:
        st.button(
            "Reset",
            key=f"{key}:reset",
            type="tertiary",
            on_click=_again,
            args=(round_key,),
            help="Back to the first values.",
        )
    return found


def _control(declared: Param, value: Any, key: str) -> Any:
    label = widgets.label(declared)
    if declared.kind == "choice" and _few(declared.choices):
        return st.segmented_control(
            label, declared.choices, default=value, required=True, format_func=_words, key=key, help=declared.help
        )
    widgets.plain(declared, value, {"label": label, "help": declared.help, "key": key})
    return st.session_state[key]


def _few(choices: tuple[str, ...]) -> bool:
    return len(choices) <= MOST_SEGMENTS and len("".join(choices)) <= MOST_LETTERS


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def _again(key: str) -> None:
    """New controls take the place of those that were moved."""
    st.session_state[key] = st.session_state.get(key, 0) + 1
