"""The Compare page: settings side by side, with bands over seeds and a verdict on each pair."""

import streamlit as st

from regdash.ui import compare_page, frame

queue = frame.open_page("Compare")
with st.sidebar:
    frame.navigation()
    compare_page.form(queue)
    frame.foot()
compare_page.draw(queue)
