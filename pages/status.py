"""The Status page: how the engine is, what it does and how fast."""

import streamlit as st

from regdash.ui import frame, status_page

queue = frame.open_page("Status")
with st.sidebar:
    frame.navigation()
    frame.foot()
status_page.draw(queue)
