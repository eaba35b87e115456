"""The search that is open: it polls while trials move, and draws what they have found."""

import time
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.jobs.searches import SearchView
from regdash.links import Address
from regdash.ui import search_answer, search_bar, search_state, search_trials, search_views, session
from regdash.ui.fragments import rerun_every, rerun_fragment, this_fragment
from regdash.ui.pace import crowd

BETWEEN = 1.0  # seconds between two drawings of all charts while trials move
GONE = (
    "This search is not on this server: it has been deleted, or it was made on another one. "
    "Take one of your searches from the menu, or start a new one."
)


def draw(queue: Queue, search: str) -> None:
    """Draw the search, and keep drawing while it moves."""
    with st.container(key="search-area"):
        st.fragment(_area)(queue, search, session.draft())


@dataclass
class _Shown:
    """What the area shows, so that its pulse sees when there is more."""

    fragment: str
    stamp: tuple[str, ...]
    at: float
    whole: bool = False

    def outdated(self, found: "_Found") -> bool:
        """Whether there is more, and a pause has passed since the drawing."""
        pause = max(BETWEEN, crowd.between_drawings()) if found.moving else 0.0
        return (found.stamp != self.stamp or not self.whole) and time.monotonic() - self.at >= pause


@dataclass(frozen=True)
class _Found:
    """The search that is open, and all that race with it, as they stand."""

    view: SearchView
    racers: tuple[SearchView, ...]

    @property
    def moving(self) -> bool:
        return any(search_bar.moving(each) for each in (self.view, *self.racers))

    @property
    def stamp(self) -> tuple[str, ...]:
        return tuple(each.version for each in (self.view, *self.racers))


def _area(queue: Queue, search: str, address: Address) -> None:
    """All that shows the search."""
    if session.draft() != address or search_state.opened() != search or search_state.renewed():
        st.rerun()  # the form has to follow
    found = _look(queue, search)
    if found is None:
        return
    view, shown = found.view, _Shown(this_fragment(), found.stamp, time.monotonic())
    st.fragment(_pulse)(queue, search, address, shown, [found])
    left, right = st.columns([1.75, 1], gap="small")
    with left:
        search_views.draw(view, found.racers)
    with right:
        search_trials.draw(queue, view.plan, {each.number: each for each in view.trials}, view.id)
        search_answer.draw(queue, view)
    shown.whole = True


def _pulse(queue: Queue, search: str, address: Address, shown: _Shown, first: list[_Found]) -> None:
    """How far the search is, and what can be done with it. While it moves it has the area drawn anew."""
    if session.draft() != address or search_state.opened() != search or search_state.renewed():
        st.rerun()
    began, again = time.monotonic(), not first
    found = first.pop() if first else _look(queue, search)
    if found is None:
        return None
    if again and shown.outdated(found):
        return rerun_fragment(shown.fragment)
    search_bar.draw(queue, found.view)
    crowd.note(session.owner(), found.moving, time.monotonic() - began)
    return rerun_every(crowd.interval() if found.moving or shown.stamp != found.stamp else None)


def _look(queue: Queue, search: str) -> _Found | None:
    """The search and its race as they stand; a sentence where they cannot be had."""
    try:
        view = queue.searches.view(search)
        ids = queue.searches.race_of(view.race) if view is not None and view.race else []
        racers = [view if each == search else queue.searches.view(each) for each in ids]
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')
        return None
    if view is None:
        st.html(f'<p class="rd-notice" role="status" data-testid="rd-search-gone">{GONE}</p>')
        return None
    return _Found(view, tuple(each for each in racers if each is not None))
