"""Trials that were picked from a chart or the table, and the way from each of them to the Train page."""

from dataclasses import replace
from html import escape

import streamlit as st

from regdash.errors import InvalidExperiment
from regdash.jobs.queue import Queue
from regdash.links import MOST_RUNS, MOST_SEEDS, Address
from regdash.search import Plan, Trial
from regdash.ui import search_state, session, tray
from regdash.ui.search_words import trial_score, values_words

MOST = 8  # trials that are listed at once
TRAIN = "app.py"


def setting_of(plan: Plan, trial: Trial) -> Address:
    """What the Train page shows of a trial: its experiment, with as many of its seeds as a link may have."""
    found = plan.objective.setting(plan.experiment(trial.values, trial.epochs))
    most = min(MOST_SEEDS, MOST_RUNS // found.folds)
    return Address(found.experiment, min(found.seeds, most))


def draw(queue: Queue, plan: Plan, trials: dict[int, Trial], search: str) -> None:
    """List the trials that were picked; nothing when none was."""
    title, numbers = search_state.picked(search)
    found = [trials[number] for number in numbers if number in trials]
    if not found:
        return
    with st.container(key="search-picked", border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="search-picked-head"):
            st.html(f'<h2 data-testid="rd-picked">{escape(title)}</h2>', width="stretch")
            st.button("Close", key="search-unpick", type="tertiary", on_click=search_state.pick, args=(search, "", ()))
        for each in found[:MOST]:
            row(queue, plan, each, "picked")
        if len(found) > MOST:
            st.html(f'<p class="rd-caption">and {len(found) - MOST:,} more: see the table.</p>')


def row(queue: Queue, plan: Plan, trial: Trial, where: str) -> None:
    """One trial in words, and its buttons."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"search-row-{where}-{trial.number}"
    ):
        st.html(
            f'<p class="rd-trial"><strong>Trial {trial.number}</strong> {escape(values_words(plan, trial.values))}: '
            f"{escape(trial_score(plan.objective, trial))}</p>",
            width="stretch",
        )
        buttons(queue, plan, trial, where)


def buttons(queue: Queue, plan: Plan, trial: Trial, where: str) -> None:
    """Open the trial on the Train page, compare it, or pin it there to be compared with."""
    name = f"{where} {trial.number}"
    if st.button("Open in Train", key=f"search-open {name}", help="Its curves, weights and scores, run by run."):
        go(plan, trial)
    try:
        wanted = setting_of(plan, trial)
    except InvalidExperiment:
        wanted = None
    if wanted is not None:
        tray.add_button(queue, wanted.experiment, wanted.seeds, f"trial {name}")
    st.button(
        "Pin as baseline",
        key=f"search-pin {name}",
        help="Keep it in all charts of the Train page and compare other settings with it.",
        on_click=_pin,
        args=(plan, trial),
    )


def go(plan: Plan, trial: Trial) -> None:
    """Open the trial on the Train page."""
    if _open(plan, trial):
        st.switch_page(TRAIN)


def _open(plan: Plan, trial: Trial) -> bool:
    """Make the trial the draft; its fields that a search cannot have stay."""
    try:
        wanted = setting_of(plan, trial)
    except InvalidExperiment as error:
        search_state.refuse(". ".join(error.errors.values()))
        return False
    session.choose(replace(session.draft(), experiment=wanted.experiment, seeds=wanted.seeds))
    return True


def _pin(plan: Plan, trial: Trial) -> None:
    """Make the trial the baseline of the draft."""
    try:
        wanted = setting_of(plan, trial)
    except InvalidExperiment as error:
        search_state.refuse(". ".join(error.errors.values()))
        return
    session.change(replace(session.draft(), baseline=wanted.experiment, baseline_seeds=wanted.seeds))
    search_state.tell(f"Trial {trial.number} is pinned: on the Train page it is the baseline in all charts.")
