"""A page with a question to sketch; the test copies it beside a static folder of its own."""

import streamlit as st

from regdash.lessons.answers import Answer, write_answer
from regdash.lessons.lesson import Prediction
from regdash.ui.predict import ask

QUESTION = Prediction("curve", "Draw the validation loss.", curve="val_loss", of="plain", low=0.0, high=2.0)
LOCKED = Answer(sketch=((0.0, 1.5), (0.3, 0.25), (1.0, 1.0)))

kept = ask(QUESTION, "open", None, False, epochs=101)
if kept is not None:
    st.session_state.kept = kept
ask(QUESTION, "locked", LOCKED, True, epochs=101)
st.text(f"kept: {write_answer(st.session_state.kept)}" if "kept" in st.session_state else "kept: nothing")
