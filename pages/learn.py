"""The Learn page: lessons that run, what tutorials get wrong, questions, and the words of the field."""

import streamlit as st

from regdash.ui import frame, learn_page

queue = frame.open_page("Learn")
with st.sidebar:
    frame.navigation()
    learn_page.beside(queue)
    frame.foot()
learn_page.draw(queue)
