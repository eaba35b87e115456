"""The live part of the Compare page: it polls while runs move and draws what there is."""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.links import Comparison
from regdash.ui import (
    compare_bar,
    compare_charts,
    compare_chips,
    compare_files,
    compare_runs,
    compare_state,
    compare_table,
    compare_verdicts,
    session,
)
from regdash.ui.compare_runs import Lanes
from regdash.ui.fragments import rerun_every, rerun_fragment, this_fragment
from regdash.ui.pace import crowd

BETWEEN = 1.0  # seconds between two drawings of all charts while runs move
WAIT = 0.02  # seconds between two looks at runs that are nearly done


@dataclass
class _Shown:
    """What the area shows, so that its pulse sees when there is more."""

    fragment: str
    stamp: tuple[Hashable, ...]
    at: float
    whole: bool = False

    def outdated(self, found: Lanes) -> bool:
        """Whether there is more, and a pause has passed since the drawing."""
        pause = max(BETWEEN, crowd.between_drawings()) if found.moving else 0.0
        return (found.stamp != self.stamp or not self.whole) and time.monotonic() - self.at >= pause


def draw(queue: Queue, comparison: Comparison) -> None:
    """Draw the runs, and keep drawing while they move."""
    with st.container(key="compare-area"):
        st.fragment(_area)(queue, comparison)


def take_orders(queue: Queue, comparison: Comparison) -> None:
    """Train what is missing, if a button has asked for it; short runs are waited for and drawn once."""
    if not compare_bar.ordered():
        return
    try:
        compare_state.say(compare_runs.train(queue, compare_runs.look(queue, comparison)))
        end = time.monotonic() + crowd.patience()
        while time.monotonic() < end and compare_runs.look(queue, comparison).moving:
            time.sleep(WAIT)
    except RegdashError as error:
        compare_state.say(str(error))


def _area(queue: Queue, comparison: Comparison) -> None:
    """All that shows the runs."""
    if compare_state.held() != comparison or compare_bar.ordered(taken=False):
        st.rerun()  # what stands beside the page has to follow
    try:
        found = compare_runs.look(queue, comparison)
    except RegdashError as error:
        return _notice(str(error))
    shown = _Shown(this_fragment(), found.stamp, time.monotonic())
    compare_chips.draw(found)
    st.fragment(_pulse)(queue, comparison, shown, [found])
    compare_charts.losses(found)
    compare_verdicts.draw(found)
    compare_charts.details(found)
    compare_table.draw(found)
    compare_files.draw(queue, found)
    shown.whole = True
    return None


def _pulse(queue: Queue, comparison: Comparison, shown: _Shown, first: list[Lanes]) -> None:
    """How far the runs are, and what can be done with them. While they move it has the area drawn anew."""
    if compare_state.held() != comparison or compare_bar.ordered(taken=False):
        st.rerun()
    began, again = time.monotonic(), not first
    try:
        found = first.pop() if first else compare_runs.look(queue, comparison)
    except RegdashError as error:
        return _notice(str(error))
    if again and shown.outdated(found):
        return rerun_fragment(shown.fragment)
    compare_bar.draw(queue, found)
    crowd.note(session.owner(), found.moving, time.monotonic() - began)
    return rerun_every(crowd.interval() if found.moving or shown.stamp != found.stamp else None)


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
