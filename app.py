"""The Train page: move a slider and see what it does to a network that really trains."""

import streamlit as st

from regdash.ui import controls, form, frame, live, room

queue = frame.open_page("Train")
with st.sidebar:
    frame.navigation()
    controls.training(queue)
    form.draw()
    frame.foot()
room.banner(queue)
with st.container(horizontal=True, gap="small", key="chips"):
    controls.presets()
live.draw(queue)
