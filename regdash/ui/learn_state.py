"""Where a visitor is on the Learn page: which part, which lesson, card or question; its address, and the way there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from regdash.links import VERSION

Part = Literal["lessons", "mistakes", "questions", "glossary"]

PAGE = "Learn"  # the title of its page
FILE = "pages/learn.py"
WHERE = "learn where"  # Where
SAID = "learn said"  # a sentence about what was asked for last
PARTS: Mapping[Part, str] = {
    "lessons": "Lessons",
    "mistakes": "What tutorials get wrong",
    "questions": "Questions",
    "glossary": "Glossary",
}
NAMED: Mapping[str, Part] = {"lesson": "lessons", "card": "mistakes", "question": "questions", "term": "glossary"}
"""Query parameters that name one thing, and the part in which it stands."""
KEYS = ("tab", *NAMED)

_NAME = re.compile(r"[\w .()²-]{1,80}")


@dataclass(frozen=True)
class Where:
    """A part of the page, and the name of what is open in it: empty for its list."""

    part: Part = "lessons"
    name: str = ""


def here() -> Where:
    """Where the visitor is."""
    found: Where = st.session_state.get(WHERE, Where())
    return found


def go(part: Part, name: str = "") -> None:
    """Be there from now on; the address follows."""
    st.session_state[WHERE], st.session_state[SAID] = Where(part, name), ""


def visit(part: Part, name: str = "") -> None:
    """Open the Learn page there, from whichever page."""
    go(part, name)
    st.switch_page(FILE)


def link(where: Where | None = None) -> dict[str, str]:
    """The query parameters of a place: {"v": "1", "lesson": "dropout"}, or {..., "tab": "glossary", "term": "l2"}."""
    at = where or here()
    key = next(key for key, part in NAMED.items() if part == at.part)
    named = {key: at.name} if at.name else {}
    return {"v": str(VERSION)} | (named if named and key != "term" else {"tab": at.part, **named})


def read(given: Mapping[str, str]) -> str:
    """Go where an address says; what is of other pages is passed over. A sentence where it names what cannot be."""
    key = next((key for key in NAMED if key in given), "")
    tab = given.get("tab", "lessons")
    part: Part = NAMED[key] if key else next((part for part in PARTS if part == tab), "lessons")
    name = given.get(key, "")
    go(part, name if _NAME.fullmatch(name) else "")
    if (name and not here().name) or (not key and tab not in PARTS):
        return "This link names nothing that is on the Learn page, so its list is shown."
    return ""


def asks(given: Mapping[str, str]) -> bool:
    """Whether an address names a place of this page."""
    return any(key in given for key in KEYS)


def said() -> str:
    """The sentence about what was asked for last."""
    return str(st.session_state.get(SAID, ""))


def say(sentence: str) -> None:
    """Say something on the page until the visitor goes elsewhere."""
    st.session_state[SAID] = sentence
