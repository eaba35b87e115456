"""The Search page: which setting is best, found by training many of them together."""

import streamlit as st

from regdash.ui import frame, search_page

queue = frame.open_page("Search")
with st.sidebar:
    frame.navigation()
    search_page.form(queue)
    frame.foot()
search_page.draw(queue)
