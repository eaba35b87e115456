"""The runs of a lesson: asking for them, how far they are, and the gate before what they show."""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Block, Lesson
from regdash.ui import compare_bar, compare_runs, learn_live, learn_state, session
from regdash.ui.fragments import rerun_every, rerun_fragment
from regdash.ui.learn_runs import Found, look
from regdash.ui.pace import crowd

ORDERED = "learn ordered"  # True from the press of a button that asks for runs until they are asked for
WITHOUT = "learn without runs"  # the name of the lesson that is read though runs are missing
WAIT = 0.02  # seconds between two looks at runs that are nearly done


def order() -> None:
    """Have what is missing trained."""
    st.session_state[ORDERED] = True


def ordered(taken: bool = True) -> bool:
    """Whether a button has just asked for runs; `taken` by whoever asks for them now."""
    return bool(st.session_state.pop(ORDERED, False) if taken else st.session_state.get(ORDERED, False))


def take_orders(queue: Queue, lesson: Lesson) -> None:
    """Train what is missing, if a button has asked for it; short runs are waited for and drawn once."""
    if not ordered():
        return
    try:
        if refused := compare_runs.train(queue, look(queue, lesson).lanes):
            learn_state.say(refused)
            return
        learn_state.say("")
        end = time.monotonic() + crowd.patience()
        while time.monotonic() < end and look(queue, lesson).lanes.moving:
            time.sleep(WAIT)
    except RegdashError as error:
        learn_state.say(str(error))


def promise(found: Found) -> str:
    """What an answer begins, in a sentence; nothing where nothing has to be trained."""
    lanes = found.lanes
    if not lanes.wanted:
        return ""
    if not lanes.lacking:
        return "The networks are trained already." if not lanes.moving else "The networks are being trained."
    runs = "1 network is" if lanes.lacking == 1 else f"{lanes.lacking} networks are"
    seconds = compare_runs.seconds(lanes)
    about = f", which takes about {seconds:.0f} s" if seconds >= 1 else ""
    return f"Then {runs} trained{about}."


@dataclass
class Gate:
    """Before the first block that needs runs: open once they are here, else how far they are and what they show."""

    queue: Queue
    found: Found
    fragment: str
    drawn: bool = False

    def passed(self, ahead: Sequence[Block]) -> bool:
        """Whether the reader may go on to the blocks ahead; draws the line where not, or where runs are missing."""
        if self.found.complete:
            return True
        passing = st.session_state.get(WITHOUT) == self.found.lesson.name and not self.found.lanes.moving
        if not self.drawn:
            self.drawn = True
            shown = _Shown(self.fragment, self._stamp)
            st.fragment(_pulse)(self.queue, self.found.lesson, shown, [self.found], ahead)
        return passing

    @property
    def _stamp(self) -> tuple[Hashable, ...]:
        return (self.found.lanes.moving, self.found.lanes.stamp)


@dataclass(frozen=True)
class _Shown:
    """What the area shows, so that its pulse sees when there is more."""

    fragment: str
    stamp: tuple[Hashable, ...]

    def outdated(self, found: Found) -> bool:
        """Whether the runs have ended, or have changed while nothing moved."""
        moving, stamp = self.stamp
        return not found.lanes.moving and (bool(moving) or stamp != found.lanes.stamp)


def _pulse(queue: Queue, lesson: Lesson, shown: _Shown, first: list[Found], ahead: Sequence[Block]) -> None:
    """How far the runs are. While they move it looks after them, and has the area drawn anew when they have ended."""
    if ordered(taken=False):
        st.rerun()
    began, again = time.monotonic(), not first
    try:
        found = first.pop() if first else look(queue, lesson)
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')
        return None
    if again and shown.outdated(found):
        return rerun_fragment(shown.fragment)
    _draw(queue, found)
    if found.lanes.moving:
        learn_live.draw(found, ahead)
    crowd.note(session.owner(), found.lanes.moving, time.monotonic() - began)
    return rerun_every(crowd.interval() if found.lanes.moving else None)


def _draw(queue: Queue, found: Found) -> None:
    lanes, name = found.lanes, found.lesson.name
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.html(compare_bar.line(queue, lanes, "rd-learn-state"), width="stretch")
        if lanes.moving:
            help = "Stop; what has been trained is kept."
            st.button("Cancel", key="learn-cancel", on_click=_cancel, args=(queue, found), help=help)
        elif lanes.lacking:
            words = "Run it" if not found.begun else "Run what is missing"
            st.button(words, key="learn-run", type="primary", on_click=order)
            if st.session_state.get(WITHOUT) != name and st.button(
                "Read on without the runs", key="learn-without", type="tertiary", on_click=_pass, args=(name,)
            ):
                st.rerun()


def _cancel(queue: Queue, found: Found) -> None:
    learn_state.say(compare_runs.cancel(queue, found.lanes))


def _pass(name: str) -> None:
    st.session_state[WITHOUT] = name
