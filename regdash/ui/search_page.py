"""The Search page: what is searched beside it, ready-made searches above, then the search that is open."""

from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.experiment import Experiment, differences
from regdash.jobs.queue import Queue
from regdash.ui import (
    lesson_card,
    search_form,
    search_live,
    search_mine,
    search_start,
    search_state,
    search_tutorial,
    session,
)
from regdash.ui.rows import missing
from regdash.ui.search_sketch import checked, sketch_of

EMPTY = (
    "Tick on the left what is to be searched and press Start, or take one of the ready-made searches above. "
    "All trials are trained together; the search goes on when you close the page."
)
MOST_NAMED = 6  # settings of the draft that are named


def form(queue: Queue) -> None:
    """The form beside the page."""
    _take_over(queue)
    experiment = session.draft().experiment
    lesson_card.draw()
    with st.container(key="search-base", gap=None):
        st.html(f'<p class="rd-said">Searches around <em>{escape(in_words(experiment))}</em>.</p>')
        st.page_link("app.py", label="Change it on the Train page", width="content")
    search_form.draw(checked(search_state.sketch(), experiment)[1])


def draw(queue: Queue) -> None:
    """The page itself; a store that cannot be read is a sentence."""
    with st.container(horizontal=True, gap="small", key="chips"):
        search_start.presets()
    gap = missing(session.draft().experiment)
    search_start.draw(queue, gap.sentence if gap else "")
    try:
        if search_state.opened():
            search_live.draw(queue, search_state.opened())
        else:
            _empty(queue)
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')
    search_tutorial.draw()


def in_words(experiment: Experiment) -> str:
    """The draft of the Train page in a line: the data set, and what differs from the default experiment."""
    found = [f"{each.label} {each.after}" for each in differences(Experiment(), experiment) if each.path != "data"]
    more = f", and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    head = f"{experiment.data.label}, {experiment.network.label}, {experiment.optimizer.label}"
    return f"{head} with {', '.join(found[:MOST_NAMED])}{more}" if found else head


def _take_over(queue: Queue) -> None:
    """After a reload the fields show the search that the address names."""
    if not (search_state.untouched() and search_state.opened()):
        return
    try:
        view = queue.searches.view(search_state.opened())
    except RegdashError:
        return
    if view is not None and view.plan.space.base == session.draft().experiment:
        search_state.put(sketch_of(view.plan))


def _empty(queue: Queue) -> None:
    with st.container(key="search-empty"):
        st.html(f'<div class="rd-absent"><h2>Which setting is best?</h2><p>{EMPTY}</p></div>')
        search_mine.rows(queue)
