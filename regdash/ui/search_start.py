"""Above the search: ready-made ones, how much work the present one is, and the buttons that begin it."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.search import STRATEGIES, InvalidSearch, Plan, available
from regdash.search.presets import SEARCH_PRESETS, SearchPreset
from regdash.ui import search_mine, search_state, session
from regdash.ui.search_sketch import checked
from regdash.ui.search_words import work

RACERS = ("grid", "random", "tpe")
RACE_HELP = "The same settings and as many trials for grid, random and Bayesian search, side by side."


def presets() -> None:
    """The chips: each a ready-made search; it fills the form, and Start begins it."""
    for number, preset in enumerate(SEARCH_PRESETS):
        st.button(preset.label, key=f"search preset {number}", help=preset.help, on_click=load, args=(preset,))


def draw(queue: Queue, absent: str) -> None:
    """How much work it is, or what is not right yet, and the buttons; `absent` says why there are no rows."""
    sketch, experiment = search_state.sketch(), session.draft().experiment
    plan, errors = checked(sketch, experiment)
    ready, found = plan is not None and not absent, search_mine.mine(queue)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search-start"):
        st.html(_line(plan, absent or _first(errors), search_mine.pace(found)), width="stretch")
        st.button("Start", type="primary", key="search begin", disabled=not ready, on_click=_begin, args=(queue, plan))
        st.button("Race", key="search race", disabled=not ready, help=RACE_HELP, on_click=_race, args=(queue, plan))
        search_mine.menu(found)
    if said := search_state.said():
        st.html(f'<p class="rd-lesson" role="status" data-testid="rd-search-said">{escape(said)}</p>')
    if refused := search_state.refusal():
        st.html(f'<p class="rd-notice" role="alert">{escape(refused)}</p>')
    if words := search_state.told():
        st.toast(words)


def race_of(plan: Plan, racers: tuple[str, ...] = RACERS) -> list[Plan]:
    """The same space and budget for each racer; the grid says how many trials that is. Raises InvalidSearch."""
    there = [each.name for each in STRATEGIES if each.name in racers and available(each)]
    grid = replace(plan, strategy="grid", seconds=0.0, halving="")
    return [replace(grid, strategy=name, trials=grid.total) for name in there]


def _line(plan: Plan | None, wrong: str, pace: float) -> str:
    """What Start would begin; or what has to be put right first."""
    if plan is None or wrong:
        return f'<p class="rd-work" data-testid="rd-work" data-ready="false">{escape(wrong)}</p>'
    words = work(plan, pace)
    return f'<p class="rd-work" data-testid="rd-work" data-ready="true">{escape(words)}</p>'


def _first(errors: Mapping[str, str]) -> str:
    found = list(errors.values())
    if not found:
        return ""
    more = f" ({len(found) - 1} more beside the fields)" if len(found) > 1 else ""
    return f"{found[0]}.{more}"


def load(preset: SearchPreset) -> None:
    """Fill the form in with a ready-made search."""
    search_state.load(preset.plan, f"{preset.help} Press {'Race' if preset.race else 'Start'}.", preset.race)


def _begin(queue: Queue, plan: Plan | None) -> None:
    if plan is None:
        return
    try:
        search_state.begun(queue.searches.begin(session.owner(), plan))
    except RegdashError as error:
        search_state.refuse(str(error))


def _race(queue: Queue, plan: Plan | None) -> None:
    if plan is None:
        return
    try:
        found = queue.searches.race(session.owner(), race_of(plan, search_state.racers() or RACERS))
        search_state.begun(found[0])
        search_state.look_at("view", "race")
    except InvalidSearch as error:
        search_state.refuse(". ".join(error.errors.values()) + ".")
    except RegdashError as error:
        search_state.refuse(str(error))
