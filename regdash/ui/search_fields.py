"""The widgets of one searched setting: its tick, and below it the range or the choices."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from regdash.experiment import Experiment
from regdash.params import Param
from regdash.ui import locks, search_state, widgets
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.search_sketch import Sketch
from regdash.ui.search_typed import ListTyped, NamesTyped, RangeTyped, Typed, declared, names_of, prefilled

Errors = Mapping[str, str]

FIXED = "The lesson fixes this, so it cannot be searched."
PLACE_LABELS = {"network": "Kind of network", "optimizer": "Kind of optimizer", "schedule": "Kind of schedule"}
LISTED = {
    "list": "Values one after the other, such as 16, 32, 64.",
    "lists": "One or more of them, such as 32-32, 64-64, 128.",
}


def setting(experiment: Experiment, path: str, errors: Errors) -> None:
    """Draw the tick of a setting, what is searched when it is ticked, and what is wrong with that."""
    if locks.hidden(path):
        return
    each, typed = declared(experiment, path), search_state.sketch().searched.get(path)
    _tick(experiment, path, each, ticked=typed is not None)
    if typed is None:
        return
    with st.container(key=f"range-{path.replace('.', '-')}", gap=None):
        _DRAWN[type(typed)](path, each, typed)
        error(errors, path)


def error(errors: Errors, field: str) -> None:
    """Say what is wrong with a field, beside it."""
    if field in errors:
        st.html(f'<p class="rd-fault" role="alert">{escape(errors[field])}.</p>')


def value_changed(widget: str, shows: Any, change: Callable[[Sketch, Any], Sketch]) -> Callable[[], None]:
    """What happens when a widget that shows this value is moved."""

    def changed() -> None:
        if moved(widget, shows):
            value = chosen(widget)
            search_state.refuse("")
            search_state.change(lambda sketch: change(sketch, value))

    return changed


def facts(widget: str, shows: Any, change: Callable[[Sketch, Any], Sketch]) -> dict[str, Any]:
    """The key and the callback of a widget that shows a value of the sketch."""
    name = f"search {widget}"
    return {"key": key_for(name, shows), "on_change": value_changed(name, shows, change)}


def label_of(experiment: Experiment, path: str) -> str:
    """What a setting is called on the page."""
    each = declared(experiment, path)
    return widgets.label(each) if each is not None else PLACE_LABELS[path]


def _tick(experiment: Experiment, path: str, each: Param | None, ticked: bool) -> None:
    def tick(sketch: Sketch, wanted: bool) -> Sketch:
        return sketch.with_typed(path, prefilled(experiment, path)) if wanted else sketch.without(path)

    words, locked = label_of(experiment, path), locks.locked(path)
    help = each.help if each is not None else f"Which {path} is best? Each kind makes a program of its own."
    st.checkbox(
        widgets.locked_label(path, words),
        ticked,
        help=f"{FIXED} {help}" if locked else help,
        disabled=locked,
        **facts(f"tick {path}", ticked, tick),
    )


def _range(path: str, each: Param | None, typed: Typed) -> None:
    assert isinstance(typed, RangeTyped)
    assert each is not None
    columns = st.columns([1, 1, 0.8], gap="small")
    for column, (name, words) in zip(columns, (("low", "From"), ("high", "To"), ("steps", "Steps")), strict=True):
        shows = getattr(typed, name)
        with column:
            st.text_input(
                f"{words}",
                shows,
                max_chars=20,
                autocomplete="off",
                **facts(f"{name} {path}", shows, _changes(path, name)),
            )
    with st.container(horizontal=True, gap="small"):
        st.checkbox("Logarithmic", typed.log, **facts(f"log {path}", typed.log, _changes(path, "log")))
        if each.off is not None:
            help = f"Try {each.off:g} as well, which switches it off: a logarithmic range has no 0."
            st.checkbox("Also off", typed.off, help=help, **facts(f"off {path}", typed.off, _changes(path, "off")))


def _names(path: str, each: Param | None, typed: Typed) -> None:
    assert isinstance(typed, NamesTyped)
    words = names_of(each, path)
    shows = tuple(name for name in typed.names if name in words)
    st.multiselect(
        "Choices",
        tuple(words),
        list(shows),
        format_func=lambda name: words.get(name, str(name)),
        label_visibility="collapsed",
        placeholder="Choose what is tried",
        key=key_for(f"search names {path}", list(shows)),
        on_change=value_changed(
            f"search names {path}",
            list(shows),
            lambda sketch, names: sketch.with_typed(path, NamesTyped(tuple(names))),
        ),
    )


def _list(path: str, each: Param | None, typed: Typed) -> None:
    assert isinstance(typed, ListTyped)
    several = each is not None and each.kind in ("integers", "numbers")
    st.text_input(
        "Values",
        typed.text,
        max_chars=400,
        help=LISTED["lists" if several else "list"],
        autocomplete="off",
        **facts(f"list {path}", typed.text, lambda sketch, text: sketch.with_typed(path, ListTyped(text))),
    )


def _changes(path: str, name: str) -> Callable[[Sketch, Any], Sketch]:
    """A change of one field of a range."""

    def change(sketch: Sketch, value: Any) -> Sketch:
        typed = sketch.searched.get(path)
        return sketch.with_typed(path, replace(typed, **{name: value})) if isinstance(typed, RangeTyped) else sketch

    return change


_DRAWN: Mapping[type[Any], Callable[[str, Param | None, Typed], None]] = {
    RangeTyped: _range,
    NamesTyped: _names,
    ListTyped: _list,
}
