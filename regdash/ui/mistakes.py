"""What tutorials get wrong: cards by topic with a search field, and one of them opened, run and put right."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.demos import DEMOS
from regdash.lessons.lesson import Lesson, Place, Text
from regdash.ui import learn_blocks, learn_further, learn_lesson, learn_shelf, learn_state
from regdash.ui.labels import literal

PART: learn_state.Part = "mistakes"
WORDS = "mistakes words"  # what the visitor is looking for
TOPICS = ("Training and validation", "Penalties", "Dropout", "Optimizers", "Searching", "Words")
"""The topics in their order; any other one comes after them."""
LEAD = (
    "Each card holds a sentence or a listing as it is commonly printed, runs it, and puts it right with its source. "
    "The tutorials are not named: the same errors stand in many."
)
GONE = "There is no such card; the list has all that there are."
EMPTY = "This server has no cards yet; the lessons and the glossary are beside."
NOTHING = "No card has these words. Try fewer letters, or clear the search to see all cards."


def draw(queue: Queue, name: str) -> None:
    """The list, or the card that is open."""
    if not name:
        return _list()
    with st.container(key="learn-lesson", gap="small"):
        learn_lesson.back("All cards", PART)
        try:
            found = learn_shelf.lesson_named(queue, "mistake", name)
        except RegdashError as error:
            return _notice(str(error))
        return _card(queue, found) if found is not None else _notice(GONE)


def find(cards: Sequence[Lesson], words: str) -> tuple[Lesson, ...]:
    """The cards in which every one of some words stands, in their order; all of them for no words."""
    wanted = words.casefold().split()
    return tuple(each for each in cards if all(word in _searched(each) for word in wanted))


def _searched(card: Lesson) -> str:
    """All that a reader of the card can read, listings of demonstrations among it."""
    texts = [block.markdown for block in card.blocks if isinstance(block, Text)]
    run = {block.words[0] for block in card.blocks if isinstance(block, Place) and block.kind == "demo"}
    listings = [demo.code for demo in DEMOS if demo.name in run]
    return " ".join((card.title, card.topic, card.question, card.code, card.right, *texts, *listings)).casefold()


def _card(queue: Queue, card: Lesson) -> None:
    """The claim, what happens when it is run, the right statement with its sources, and the ways on."""
    st.html(
        f'<header class="rd-lesson-head"><p class="rd-caption">{escape(card.topic)} · as it is commonly printed</p>'
        f'<h1>“{escape(card.title)}”</h1><p class="rd-lead">{escape(card.question)}</p></header>'
    )
    if card.code:
        st.html('<h2 class="rd-onward">As it is printed</h2>')
        st.code(card.code, language="python", wrap_lines=True)
    st.html('<h2 class="rd-onward">What happens when it is run</h2>')
    learn_blocks.draw(queue, card)
    with st.container(key="mistake-right", gap="small"):
        st.html('<h2 class="rd-onward">Right</h2>')
        st.markdown(card.right)
        learn_further.sources(card)
    learn_further.ways(card)
    _next(card)


def _next(card: Lesson) -> None:
    """The card after this one in the list."""
    listed = [each for _, cards in _grouped(learn_shelf.shelf("mistake").lessons) for each in cards]
    place = next((at for at, each in enumerate(listed) if each.name == card.name), len(listed))
    if place + 1 < len(listed):
        following = listed[place + 1]
        words = f"Next: “{literal(following.title)}” →"
        st.button(words, key="mistake-next", type="tertiary", on_click=learn_state.go, args=(PART, following.name))


def _list() -> None:
    shelf = learn_shelf.shelf("mistake")
    for sentence in shelf.faults:
        _notice(sentence)
    if not shelf.lessons:
        st.html(f'<p class="rd-caption">{EMPTY}</p>')
        return
    st.html(f'<p class="rd-ask">{LEAD}</p>')
    words = _search()
    found = find(shelf.lessons, words)
    st.html(f'<p class="rd-caption" role="status">{escape(_counted(len(found), len(shelf.lessons), words))}</p>')
    for place, (topic, cards) in enumerate(_grouped(found)):
        st.html(f'<h2 class="rd-onward">{escape(topic)} <span class="rd-count">{len(cards)}</span></h2>')
        with st.container(key=f"mistake-cards-{place}"):
            for each in cards:
                _row(each)


def _search() -> str:
    """Draw the search field; returns what stands in it, which stays while a card is read."""
    widget = "mistakes search"
    st.session_state[widget] = st.session_state.get(WORDS, "")

    def changed() -> None:
        st.session_state[WORDS] = st.session_state[widget].strip()

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="mistakes-search"):
        st.text_input(
            "Search the cards",
            key=widget,
            max_chars=80,
            placeholder="lbfgs, np.sign, dropout, 权重 …",
            help="Also finds words of the listings and of the right statements.",
            on_change=changed,
        )
        if st.session_state[widget]:
            st.button("Clear", key="mistakes-clear", type="tertiary", on_click=_clear, help="Show all cards again.")
    return str(st.session_state[widget])


def _clear() -> None:
    st.session_state[WORDS] = ""


def _counted(found: int, total: int, words: str) -> str:
    if not words:
        return f"{total} cards" if total != 1 else "1 card"
    return f"{found} of {total} cards for “{words}”" if found else NOTHING


def _grouped(cards: Sequence[Lesson]) -> list[tuple[str, list[Lesson]]]:
    """The cards of each topic that has any, in the order of TOPICS."""
    topics = dict.fromkeys((*TOPICS, *(each.topic for each in cards)))
    groups = [(topic, [each for each in cards if each.topic == topic]) for topic in topics]
    return [(topic, found) for topic, found in groups if found]


def _row(card: Lesson) -> None:
    with st.container(key=f"learn-card-mistake-{card.name}", gap=None):
        st.button(
            f"“{literal(card.title)}”",
            key=f"learn-open-mistake-{card.name}",
            type="tertiary",
            on_click=learn_state.go,
            args=(PART, card.name),
        )
        st.html(f'<p class="rd-ask">{escape(card.question)}</p>')


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
