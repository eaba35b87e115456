"""What tutorials get wrong: cards by topic with a search field, and one of them opened, run and put right."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.lessons.demos import DEMOS
from regdash.lessons.lesson import Lesson, Place, Text
from regdash.ui import learn_blocks, learn_further, learn_shelf, learn_state, learn_topics
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
        found = learn_topics.opened(queue, "mistake", PART, name, "All cards", GONE)
        return _card(queue, found) if found is not None else None


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
    groups = learn_topics.by_topic(learn_shelf.shelf("mistake").lessons, TOPICS)
    following = learn_shelf.after([each for _, cards in groups for each in cards], card.name)
    if following is not None:
        words = f"Next: “{literal(following.title)}” →"
        st.button(words, key="mistake-next", type="tertiary", on_click=learn_state.go, args=(PART, following.name))


def _list() -> None:
    cards = learn_topics.listed("mistake", EMPTY)
    if not cards:
        return
    st.html(f'<p class="rd-ask">{LEAD}</p>')
    words = _search()
    found = find(cards, words)
    st.html(f'<p class="rd-caption" role="status">{escape(_counted(len(found), len(cards), words))}</p>')
    for place, (topic, own) in enumerate(learn_topics.by_topic(found, TOPICS)):
        st.html(f'<h2 class="rd-onward">{escape(topic)} <span class="rd-count">{len(own)}</span></h2>')
        with st.container(key=f"mistake-cards-{place}"):
            for each in own:
                learn_topics.row("mistake", PART, each, f"“{each.title}”", each.question)


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
