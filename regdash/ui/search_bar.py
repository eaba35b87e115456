"""How far a search is, in figures and a line, and the buttons that pause, resume, end, extend or delete it."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.engine import EngineView
from regdash.jobs.queue import Queue
from regdash.jobs.searches import SearchView
from regdash.search import Plan
from regdash.search.choosing import best, ties
from regdash.search.halving import trials_of
from regdash.ui import search_state, session
from regdash.ui.kept import kept
from regdash.ui.search_sketch import sketch_of
from regdash.ui.search_words import between_words, counted, duration, error_words, score_words, title
from regdash.ui.status import STARTING

MORE = 32  # trials that a press of the button adds
WORDS = {"running": "Searching", "paused": "Paused", "done": "Done", "cancelled": "Cancelled", "failed": "Failed"}


def moving(view: SearchView) -> bool:
    """Whether anything of it still changes by itself."""
    opening = view.revealed >= 0 and view.optimism is None and not view.unopened
    open_trials = any(not each.told for each in view.trials)
    return view.state == "running" or opening or (view.state == "paused" and open_trials)


def draw(queue: Queue, view: SearchView) -> None:
    """The title with the buttons, the figures, and the line with its bar."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search-head"):
        st.html(f'<h1 data-testid="rd-search-title">{escape(title(view.plan))}</h1>', width="stretch")
        _buttons(queue, view)
    st.html(figures(view) + line(view, queue.engine()))
    if view.session not in session.sessions():
        st.html(
            '<p class="rd-caption">Somebody else has begun this search: you can look at it and open its trials.</p>'
        )
    if search_state.refusal():
        st.html(f'<p class="rd-notice" role="alert">{escape(search_state.refusal())}</p>')


def line(view: SearchView, engine: EngineView) -> str:
    """The state in a sentence, with its bar, and as data for programs."""
    told, percent = sum(each.told for each in view.trials), round(100 * view.share)
    bar = (
        f'<div class="rd-bar" data-busy="{str(moving(view)).lower()}" role="progressbar" aria-label="Search progress" '
        f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
    )
    return (
        f'<div class="rd-status" data-testid="rd-search" data-search="{escape(view.id)}" '
        f'data-state="{escape(view.state)}" data-told="{told}"><span>{escape(sentence(view, engine))}</span>{bar}</div>'
    )


def sentence(view: SearchView, engine: EngineView) -> str:
    """How it stands, in words."""
    if moving(view) and engine.state != "ready":
        return engine.sentence or STARTING
    ended = f"{WORDS.get(view.state, view.state)}: {counted(view.runs_done, 'run')} in {duration(view.spent)}."
    words = [view.sentence or ended]
    if view.state == "running" and not view.sentence:
        words = [f"Searching: {counted(view.runs_done, 'run')} of {view.runs_total:,} done, {view.share:.0%} in all."]
    failed = sum(bool(each.outcome and each.outcome.problem) for each in view.trials)
    words += [f"{counted(failed, 'trial')} failed; the table says why."] if failed else []
    return " ".join(words)


def figures(view: SearchView) -> str:
    """Best so far, trials, pace, time left, and how many trials are as good."""
    cells = kept(("search figures", view.id, view.version), lambda: _found(view))
    pace = f"{view.trials_per_second:.3g}" if view.trials_per_second else "–"
    left = duration(view.seconds_left) if view.seconds_left and moving(view) else "–"
    spent = f"{duration(view.spent)} so far" if moving(view) else f"in {duration(view.spent)}"
    ended = "" if moving(view) else WORDS.get(view.state, "")
    running = (("pace", "Trials per second", pace, spent), ("left", "Time left", left, ended))
    return f'<div class="rd-figures">{"".join(_figure(*cell) for cell in (*cells, *running))}</div>'


def _found(view: SearchView) -> tuple[tuple[str, str, str, str], ...]:
    plan, objective = view.plan, view.plan.objective
    first, told = best(plan, view.trials), sum(each.told for each in view.trials)
    total = "in a set time" if plan.seconds else f"of {trials_of(plan):,}"
    trials = ("trials", "Trials", f"{told:,}", f"{total}, {counted(objective.runs, 'run')} each")
    if first is None or first.outcome is None:
        return (("best", "Best so far", "–", objective.measure.label), trials, ("ties", "As good as the best", "–", ""))
    error = error_words(objective, first.outcome.standard_error)
    score = ("best", f"Best {objective.measure.label.lower()}", score_words(objective, first.score), error)
    if objective.runs < 2:
        return (score, trials, ("ties", "As good as the best", "–", "needs two runs per trial"))
    many = len(ties(plan, view.trials))
    return (
        (*score[:3], between_words(objective, first)),
        trials,
        ("ties", "As good as the best", f"{many:,}", "within noise"),
    )


def _figure(name: str, label: str, value: str, note: str) -> str:
    return (
        f'<div class="rd-figure" data-testid="rd-search-{name}"><span class="rd-label">{escape(label)}</span>'
        f'<span class="rd-value">{escape(value)}</span><span class="rd-note">{escape(note)}</span></div>'
    )


def _buttons(queue: Queue, view: SearchView) -> None:
    """What its owner can do with it now."""
    own = view.session in session.sessions()
    if own and view.state == "running":
        _button("Pause", queue.searches.pause, view, help="What has begun is finished; nothing new begins.")
        _button("Cancel", queue.searches.cancel, view, help="End it now; what has been found is kept.")
    if own and view.state == "paused":
        _button("Resume", queue.searches.resume, view, primary=True)
        _button("Cancel", queue.searches.cancel, view, help="End it now; what has been found is kept.")
    if own and extensible(view):
        _button(f"{MORE} more trials", queue.searches.extend, view, MORE, help="Go on from what has been found.")
    if session.draft().experiment != view.plan.space.base or own:
        help = "Fill the form beside this page with the settings of this search."
        st.button("Edit", key="search edit", help=help, on_click=_edit, args=(view.plan,))
    if own and not moving(view):
        with st.popover("Delete", key="search-delete"):
            st.html('<p class="rd-caption">The search and its list of trials are deleted. This cannot be undone.</p>')
            st.button("Delete this search", key="search delete", type="primary", on_click=_delete, args=(queue, view))


def extensible(view: SearchView) -> bool:
    """Whether more trials can be added: a grid has all of its own, and a time has its end."""
    plan = view.plan
    return view.state in ("done", "paused") and plan.strategy != "grid" and not plan.seconds and not plan.halving


def _button(
    label: str, action: Callable[..., Any], view: SearchView, *more: Any, help: str = "", primary: bool = False
) -> None:
    key = f"search act {label.split()[-1].lower()}"
    kind: Any = "primary" if primary else "secondary"
    st.button(label, key=key, help=help or None, type=kind, on_click=attempt, args=(action, view, *more))


def attempt(action: Callable[..., Any], view: SearchView, *more: Any) -> None:
    """Do something with a search; what is refused is said above it."""
    search_state.refuse("")
    try:
        action(view.session, view.id, *more)
    except RegdashError as error:
        search_state.refuse(str(error))


def _edit(plan: Plan) -> None:
    if session.draft().experiment == plan.space.base:
        search_state.put(sketch_of(plan))
    else:
        search_state.load(plan)
    search_state.renew()


def _delete(queue: Queue, view: SearchView) -> None:
    attempt(queue.searches.delete, view)
    if not search_state.refusal():
        search_state.open_search("")
