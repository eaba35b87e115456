"""The Class page: a teacher opens a room, pupils join it, and everybody sees what everybody found."""

import streamlit as st

from regdash.ui import frame, room_page

queue = frame.open_page("Class")
with st.sidebar:
    frame.navigation()
    frame.foot()
room_page.draw(queue)
