"""How an exported chart is to look: the choices that all dialogs of exports share, and remember."""

from typing import get_args

import streamlit as st

from regdash.charts.theme import Theme
from regdash.export.figures import SIZES, Size

WORDS = {"light": "Light", "dark": "Dark", "print": "Print"}


def choose_size() -> Size:
    """Draw the menu of sizes; returns the one that is chosen."""
    sizes = {each.name: each for each in SIZES}
    name = st.selectbox(
        "Size",
        list(sizes),
        format_func=lambda name: sizes[name].label if name in sizes else str(name),
        key="export size",
        persist_state="session",
        filter_mode=None,
    )
    return sizes.get(str(name), SIZES[0])


def choose_palette() -> Theme:
    """Draw the choice of palettes; returns the one that is chosen."""
    themes: tuple[Theme, ...] = get_args(Theme)
    theme = st.segmented_control(
        "Palette",
        themes,
        default="light",
        required=True,
        format_func=lambda theme: WORDS.get(theme, str(theme)),
        key="export palette",
        persist_state="session",
        help="Print: black words and dark lines on white.",
    )
    return theme if theme in themes else "light"
