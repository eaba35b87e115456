"""A program of a tutorial as it is printed, and what happens when it is run."""

from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.lessons.demos import Demo
from regdash.ui.predict_words import inline

HELP = "This code is run here and now, and what it prints appears below."


@st.fragment
def demo_card(demo: Demo, key: str) -> None:
    """Draw the code with a button that runs it; what it printed stays for the session."""
    printed, wanted = f"{key}:printed", f"{key}:wanted"
    with st.container(border=True, key=f"{key}-demo"):
        st.markdown(f"**{inline(demo.title)}**")
        st.code(demo.code, language="python", wrap_lines=True)
        words = "Run it again" if printed in st.session_state else "Run it"
        st.button(words, key=f"{key}:run", help=HELP, on_click=_want, args=(wanted, printed))
        try:
            if st.session_state.pop(wanted, False):
                with st.spinner("Running"):
                    st.session_state[printed] = "\n".join(demo.run().lines)
        except RegdashError as error:
            st.html(f'<p class="rd-fault" role="alert">{escape(str(error))}</p>')
        if st.session_state.get(printed):
            st.html('<p class="rd-caption">It prints</p>')
            st.code(st.session_state[printed], language=None, wrap_lines=True)


def _want(wanted: str, printed: str) -> None:
    st.session_state[wanted] = True
    st.session_state.setdefault(printed, "")
