"""The honest answer: the best setting, what cannot be told from it, the simpler choice, and the test part."""

import math
from html import escape

import streamlit as st

from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.jobs.searches import SearchView
from regdash.search import Plan, Trial
from regdash.search.choosing import Choice1SE, best, one_standard_error, ties
from regdash.ui import search_bar, search_trials, session
from regdash.ui.kept import kept
from regdash.ui.search_words import counted, interval_words, score_words, values_words

ONCE = (
    "The test rows have not been looked at by anything on this page. The figure on them is honest once: if you go on "
    "searching because of it, it is one more validation figure. So it can be opened once, for one trial."
)


def draw(queue: Queue, view: SearchView) -> None:
    """The panel beside the charts."""
    plan = view.plan
    found = kept(("search answer", view.id, view.version), lambda: _found(view))
    with st.container(key="search-answer", border=True, gap="small"):
        st.html("<h2>The answer</h2>")
        if found is None:
            st.html(f'<p class="rd-caption">{escape(_nothing(view))}</p>')
            return
        first, tied, choice = found
        words = f"{_best(plan, first, search_bar.moving(view))}{_ties(plan, tied)}"
        st.html(f'<div class="rd-answer" data-testid="rd-answer">{words}</div>')
        with st.container(horizontal=True, gap="small", key="search-best"):
            search_trials.buttons(queue, plan, first, "best")
        _simpler(plan, first, choice)
        _test(queue, view, first, choice)


def _found(view: SearchView) -> tuple[Trial, int, Choice1SE | None] | None:
    first = best(view.plan, view.trials)
    if first is None:
        return None
    return first, len(ties(view.plan, view.trials)), one_standard_error(view.plan, view.trials)


def _nothing(view: SearchView) -> str:
    if search_bar.moving(view):
        return "No trial has ended yet. The best setting so far will stand here."
    return view.sentence or "No trial has a score, so there is no best setting."


def _best(plan: Plan, first: Trial, moving: bool) -> str:
    score = score_words(plan.objective, first.score)
    return (
        f"<p>{'Best so far' if moving else 'Best'}: <strong>{escape(values_words(plan, first.values))}</strong>.</p>"
        f"<p>{escape(plan.objective.measure.label)} {score}, {escape(interval_words(plan.objective, first))} "
        f"(trial {first.number}).</p>"
    )


def _ties(plan: Plan, tied: int) -> str:
    if plan.objective.runs < 2:
        return (
            "<p>With one run per trial nobody can say whether another trial is really worse. Use 3 seeds or more.</p>"
        )
    if not tied:
        return "<p>Every other trial is worse by more than noise.</p>"
    verb = "is" if tied == 1 else "are"
    return f"<p>{counted(tied, 'other trial')} {verb} within noise of it: the order among them is luck.</p>"


def _simpler(plan: Plan, first: Trial, choice: Choice1SE | None) -> None:
    """The one-standard-error rule: the sentence, and the trial that it takes."""
    if choice is None:
        return
    st.html(f'<h3>One standard error</h3><p class="rd-caption" data-testid="rd-1se">{escape(choice.sentence)}</p>')
    if choice.trial.number != first.number and not math.isnan(choice.threshold):
        help = f"{values_words(plan, choice.trial.values)}. The simplest setting that is as good as can be told."
        name = "Take the strongest regularisation within one standard error"
        if st.button(name, key="search one standard error", help=help):
            search_trials.go(plan, choice.trial)


def _test(queue: Queue, view: SearchView, first: Trial, choice: Choice1SE | None) -> None:
    """The test part: locked, being opened, or opened."""
    st.html("<h3>Test part</h3>")
    if view.optimism is not None:
        words = f"Opened for trial {view.revealed}. {view.optimism.sentence}"
        st.html(f'{_opened(view)}<p class="rd-caption" data-testid="rd-optimism">{escape(words)}</p>')
    elif view.unopened:
        st.html(f'<p class="rd-caption">The test part tells nothing: {escape(view.unopened)}.</p>')
    elif view.revealed >= 0:
        st.html(f'<p class="rd-caption">The test part is being opened for trial {view.revealed}.</p>')
    elif view.session not in session.sessions():
        st.html('<p class="rd-caption">Locked. Who began the search can open it, once.</p>')
    elif not _kept_apart(view):
        st.html('<p class="rd-caption">These data keep no rows apart for a test, so there is nothing to open.</p>')
    elif search_bar.moving(view):
        st.html('<p class="rd-caption">Locked until the search has ended.</p>')
    else:
        _lock(queue, view, first, choice)


def _kept_apart(view: SearchView) -> bool:
    """Whether there are test rows."""
    base = view.plan.space.base
    try:
        return len(samples(base.data, base.split).test) > 0
    except RegdashError:
        return False


def _opened(view: SearchView) -> str:
    """Validation, test and optimism in three figures."""
    found = view.optimism
    assert found is not None
    measure = view.plan.objective
    cells = (
        ("Validation", score_words(measure, found.validation.mean)),
        ("Test", score_words(measure, found.test.mean)),
        ("Optimism", score_words(measure, found.change.mean)),
    )
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in cells)
    return f'<dl class="rd-opened">{items}</dl>'


def _lock(queue: Queue, view: SearchView, first: Trial, choice: Choice1SE | None) -> None:
    with st.popover("Reveal the test part", key="search-reveal"):
        st.html(f'<p class="rd-caption">{ONCE}</p>')
        _reveal(queue, view, first, "Open it for the best trial", "best")
        if choice is not None and choice.trial.number != first.number:
            _reveal(queue, view, choice.trial, "Open it for the one-standard-error choice", "simpler")


def _reveal(queue: Queue, view: SearchView, trial: Trial, label: str, key: str) -> None:
    st.button(
        label,
        key=f"search reveal {key}",
        type="primary" if key == "best" else "secondary",
        help=f"Trial {trial.number}: {values_words(view.plan, trial.values)}",
        on_click=search_bar.attempt,
        args=(queue.searches.reveal, view, trial.number),
    )
