"""What one visitor's session remembers: the draft, what it was before, and the faults in what was typed."""

import re
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.errors import BrokenLink, InvalidExperiment
from regdash.experiment import Experiment
from regdash.links import EMBEDDING, Address, from_address, to_address
from regdash.ui import compare_state, learn_state, visitor
from regdash.ui import lesson as lessons

DRAFT = "draft"  # Address: the experiment being edited, its seeds and its baseline
PAST = "past"  # earlier drafts, the newest last
FAULTS = "faults"  # path -> (what was typed, what is wrong with it)
WRITTEN = "written"  # the query parameters as this session wrote them last
WRITER = "writer"  # the title of the page that wrote them
BROKEN = "broken"  # a sentence above the page: about a link that could not be read, or what the lesson refuses
ADDED = "added"  # names of the regularisers that the visitor has added, also while they are at 0
NOTES = "notes"  # (place, sentences): what else the last change of a menu has changed
VISITOR = "visitor"  # who it is: the secret of the browser and the ids made from it
ACTING = "acting"  # the id under which runs are asked for
LESSON = "lesson"  # Address: what is fixed and what a reset goes back to; None outside a lesson
IN_ROOM = "in room"  # the class the visitor is in, see room.py
INVITED = "invited"  # the code of a class in the link that was opened
AUTO = "auto"  # True, False, or None while the visitor has not chosen
PAGE = "page"  # the title of the page that is shown
EMBEDDED = "embedded"  # the query parameters that say what an embedded page shows
OPENED = "opened search"  # the id of the search that the Search page shows, which its address carries

MOST_UNDO = 50
ROOM = "room"  # the query parameter that invites into a class
LONGEST_CODE = 16
LONGEST_LIST = 600  # letters of what an embedded page asks for
SEARCH = "search"  # the query parameter that names a search
OWN_ADDRESS = {compare_state.PAGE: compare_state, learn_state.PAGE: learn_state}  # pages that show no draft


def begin() -> None:
    """Make everything that a session remembers, when it begins."""
    state = st.session_state
    if DRAFT not in state:
        state[DRAFT], state[PAST], state[FAULTS], state[AUTO] = Address(), (), {}, None
        state[VISITOR], state[BROKEN], state[WRITTEN] = visitor.recognise(), "", {}
        state[ADDED], state[NOTES], state[LESSON], state[INVITED] = (), ("", ()), None, ""
        state[ACTING], state[OPENED], state[EMBEDDED] = state[VISITOR].sessions[0], "", {}
        state[WRITER] = ""


def start() -> None:
    """Begin, and read the address."""
    begin()
    follow_address()


def follow_address() -> None:
    """Read the address when the session begins, when the visitor goes back or forward, and at a link to a lesson.

    At all other times the draft is the truth: a browser that is quick sends the address of the draft before.
    """
    state = st.session_state
    given = st.query_params.to_dict()
    first = not state[WRITTEN]
    if given and given != state[WRITTEN] and (first or _moved_in_history() or _led_to_lesson(given)):
        state[INVITED] = given.pop(ROOM, state[INVITED])[:LONGEST_CODE]
        state[EMBEDDED] = {key: given.pop(key)[:LONGEST_LIST] for key in EMBEDDING if key in given}
        named = given.pop(SEARCH, state[OPENED])
        state[OPENED] = named if re.fullmatch("[0-9a-f]{32}", named) else ""
        own = OWN_ADDRESS.get(state.get(PAGE, ""))
        if own is not None:
            state[BROKEN] = own.read(given)
        elif given or not first:
            _read(given)
        state[PAST] = () if first else state[PAST]
    write_address()


def write_address() -> None:
    """Let the address carry the draft, so that a reload or a copied link finds the same state."""
    invited = st.session_state[INVITED]
    own = OWN_ADDRESS.get(st.session_state.get(PAGE, ""))
    link = own.link() if own is not None else to_address(draft())
    link |= ({ROOM: invited} if invited else {}) | st.session_state[EMBEDDED]
    if st.session_state.get(PAGE) == "Search" and st.session_state[OPENED]:
        link[SEARCH] = st.session_state[OPENED]
    if st.query_params.to_dict() != link:
        st.query_params.from_dict(link)
    st.session_state[WRITTEN], st.session_state[WRITER] = link, st.session_state.get(PAGE, "")


def draft() -> Address:
    """The page's state as it is being edited."""
    address: Address = st.session_state[DRAFT]
    return address


def owner() -> str:
    """The id under which runs are asked for and cancelled."""
    return str(st.session_state[ACTING])


def sessions() -> tuple[str, ...]:
    """All ids of this visitor: whoever has signed in is also still the visitor of this browser."""
    found: tuple[str, ...] = st.session_state[VISITOR].sessions
    return found


def act_as(session: str) -> None:
    """Ask for runs under this id of the visitor's from now on."""
    st.session_state[ACTING] = session


def change(address: Address) -> None:
    """Make this the draft; what it was before can be had back by `undo`. What the lesson fixes stays as it is."""
    wanted = _obeying(address)
    if wanted is None:
        return
    if wanted != draft():
        st.session_state[PAST] = (*st.session_state[PAST], draft())[-MOST_UNDO:]
        st.session_state[DRAFT] = wanted
    st.session_state[BROKEN], st.session_state[NOTES] = "", ("", ())


def edit(experiment: Experiment) -> None:
    """Make this the experiment of the draft."""
    change(replace(draft(), experiment=experiment))


def undo() -> None:
    """Take the last change back."""
    past = st.session_state[PAST]
    if past:
        st.session_state[PAST] = past[:-1]
        st.session_state[DRAFT] = _obeying(past[-1]) or draft()
    _forget()


def reset() -> None:
    """Back to the lesson, or to the default experiment; the baseline stays."""
    _forget()
    given = lesson() or Address()
    change(replace(draft(), experiment=given.experiment, seeds=given.seeds))


def lesson() -> Address | None:
    """What the visitor has been given to work on, and what of it is fixed; None outside a lesson."""
    given: Address | None = st.session_state[LESSON]
    return given


def learn(given: Address | None) -> None:
    """Obey this lesson from now on, or none; the draft keeps what the lesson leaves free."""
    st.session_state[LESSON] = given
    wanted = _obeying(draft())
    st.session_state[DRAFT] = wanted or given or draft()
    _forget()


def choose(address: Address) -> None:
    """Make a ready-made state the draft."""
    _forget()
    change(address)


def pin() -> None:
    """Make the experiment of the draft the baseline."""
    change(replace(draft(), baseline=draft().experiment, baseline_seeds=draft().seeds))


def unpin() -> None:
    """Compare with nothing any more."""
    change(replace(draft(), baseline=None, baseline_seeds=1))


def refuse(path: str, typed: Any, error: InvalidExperiment) -> None:
    """Keep what was typed in a field, with the sentence that says what is wrong."""
    message = error.errors.get(path) or " ".join(error.errors.values())
    st.session_state[FAULTS] = {**st.session_state[FAULTS], path: (typed, message)}


def accept(path: str) -> None:
    """Forget the fault of a field, and those of menus that have gone back to what they showed."""
    kept = {at: fault for at, fault in st.session_state[FAULTS].items() if at != path and fault[0] is not None}
    st.session_state[FAULTS] = kept


def fault(path: str) -> tuple[Any, str] | None:
    """What was typed in a field and what is wrong with it; None when nothing is."""
    found: tuple[Any, str] | None = st.session_state[FAULTS].get(path)
    return found


def added() -> tuple[str, ...]:
    """The names of the regularisers that the visitor has added."""
    names: tuple[str, ...] = st.session_state[ADDED]
    return names


def remember(name: str, wanted: bool) -> None:
    """Remember that a regulariser has controls of its own, or forget it."""
    others = tuple(each for each in added() if each != name)
    st.session_state[ADDED] = (*others, name) if wanted else others


def say(place: str, sentences: tuple[str, ...]) -> None:
    """Say beside a menu what its change has brought along; the next change takes the words away."""
    st.session_state[NOTES] = (place, sentences)


def said(place: str) -> tuple[str, ...]:
    """What is to be said beside a menu."""
    at, sentences = st.session_state[NOTES]
    return sentences if at == place else ()


def _forget() -> None:
    """No faults, no notes and no controls at 0 outlive a draft that was not edited but exchanged."""
    st.session_state[FAULTS], st.session_state[NOTES], st.session_state[ADDED] = {}, ("", ()), ()


def _obeying(address: Address) -> Address | None:
    """The address with what the lesson fixes; None, and a sentence, where the two do not go together."""
    try:
        return lessons.obeying(address, lesson())
    except InvalidExperiment as error:
        st.session_state[BROKEN] = f"The lesson does not allow this. {'. '.join(error.errors.values())}."
        return None


def _without_fold(experiment: Experiment | None) -> Experiment | None:
    """The page trains all folds, so a link to one of them stands for all."""
    return experiment.with_values({"split.fold": 0}) if experiment is not None else None


def _moved_in_history() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _led_to_lesson(given: dict[str, str]) -> bool:
    """Whether a link of another page has just opened the Learn page at a place of its own."""
    page = st.session_state.get(PAGE)
    return page == learn_state.PAGE and st.session_state[WRITER] != page and learn_state.asks(given)


def _read(given: dict[str, str]) -> None:
    """Make what a link says the draft. A link that fixes or tells something is a lesson, unless a class has one."""
    _forget()
    try:
        found = from_address(given)
    except BrokenLink as error:
        change(lesson() or Address())
        instead = "your lesson" if lesson() else "the default experiment"
        st.session_state[BROKEN] = f"This link could not be read, so {instead} is shown. {error}."
        return
    experiment = found.experiment.with_values({"split.fold": 0})
    found = replace(found, experiment=experiment, baseline=_without_fold(found.baseline))
    if found.teaches and not st.session_state.get(IN_ROOM):
        st.session_state[LESSON] = found
    change(found)
