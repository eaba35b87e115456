"""How the curves of a comparison are drawn; all of it is in the address."""

from dataclasses import replace
from typing import Any, cast

import streamlit as st

from regdash.links import Comparison
from regdash.ui import compare_state

HIGHEST = 0.95
STEP = 0.05
SWITCHES = (
    ("log", "Log loss", "Draw losses on a logarithmic axis; the axis says so."),
    ("log_epochs", "Log epochs", "Draw epochs on a logarithmic axis, which shows the first ones larger."),
    ("members", "Every run", "Draw each run as a thin line in place of the mean's 95 % band."),
)


def draw(comparison: Comparison) -> None:
    """One row of controls above the charts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare-view"):
        _control("smoothing", min(comparison.smoothing, HIGHEST))
        st.slider(
            "Smoothing",
            0.0,
            HIGHEST,
            step=STEP,
            key=_key("smoothing"),
            width=190,
            help="Weight of the past in an exponential mean over epochs, as in TensorBoard; verdicts are not smoothed.",
            on_change=_changed,
            args=("smoothing",),
        )
        for name, label, help in SWITCHES:
            _control(name, getattr(comparison, name))
            st.checkbox(label, key=_key(name), help=help, on_change=_changed, args=(name,))


def _key(name: str) -> str:
    return f"compare view {name}"


def _control(name: str, value: Any) -> None:
    st.session_state[_key(name)] = value


def _changed(name: str) -> None:
    value = st.session_state[_key(name)]
    value = round(value, 2) if isinstance(value, float) else value
    compare_state.show(replace(compare_state.held(), **cast(Any, {name: value})))
