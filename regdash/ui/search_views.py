"""The views of a search, of which one is drawn: heat map, path, parallel coordinates, slices, importance, history."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from regdash.charts.search_parallel import Brushes, best_part, brushed
from regdash.charts.search_parallel import kept as inside_of
from regdash.jobs.searches import SearchView
from regdash.search import Plan
from regdash.ui import search_bar, search_charts, search_race, search_state, search_table
from regdash.ui.chart_card import Box
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.picture import Picture, show_picture
from regdash.ui.search_words import counted, labels

METHODS = {"mdi": "MDI", "ped_anova": "PED-ANOVA"}
METHOD_HELP = (
    "MDI: how much a random forest's splits by a setting explain. PED-ANOVA: how much the best tenth of the trials "
    "differs from all in it. Where the two disagree, trust neither."
)
TITLES = {
    "race": "Race",
    "heat": "Heat map",
    "path": "Path",
    "parallel": "Parallel",
    "slices": "Slices",
    "importance": "Importance",
    "history": "History",
    "table": "Table",
}
BETWEEN = 25  # trials between two looks at what matters
MOST_IN_ROW = 4  # choices beside each other; more are a menu
LABELLED = ("heat x", "heat y", "path")
SEVERAL = ("heat", "parallel", "importance")  # that need two searched settings


def offered(plan: Plan, race: bool) -> list[str]:
    """The views of a search, the most telling one first."""
    several = len(plan.space.dimensions) > 1
    names = [name for name in TITLES if (several or name not in SEVERAL) and (race or name != "race")]
    return names if race or several else sorted(names, key=lambda name: name != "path")


def draw(view: SearchView, racers: Sequence[SearchView]) -> None:
    """The menu of views and the one that is chosen; `racers` are the searches of its race, if it is in one."""
    name = choose("view", "View", {name: TITLES[name] for name in offered(view.plan, len(racers) > 1)})
    with st.container(key=f"search-view-{name}", gap="small"):
        if name == "race":
            search_race.draw(racers, view)
        elif name == "table":
            search_table.draw(view)
        else:
            _DRAWN[name](view)


def choose(menu: str, label: str, words: Mapping[str, str], help: str | None = None) -> str:
    """A row of choices, or a menu of many, whose choice is the session's; returns what is looked at."""
    options, widget, bar = tuple(words), f"search look {menu}", menu in ("view", "method") or len(words) <= MOST_IN_ROW
    shows: str = search_state.looked_at(menu, options)
    facts: dict[str, Any] = {"format_func": lambda name: words.get(name, str(name)), "help": help}

    def changed() -> None:
        if moved(widget, shows):
            search_state.look_at(menu, chosen(widget))

    facts |= {"key": key_for(widget, shows), "on_change": changed}
    label_shown: Literal["visible", "collapsed"] = "visible" if menu in LABELLED else "collapsed"
    if bar:
        st.segmented_control(label, options, default=shows, required=True, label_visibility=label_shown, **facts)
    else:
        st.selectbox(label, options, options.index(shows), filter_mode=None, width=260, **facts)
    return shows


def _card(
    view: SearchView,
    chart: Callable[..., Picture],
    key: str,
    *choices: Any,
    boxed: Callable[[Box], None] | None = None,
) -> None:
    """A card whose marks can be clicked: their trials are listed below."""

    def clicked(numbers: tuple[int, ...]) -> None:
        if numbers:
            title = f"{counted(len(numbers), 'trial')} at this place"
            search_state.pick(view.id, title, numbers)

    stamp = (view.id, view.version, *choices)
    show_picture(f"search-{key}", stamp, lambda: chart(view, *choices), clicked=clicked, boxed=boxed)


def _heat(view: SearchView) -> None:
    names = labels(view.plan)
    x, y, *others = names
    if others:
        with st.container(horizontal=True, gap="small", key="search-axes"):
            x = choose("heat x", "Across", names)
            y = choose("heat y", "Up", {path: label for path, label in names.items() if path != x})
    _card(view, search_charts.heat_map, "heat", x, y)


def _path(view: SearchView) -> None:
    names = labels(view.plan)
    path = choose("path", "Along", names) if len(names) > 1 else next(iter(names))
    _card(view, search_charts.path, "path", path)
    if search_charts.linear(view):
        _card(view, search_charts.path_coefficients, "path-coefficients", path)
    _card(view, search_charts.path_weights, "path-weights", path)


def _parallel(view: SearchView) -> None:
    found, brushes = search_charts.lines(view), search_state.brushes(view.id)

    def keep(brushes: Brushes) -> None:
        search_state.brush(view.id, brushes)
        inside = inside_of(found, brushes) if brushes else ()
        search_state.pick(view.id, f"{counted(len(inside), 'trial')} kept", inside)

    _card(
        view,
        search_charts.parallel,
        "parallel",
        tuple(sorted(brushes.items())),
        boxed=lambda box: keep(brushed(found, brushes, box[:2], box[2:])),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search-brushes"):
        st.html('<p class="rd-caption">Drag along an axis to keep only the trials that pass there.</p>')
        st.button("Best quarter", key="search-quarter", on_click=keep, args=(best_part(found, 0.25),))
        if brushes:
            st.button("Keep all again", key="search-unbrush", type="tertiary", on_click=keep, args=({},))


def _slices(view: SearchView) -> None:
    _card(view, search_charts.slices, "slices")


def _importance(view: SearchView) -> None:
    method = choose("method", "Method", METHODS, help=METHOD_HELP)
    told = sum(each.told for each in view.trials)
    at = told // BETWEEN if search_bar.moving(view) else view.version  # it takes a second or two
    with st.spinner("Working out which settings matter"):
        show_picture("search-importance", (view.id, at, method), lambda: search_charts.importances(view, method))


def _history(view: SearchView) -> None:
    _card(view, search_charts.history, "history")


_DRAWN: Mapping[str, Callable[[SearchView], None]] = {
    "heat": _heat,
    "path": _path,
    "parallel": _parallel,
    "slices": _slices,
    "importance": _importance,
    "history": _history,
}
