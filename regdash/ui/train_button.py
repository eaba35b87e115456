"""The button that asks for runs: pressing it redraws the line about the runs, not the whole page."""

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.ui import runs, session
from regdash.ui.fragments import rerun_fragment
from regdash.ui.members import Setting

PULSE = "pulse"  # the fragment that looks after the runs


def draw(queue: Queue, setting: Setting) -> None:
    """A button in a fragment of its own."""
    st.fragment(_button)(queue, setting)


def _button(queue: Queue, setting: Setting) -> None:
    st.button("Train", type="primary", width="stretch", on_click=runs.train, args=(queue, setting))
    if runs.draft_setting(session.draft()) != setting:
        st.rerun()  # another widget has moved in the same moment: the form has to follow
    if runs.pressed():
        rerun_fragment(st.session_state.get(PULSE, ""))
