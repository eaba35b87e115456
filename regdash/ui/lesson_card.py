"""The words above the form while the visitor follows a lesson: what it fixes out of sight, and the way out."""

from html import escape

import streamlit as st

from regdash.ui import lesson, room, session


def draw() -> None:
    """Draw the card; nothing outside a lesson."""
    given = session.lesson()
    if given is None:
        return
    with st.container(key="lesson"):
        st.html(f'<p class="rd-lesson" data-testid="rd-lesson">{words()}</p>')
        if room.current() is None:
            help = "Keep the present settings and move every control again."
            st.button(
                "Leave lesson", key="leave-lesson", type="tertiary", help=help, on_click=session.learn, args=(None,)
            )


def words() -> str:
    """That there is a lesson, and what of it cannot be seen in the controls."""
    given = session.lesson()
    if given is None:
        return ""
    fixed = lesson.hidden_in_words(given)
    said = ["Controls with a lock stand still."] if given.locked else []
    said += [f"Fixed by the lesson: {escape(fixed)}."] if fixed else []
    said += ["Some controls are put away."] if given.hidden and not fixed else []
    return " ".join(("<strong>Lesson.</strong>", *said))
