"""The Train page: move a slider and see what it does to a network that really trains."""

import streamlit as st

from regdash.ui import controls, embed, embed_page, form, frame, lesson_card, live, room, tray

queue = frame.open_page("Train")
if embed.wanted():
    embed_page.draw(queue)
    st.stop()
with st.sidebar:
    frame.navigation()
    controls.training(queue)
    form.draw()
    frame.foot()
room.banner(queue)
lesson_card.text()
with st.container(horizontal=True, gap="small", key="chips"):
    controls.presets()
tray.strip(queue)
live.draw(queue)
