"""The searches of a visitor, to be opened again."""

from collections.abc import Sequence
from functools import partial
from statistics import median

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.jobs.searches import SearchSummary
from regdash.ui import search_state, session
from regdash.ui.kept import kept
from regdash.ui.search_words import counted, expected_seconds, title

MOST = 20  # that are listed
LAST, LEAST, FARTHEST = 5, 1.0, 50.0  # searches that tell the pace, seconds of one that does, and how far it may be off


def menu(found: Sequence[SearchSummary]) -> None:
    """The list behind a button; nothing while there is none."""
    if found:
        with st.popover(f"Your searches ({len(found)})", key="search-mine"):
            _rows(found, "menu")


def rows(queue: Queue) -> None:
    """The same on the empty page."""
    found = mine(queue)
    if found:
        st.html('<p class="rd-caption">Your searches:</p>')
        _rows(found, "page")


def mine(queue: Queue) -> list[SearchSummary]:
    """The searches of this visitor, the newest first; none where they cannot be read."""
    try:
        return list(queue.searches.mine(session.sessions()))
    except RegdashError:
        return []


def pace(found: Sequence[SearchSummary]) -> float:
    """How many times as long as expected the last whole searches took; 1 while there are none."""
    whole = [each for each in found if each.state == "done" and each.spent >= LEAST and not each.plan.seconds][:LAST]
    times = [each.spent / kept(("expected", each.id), partial(_expected, each)) for each in whole]
    return min(max(median(times), 1 / FARTHEST), FARTHEST) if times else 1.0


def in_words(each: SearchSummary) -> str:
    """'Grid: Dropout × L2 strength, 25 trials'; a running one may have ended since."""
    ended = "" if each.state == "running" else f", {each.state}"
    return f"{title(each.plan)}, {counted(each.total, 'trial')}{ended}"


def _expected(each: SearchSummary) -> float:
    return max(expected_seconds(each.plan, each.plan.space.programs(each.plan.total)), 1e-3)


def _rows(found: Sequence[SearchSummary], where: str) -> None:
    for each in found[:MOST]:
        here = each.id == search_state.opened()
        st.button(
            in_words(each),
            key=f"search mine {where} {each.id}",
            type="secondary" if here else "tertiary",
            disabled=here,
            on_click=search_state.open_search,
            args=(each.id,),
        )
