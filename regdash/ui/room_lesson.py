"""The lesson of a room as its teacher makes it: the present settings, what is locked or hidden, and a text."""

from dataclasses import replace
from html import escape

import streamlit as st

from regdash.links import MOST_LETTERS, Address, lesson_text
from regdash.ui import lesson, session

LOCK_HELP = "Pupils see these controls and cannot move them."
HIDE_HELP = "Pupils do not see these controls; they keep the values that they have now."


def menus(where: str, before: Address) -> None:
    """Draw the lesson that would be given: the settings of the Train page, and menus for what is fixed."""
    st.html(
        '<p class="rd-caption">The lesson starts from your present settings on the Train page: '
        f'<strong data-testid="rd-lesson-words">{escape(lesson.in_words(session.draft()))}</strong>.</p>'
    )
    names = lesson.fixable_here(session.draft().experiment)
    for label, fixed, help in (("Lock", before.locked, LOCK_HELP), ("Hide", before.hidden, HIDE_HELP)):
        st.multiselect(
            label,
            tuple(names),
            [name for name in fixed if name in names],
            format_func=lambda name: names.get(name, name),
            placeholder="Nothing",
            key=_key(label, where),
            help=help,
        )
    text_area(before.text, _key("Text", where))


def chosen(where: str) -> Address:
    """The lesson that the menus show, ready to be given."""
    locked, hidden = (tuple(st.session_state.get(_key(label, where), ())) for label in ("Lock", "Hide"))
    text = lesson_text(str(st.session_state.get(_key("Text", where), "")))
    return replace(session.draft(), locked=locked, hidden=hidden, text=text)


def text_area(text: str, key: str) -> str:
    """The field for what stands above the page of a lesson."""
    return st.text_area(
        "Text above the page",
        text,
        key=key,
        max_chars=MOST_LETTERS,
        height=100,
        placeholder="What to try, and what to look at",
        help="Plain text. An empty line begins a new paragraph.",
        persist_state="page",
    )


def _key(label: str, where: str) -> str:
    return f"room-{label.lower()}-{where}"
