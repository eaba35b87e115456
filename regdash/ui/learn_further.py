"""Below a lesson: ways to go on with everything filled in, the sources, and the next lesson."""

from dataclasses import replace
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Further, Lesson
from regdash.links import MOST_FIXED, REGULARIZATION, SEEDS, Address, Entry, fixable, lesson_text
from regdash.params import params_of
from regdash.regularizers import REGULARIZERS
from regdash.search.presets import SEARCH_PRESETS
from regdash.ui import (
    compare_state,
    learn_shelf,
    learn_state,
    room,
    search_start,
    session,
)
from regdash.ui.labels import literal

COMPARE, SEARCH = "pages/compare.py", "pages/search.py"
PARTS = ("data", "split", "network", "optimizer", "schedule", "training")


def draw(lesson: Lesson) -> None:
    """The buttons that lead on, and where it stands written; nothing without either."""
    ways(lesson)
    sources(lesson)


def ways(lesson: Lesson) -> None:
    """The buttons that lead on."""
    if lesson.further:
        st.html('<h2 class="rd-onward">Go on</h2>')
        with st.container(horizontal=True, gap="small", key="learn-further"):
            for place, each in enumerate(lesson.further):
                if st.button(f"{literal(each.say)} →", key=f"learn-further-{place}", help=_help(each)):
                    follow(lesson, each)
        if learn_state.said():
            st.html(f'<p class="rd-notice" role="alert">{escape(learn_state.said())}</p>')


def sources(lesson: Lesson) -> None:
    """Where it stands written."""
    if lesson.sources:
        items = "".join(f"<li>{escape(source)}</li>" for source in lesson.sources)
        st.html(f'<section class="rd-sources" aria-label="Sources"><h2>Sources</h2><ul>{items}</ul></section>')


def follow(lesson: Lesson, way: Further) -> None:
    """Open the page that a way leads to, with everything filled in."""
    if way.train:
        given = address(lesson, way)
        if room.current() is None:
            session.learn(given if given.teaches else None)
        session.choose(given)
        st.switch_page("app.py")
    if way.compare:
        _compare(lesson, way)
    if way.search:
        search_start.load(next(each for each in SEARCH_PRESETS if each.label == way.search))
        st.switch_page(SEARCH)
    if way.lesson:
        learn_state.visit("lessons", way.lesson)


def address(lesson: Lesson, way: Further) -> Address:
    """The state of the Train page in which a lesson goes on: with its baseline, and with what it locks and hides."""
    against = lesson.experiments.get(way.against)
    locked = tuple(name for name in lesson.locked if name in fixable())
    hidden = (*lesson.hidden, *(_rest(lesson, way.train) if lesson.shown else ()))
    hidden = tuple(dict.fromkeys(name for name in hidden if name in fixable() and name not in locked))[:MOST_FIXED]
    words = "".join(filter(str.isprintable, f"{lesson.title}. {way.say}.")) if locked or hidden else ""
    seeds = lesson.seeds
    return Address(
        lesson.experiments[way.train], seeds, against, seeds if against else 1, locked, hidden, lesson_text(words)
    )


def _rest(lesson: Lesson, name: str) -> list[str]:
    """Everything that a lesson which names what it shows neither shows nor locks."""
    seen = {*lesson.shown, *lesson.locked}
    experiment = lesson.experiments[name]
    found = [] if SEEDS in seen else [SEEDS]
    for place in PARTS:
        kind = type(experiment.parts[place])
        found += _unseen(place, [each.name for each in params_of(kind) if each.kind != "key"], seen)
    kinds = {kind.name: [each.name for each in params_of(kind)] for kind in REGULARIZERS}
    if not any(each.partition(".")[0] in (REGULARIZATION, *kinds) for each in seen):
        return [*found, REGULARIZATION]
    if REGULARIZATION not in seen:
        found += [name for place, names in kinds.items() for name in _unseen(place, names, seen)]
    return found


def _unseen(place: str, names: list[str], seen: set[str]) -> list[str]:
    """A part as a whole where nothing of it is seen, else its settings that are not."""
    if place in seen:
        return []
    paths = [f"{place}.{name}" for name in names]
    return [path for path in paths if path not in seen] if any(path in seen for path in paths) else [place]


def _compare(lesson: Lesson, way: Further) -> None:
    entries = [Entry(lesson.experiments[name], lesson.seeds, name=lesson.labels[name]) for name in way.compare]
    wanted = replace(compare_state.held(), entries=tuple(entries), reference=0)
    if problem := compare_state.refusal(wanted):
        learn_state.say(problem)
        st.rerun()
    compare_state.change(wanted)
    st.switch_page(COMPARE)


def _help(way: Further) -> str:
    if way.train:
        return "Opens the Train page with these settings."
    if way.compare:
        return "Opens the Compare page with these settings."
    return "Fills in the Search page." if way.search else "Opens another lesson."


def done(queue: Queue, lesson: Lesson, finished: bool) -> None:
    """The end of a lesson: that it is done, and the one after it."""
    following = learn_shelf.after(learn_shelf.shelf("lesson").lessons, lesson.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="learn-done"):
        if finished:
            st.html('<p class="rd-done" data-testid="rd-done" role="status">✓ Done</p>', width="content")
        elif st.button("Done", key="learn-finish", help="Marks the lesson as done in the list."):
            _finish(queue, lesson)
            st.rerun()
        if following is not None and st.button(
            f"Next: {literal(following.title)} →", key="learn-next", type="primary", help="Also marks this one as done."
        ):
            if not finished:
                _finish(queue, lesson)
            learn_state.go("lessons", following.name)
            st.rerun()


def _finish(queue: Queue, lesson: Lesson) -> None:
    try:
        queue.learning.finish(session.owner(), lesson.name)
    except RegdashError as error:
        learn_state.say(str(error))
