"""Keys of widgets that follow the draft.

A widget is given the draft's value as its default and never written to: a browser that lost a widget's state would
otherwise fall back to the lowest value and report it as the visitor's choice. When the draft changes without the
widget (a preset, a link, undo), the key changes and a new widget takes its place.
"""

from typing import Any

import streamlit as st

STEPS = "steps"  # widget -> (how often it was replaced, the value it shows)


def key_for(widget: str, value: Any) -> str:
    """The key under which a widget shows this value."""
    steps = st.session_state.setdefault(STEPS, {})
    count, shown = steps.get(widget, (0, value))
    steps[widget] = (count, value) if shown == value else (count + 1, value)
    return _key(widget, steps[widget][0])


def moved(widget: str, shows: Any) -> bool:
    """Whether the visitor has moved a widget that should show this value.

    After an interrupted rerun a browser reports widgets of an earlier draft once more: those are out of step with the
    draft, or report what they show already.
    """
    count, shown = st.session_state.get(STEPS, {}).get(widget, (0, None))
    key = _key(widget, count)
    return bool(shown == shows and key in st.session_state and st.session_state[key] != shows)


def chosen(widget: str) -> Any:
    """What the visitor has set the widget to; from now on it shows that."""
    steps = st.session_state[STEPS]
    count = steps[widget][0]
    value = st.session_state[_key(widget, count)]
    steps[widget] = (count, value)
    return value


def _key(widget: str, count: int) -> str:
    return f"{widget}:{count}" if count else widget
