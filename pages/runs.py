"""The Runs page: everything that was trained, to be found again, named, compared, kept or deleted."""

import streamlit as st

from regdash.ui import frame, runs_page

queue = frame.open_page("Runs")
with st.sidebar:
    frame.navigation()
    frame.foot()
runs_page.draw(queue)
