"""The words of a lesson: what the teacher says above the page, what is fixed out of sight, and the way out."""

from html import escape

import streamlit as st

from regdash.ui import lesson, room, session


def text() -> None:
    """Draw what the teacher says above the page, one paragraph for each block of lines; nothing without it."""
    given = session.lesson()
    if given is not None and given.text:
        st.html(
            f'<section class="rd-told" aria-label="Lesson" data-testid="rd-told">{paragraphs(given.text)}</section>'
        )


def paragraphs(told: str) -> str:
    """Plain text as paragraphs; an empty line begins a new one."""
    blocks = [block.strip() for block in told.split("\n\n")]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block)


def draw() -> None:
    """Draw the card beside the controls; nothing outside a lesson."""
    given = session.lesson()
    if given is None:
        return
    with st.container(key="lesson"):
        st.html(f'<div class="rd-lesson" data-testid="rd-lesson"><p>{words()}</p>{_details()}</div>')
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


def _details() -> str:
    """All values behind controls that are put away: what is hidden can still be read."""
    given = session.lesson()
    values = lesson.out_of_sight(given) if given else ()
    if not values:
        return ""
    items = "".join(f"<li>{escape(value)}</li>" for value in values)
    return f"<details><summary>Values of hidden controls</summary><ul>{items}</ul></details>"
