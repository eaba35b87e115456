"""What one visitor's session remembers: the draft, what it was before, and the faults in what was typed."""

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.errors import BrokenLink, InvalidExperiment
from regdash.experiment import Experiment
from regdash.links import Address, from_address, to_address
from regdash.ui.visitor import recognise

DRAFT = "draft"  # Address: the experiment being edited, its seeds and its baseline
PAST = "past"  # earlier drafts, the newest last
FAULTS = "faults"  # path -> (what was typed, what is wrong with it)
WRITTEN = "written"  # the query parameters as this session wrote them last
BROKEN = "broken"  # the sentence about a link that could not be read
ADDED = "added"  # names of the regularisers that the visitor has added, also while they are at 0
NOTES = "notes"  # (place, sentences): what else the last change of a menu has changed
OWNER = "owner"  # the visitor's name, under which runs are asked for
AUTO = "auto"  # True, False, or None while the visitor has not chosen

MOST_UNDO = 50


def start() -> None:
    """Read the address when the session begins and when the visitor goes back or forward.

    At all other times the draft is the truth: a browser that is quick sends the address of the draft before.
    """
    state = st.session_state
    if DRAFT not in state:
        state[DRAFT], state[PAST], state[FAULTS], state[AUTO] = Address(), (), {}, None
        state[OWNER], state[BROKEN], state[WRITTEN] = recognise(), "", {}
        state[ADDED], state[NOTES] = (), ("", ())
    given = st.query_params.to_dict()
    first = not state[WRITTEN]
    if given and given != state[WRITTEN] and (first or _moved_in_history()):
        _read(given)
        state[PAST] = () if first else state[PAST]
    write_address()


def write_address() -> None:
    """Let the address carry the draft, so that a reload or a copied link finds the same state."""
    link = to_address(draft())
    if st.query_params.to_dict() != link:
        st.query_params.from_dict(link)
    st.session_state[WRITTEN] = link


def draft() -> Address:
    """The page's state as it is being edited."""
    address: Address = st.session_state[DRAFT]
    return address


def owner() -> str:
    """The unguessable name under which runs are asked for and cancelled."""
    return str(st.session_state[OWNER])


def change(address: Address) -> None:
    """Make this the draft; what it was before can be had back by `undo`."""
    if address != draft():
        st.session_state[PAST] = (*st.session_state[PAST], draft())[-MOST_UNDO:]
        st.session_state[DRAFT] = address
    st.session_state[BROKEN], st.session_state[NOTES] = "", ("", ())


def edit(experiment: Experiment) -> None:
    """Make this the experiment of the draft."""
    change(replace(draft(), experiment=experiment))


def undo() -> None:
    """Take the last change back."""
    past = st.session_state[PAST]
    if past:
        st.session_state[DRAFT], st.session_state[PAST] = past[-1], past[:-1]
    _forget()


def reset() -> None:
    """Back to the default experiment; the baseline stays."""
    _forget()
    change(replace(draft(), experiment=Experiment(), seeds=1))


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


def _without_fold(experiment: Experiment | None) -> Experiment | None:
    """The page trains all folds, so a link to one of them stands for all."""
    return experiment.with_values({"split.fold": 0}) if experiment is not None else None


def _moved_in_history() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _read(given: dict[str, str]) -> None:
    _forget()
    try:
        found = from_address(given)
        experiment = found.experiment.with_values({"split.fold": 0})
        change(replace(found, experiment=experiment, baseline=_without_fold(found.baseline)))
    except BrokenLink as error:
        change(Address())
        st.session_state[BROKEN] = f"This link could not be read, so the default experiment is shown. {error}."
