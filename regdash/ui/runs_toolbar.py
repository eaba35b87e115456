"""Above the rows of the Runs page: whose runs, a search field, filters, and the order."""

from collections.abc import Sequence

import streamlit as st

from regdash.ui import runs_state
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.runs_choice import ORIGINS, SORTS, Choice, numbers
from regdash.ui.runs_rows import STATES, Row

MINE = "Mine"


def places(rooms: dict[str, str]) -> None:
    """The switch between the visitor's own runs and those of a class; `rooms` are titles by id."""
    if not rooms:
        return
    here = runs_state.place()

    def changed() -> None:
        if moved("runs place", here):
            runs_state.go(chosen("runs place"))

    st.segmented_control(
        "Whose runs",
        ["", *rooms],
        default=here,
        required=True,
        key=key_for("runs place", here),
        label_visibility="collapsed",
        format_func=lambda room: f"Class: {rooms[room]}" if room in rooms else MINE,
        on_change=changed,
    )


def draw(rows: Sequence[Row]) -> None:
    """The search field, the filters and the order."""
    choice = runs_state.choice()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="runs-tools"):
        st.text_input(
            "Search",
            choice.text,
            placeholder="Search names, notes, tags and settings",
            max_chars=200,
            label_visibility="collapsed",
            **runs_state.bound("text"),
        )
        with st.popover(f"Filter ({choice.filters})" if choice.filters else "Filter", key="runs-filter"):
            _filters(rows, choice)
        st.selectbox(
            "Sort by",
            list(SORTS),
            list(SORTS).index(choice.sort),
            lambda name: f"Sort: {SORTS[name][0]}",
            label_visibility="collapsed",
            filter_mode=None,
            width=270,
            **runs_state.bound("sort"),
        )
        st.button(
            "Descending" if choice.down else "Ascending",
            key="runs-down",
            help="Turn the order round.",
            on_click=runs_state.choose,
            kwargs={"down": not choice.down},
        )


def _filters(rows: Sequence[Row], choice: Choice) -> None:
    """One menu for each thing to filter by; only what occurs is offered."""
    tags = sorted({tag for row in rows for tag in row.tags}, key=str.casefold)
    offered = {
        "data": ("Data set", {row.plain.data.label for row in rows}),
        "networks": ("Network", {row.plain.network.label for row in rows}),
        "regularizers": (
            "Regulariser",
            {each for row in rows for each in ([part.label for part in row.plain.regularizers] or ["None"])},
        ),
        "optimizers": ("Optimizer", {row.plain.optimizer.label for row in rows}),
    }
    for name, (label, options) in offered.items():
        _several(name, label, sorted(options, key=str.casefold), choice)
    _several("states", "State", [each for each in STATES if any(each in row.states for row in rows)], choice)
    _several("tags", "Tag", tags, choice)
    _several("origins", "Asked for by", list(ORIGINS), choice)
    st.toggle("Only pinned", choice.pinned, **runs_state.bound("pinned"))
    _range(rows, choice)
    st.button("Reset filters", disabled=not choice.filters, on_click=reset, key="runs-unfilter")


def reset() -> None:
    """No filter and no search any more; the order stays."""
    kept = runs_state.choice()
    blank = Choice()
    names = (name for name in Choice.__dataclass_fields__ if name not in ("sort", "down"))
    runs_state.choose(**{name: getattr(blank, name) for name in names}, sort=kept.sort, down=kept.down)


def _several(name: str, label: str, options: Sequence[str], choice: Choice) -> None:
    here = list(getattr(choice, name))
    if options or here:
        every = [*options, *(each for each in here if each not in options)]
        st.multiselect(label, every, here, placeholder="Any", **runs_state.bound(name))


def _range(rows: Sequence[Row], choice: Choice) -> None:
    """Any setting that is a number and varies, from and to."""
    labels = {"": "Nothing"} | numbers(rows)
    if choice.path and choice.path not in labels:
        labels[choice.path] = choice.path
    if len(labels) == 1:
        return
    st.selectbox(
        "Number between two bounds",
        list(labels),
        list(labels).index(choice.path),
        lambda path: labels.get(path, path),
        **runs_state.bound("path"),
    )
    if choice.path:
        low, high = st.columns(2)
        low.number_input("From", value=choice.low, format="%g", step=None, placeholder="any", **runs_state.bound("low"))
        high.number_input("To", value=choice.high, format="%g", placeholder="any", **runs_state.bound("high"))
        if choice.low is not None and choice.high is not None and choice.low > choice.high:
            st.html('<p class="rd-fault" role="alert">From must not be above To: no setting lies between them.</p>')
