"""A race: the same space and budget for several strategies, replayed trial by trial."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from regdash.charts.search_race import alt_race, draw_race, read_race
from regdash.charts.search_race_clouds import alt_race_clouds, draw_race_clouds, read_race_clouds
from regdash.jobs.searches import SearchView
from regdash.search.choosing import best
from regdash.ui import search_state
from regdash.ui.fragments import rerun_every
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.picture import Picture, show_picture
from regdash.ui.search_words import counted, score_words, strategy_label, values_words

HEIGHT = 300
UPTO, PLAYING = "race upto", "race playing"
STEPS, PAUSE = 40, 0.5  # looks that a replay takes, and the seconds between two


def draw(views: Sequence[SearchView], view: SearchView) -> None:
    """The racers side by side, with the slider that replays them; `view` is the one that is open."""
    st.fragment(_replay)(views)
    _standings(views, view)


def _replay(views: Sequence[SearchView]) -> None:
    """The chart up to a number of trials; while it plays the number grows by itself."""
    total = max((sum(each.told for each in view.trials) for view in views), default=0)
    upto = min(_upto() or total, total)
    playing = bool(st.session_state.get(PLAYING)) and total > 1
    if playing:
        upto = min(total, upto + max(1, total // STEPS))
        st.session_state[UPTO] = upto
        playing = st.session_state[PLAYING] = upto < total
    if total > 1:
        _controls(upto, total, playing)
    given = [(strategy_label(each.plan.strategy), each.plan, each.trials) for each in views]
    shown = upto if upto < total else None
    found, clouds = read_race(given, upto=shown), read_race_clouds(given, upto=shown)
    stamp = (upto, *((each.id, each.version) for each in views))
    best_so_far = Picture("search-race", partial(draw_race, found), alt_race(found), HEIGHT)
    show_picture("search-race-best", stamp, lambda: best_so_far)
    if clouds.clouds:
        places = Picture(
            "search-race-clouds", partial(draw_race_clouds, clouds), alt_race_clouds(clouds), clouds.height
        )
        show_picture("search-race-clouds", stamp, lambda: places)
    rerun_every(PAUSE if playing else None)


def _upto() -> int:
    return int(st.session_state.get(UPTO, 0))


def _controls(upto: int, total: int, playing: bool) -> None:
    def play() -> None:
        st.session_state[PLAYING] = not playing
        if _upto() >= total or not _upto():
            st.session_state[UPTO] = 1

    def slide() -> None:
        if moved(UPTO, upto):
            st.session_state[UPTO], st.session_state[PLAYING] = chosen(UPTO), False

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="search-race"):
        st.button("Pause" if playing else "Play", key="search race play", on_click=play, help="Replay trial by trial.")
        st.slider("Trials shown", 1, total, max(1, upto), key=key_for(UPTO, upto), on_change=slide)


def _standings(views: Sequence[SearchView], view: SearchView) -> None:
    """Who has found what, and the way to each search."""
    for each in views:
        first = best(each.plan, each.trials)
        told = sum(trial.told for trial in each.trials)
        words = (
            f"{score_words(each.plan.objective, first.score)} at {values_words(each.plan, first.values)}"
            if first
            else "–"
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"search-row-race-{each.id}"):
            st.html(
                f'<p class="rd-trial"><strong>{escape(strategy_label(each.plan.strategy))}</strong> '
                f"{counted(told, 'trial')}, best {escape(words)}</p>",
                width="stretch",
            )
            if each.id != view.id:
                st.button("Show", key=f"search show {each.id}", on_click=_show, args=(each.id,))


def _show(search: str) -> None:
    search_state.open_search(search)
