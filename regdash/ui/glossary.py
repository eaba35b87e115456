"""The glossary of the Learn page: one group of terms at a time, or what a search finds; every term has its address."""

from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.lessons.glossary import Term, find, glossary, groups, named
from regdash.settings import site
from regdash.ui import learn_shelf, learn_state
from regdash.ui.labels import literal

GROUP, WORDS = "glossary group", "glossary words"  # what the visitor has chosen and typed
MOST = 30  # terms that are drawn at once
GONE = "There is no such term in the glossary; look for it in other words, or go through a group."
NOTHING = "No term has these words. Try fewer letters, or go through a group."


def draw(_queue: Queue) -> None:
    """The search field, the groups, and the terms."""
    terms, name = glossary(site() / "assets"), learn_state.here().name
    opened = named(terms, name) if name else None
    if opened is not None:
        st.session_state[GROUP], st.session_state[WORDS] = opened.group, ""
    with st.container(key="glossary", gap="small"):
        words = _search()
        group = _groups(terms, bool(words))
        if name and opened is None:
            _said(GONE, "alert")
        found = find(terms, words) if words else tuple(each for each in terms if each.group == group)
        _said(_counted(found, group, words))
        _cards(_first(found[:MOST], opened), opened)


def _search() -> str:
    """Draw the search field; returns what stands in it."""
    widget = "glossary search"
    st.session_state[widget] = st.session_state.get(WORDS, "")

    def changed() -> None:
        st.session_state[WORDS] = st.session_state[widget].strip()
        learn_state.go("glossary")

    st.text_input(
        "Search the glossary",
        key=widget,
        max_chars=80,
        placeholder="ridge, k-fold, val_loss, Adam …",
        help="Other words for a term find it too, such as ridge for L2.",
        on_change=changed,
    )
    return str(st.session_state[widget])


def _groups(terms: tuple[Term, ...], searched: bool) -> str:
    """Draw the groups; returns the one that is chosen. While something is searched none is."""
    there, widget = groups(terms), "glossary groups"
    now = st.session_state.get(GROUP)
    now = now if now in there else there[0]
    st.session_state[widget] = None if searched else now

    def changed() -> None:
        st.session_state[GROUP], st.session_state[WORDS] = st.session_state[widget] or now, ""
        learn_state.go("glossary")

    st.pills("Group of terms", there, key=widget, label_visibility="collapsed", on_change=changed)
    return str(now)


def _first(found: tuple[Term, ...], opened: Term | None) -> tuple[Term, ...]:
    """The term that was asked for before its neighbours."""
    if opened is None:
        return found
    return (opened, *(each for each in found if each is not opened))


def _cards(found: tuple[Term, ...], opened: Term | None) -> None:
    titles = {each.name: each.title for each in learn_shelf.shelf("lesson").lessons}
    with st.container(key="glossary-cards"):
        for each in found:
            state = "open" if each is opened else "term"
            with st.container(key=f"glossary-{state}-{each.name}", gap=None):
                _card(each, titles.get(each.lesson, ""))


def _card(term: Term, title: str) -> None:
    """A term: its name leads to its address, the lesson below to where it is shown."""
    st.button(
        literal(term.term),
        key=f"glossary-name-{term.name}",
        type="tertiary",
        help="Puts this term into the address, so that you can pass it on.",
        on_click=learn_state.go,
        args=("glossary", term.name),
    )
    formula = f"\n\n$$\n{term.formula}\n$$" if term.formula else ""
    st.markdown(literal(term.text) + formula)
    if term.also:
        st.html(f'<p class="rd-also">Also: {escape(", ".join(term.also))}</p>')
    if title:
        st.button(
            f"Lesson: {literal(title)} →",
            key=f"glossary-lesson-{term.name}",
            type="tertiary",
            on_click=learn_state.go,
            args=("lessons", term.lesson),
        )


def _counted(found: tuple[Term, ...], group: str, words: str) -> str:
    if not found:
        return NOTHING
    terms = "1 term" if len(found) == 1 else f"{len(found)} terms"
    shown = f", the nearest {MOST} of which are shown" if len(found) > MOST else ""
    return f"{terms} for “{words}”{shown}" if words else f"{terms} in {group}"


def _said(sentence: str, role: str = "status") -> None:
    st.html(f'<p class="rd-caption" role="{role}">{escape(sentence)}</p>')
