"""What one session remembers about its Runs page: what is looked for, which rows are chosen, what is open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from regdash.ui.keys import chosen as chosen_in
from regdash.ui.keys import key_for, moved
from regdash.ui.runs_choice import Choice

CHOICE = "runs choice"
PLACE = "runs place"  # "" for the visitor's own, or the id of a room
MARKED = "runs marked"  # the keys of the rows that are ticked
OPENED = "runs opened"  # the key of the row whose details are open
DELETED = "runs deleted"  # the keys that were deleted last, to be had back by Undo
SAID = "runs said"  # what has just been done
REFUSED = "runs refused"  # place -> the sentence of a store that would not do it
TYPED = "runs typed"  # (key, name, tags, note) of details that were refused, so that nothing typed is lost


def choice() -> Choice:
    """What is looked for."""
    found: Choice = st.session_state.get(CHOICE, Choice())
    return found


def choose(**changes: Any) -> None:
    """Look for something else; back to the first page, unless the page itself is turned."""
    st.session_state[CHOICE] = replace(choice(), **({"page": 0} | changes))


def bound(name: str) -> dict[str, Any]:
    """The key and the callback of a widget that shows and changes one field of the choice."""
    field = getattr(choice(), name)
    shows = list(field) if isinstance(field, tuple) else field
    widget = f"runs {name}"

    def changed() -> None:
        if moved(widget, shows):
            found = chosen_in(widget)
            choose(**{name: tuple(found) if isinstance(found, list) else found})

    return {"key": key_for(widget, shows), "on_change": changed}


def place() -> str:
    """Whose runs are shown: empty for the visitor's own, or the id of a room."""
    return str(st.session_state.get(PLACE, ""))


def go(room: str) -> None:
    """Show the runs of a room, or the visitor's own."""
    st.session_state[PLACE] = room
    mark(())
    choose()


def marked() -> tuple[str, ...]:
    """The keys of the rows that are ticked, in the order of ticking."""
    found: tuple[str, ...] = st.session_state.get(MARKED, ())
    return found


def mark(keys: Sequence[str]) -> None:
    """Tick these rows and no others."""
    st.session_state[MARKED] = tuple(dict.fromkeys(keys))


def tick(key: str, wanted: bool) -> None:
    """Tick a row, or no longer."""
    others = tuple(each for each in marked() if each != key)
    mark((*others, key) if wanted else others)


def opened() -> str:
    """The key of the row whose details are open."""
    return str(st.session_state.get(OPENED, ""))


def open_row(key: str) -> None:
    """Open the details of a row, or close them when they are open."""
    st.session_state[OPENED] = "" if key == opened() else key
    st.session_state.pop(TYPED, None)


def say(sentence: str, deleted: Sequence[str] = ()) -> None:
    """Say what has been done, until something else is; what was deleted can be had back beside it."""
    st.session_state[SAID], st.session_state[DELETED] = sentence, tuple(deleted)
    st.session_state[REFUSED] = {}


def said() -> tuple[str, tuple[str, ...]]:
    """What was done last, and the keys that it deleted."""
    return str(st.session_state.get(SAID, "")), tuple(st.session_state.get(DELETED, ()))


def refuse(place: str, sentence: str) -> None:
    """Keep the sentence of a store that would not do something, to stand beside what caused it."""
    st.session_state[REFUSED] = {place: sentence}


def refusal(place: str) -> str:
    """The sentence beside that place, or nothing."""
    return str(st.session_state.get(REFUSED, {}).get(place, ""))
