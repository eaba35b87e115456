"""A menu of the Class page whose choice is the session's and outlives the page."""

from collections.abc import Mapping

import streamlit as st

from regdash.ui.keys import chosen, key_for, moved

MEMBER, DOORS = "member", "doors"  # what the menu of rooms offers beside the visitor's own
CHOICES = "room choices"  # menu -> what the visitor has chosen there


def menu(name: str, label: str, words: Mapping[str, str], *, help: str | None = None, hidden: bool = False) -> str:
    """Draw the menu, with a `hidden` label or a visible one; what is chosen, or the first option while that is gone."""
    options, widget = tuple(words), f"room {name}"
    wanted = st.session_state.get(CHOICES, {}).get(name)
    shows = wanted if wanted in options else options[0]

    def changed() -> None:
        if moved(widget, shows):
            choose(name, chosen(widget))

    st.selectbox(
        label,
        options,
        options.index(shows),
        lambda option: words.get(option, option),
        key=key_for(widget, shows),
        label_visibility="collapsed" if hidden else "visible",
        filter_mode=None,
        help=help,
        on_change=changed,
    )
    return shows


def choose(name: str, option: str) -> None:
    """Let a menu show this option from now on."""
    st.session_state[CHOICES] = {**st.session_state.get(CHOICES, {}), name: option}
