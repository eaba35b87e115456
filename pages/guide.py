"""The Guide: how to read the charts."""

import streamlit as st

from regdash.ui import frame, guide

frame.open_page("Guide")
with st.sidebar:
    frame.navigation()
    frame.foot()
guide.draw()
