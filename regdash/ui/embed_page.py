"""The page within another page: one chart and its controls, how far the runs are, and the way to the whole page."""

from html import escape

import streamlit as st

from regdash.experiment import CHOICES, Experiment
from regdash.jobs.queue import Queue
from regdash.links import SEEDS, Address, Embedding, to_address
from regdash.params import params_of
from regdash.ui import chart_grid, controls, embed, form, lesson, lesson_card, live, runs, session, share, widgets
from regdash.ui import train_button as button
from regdash.ui.members import Runs
from regdash.ui.rows import missing

MOST_COLUMNS = 3


def draw(queue: Queue) -> None:
    """Draw all of it; a name in the address that means nothing is said and the rest is shown."""
    found, problem = embed.read()
    with st.container(key="embed"):
        if problem:
            _notice(problem)
        lesson_card.text()
        _controls(found.controls, session.draft().experiment)
        setting = runs.draft_setting(session.draft())
        if not runs.automatic(setting) and missing(setting.experiment) is None:
            button.draw(queue, setting)

        def charts(address: Address, now: Runs | None, drawn: Runs | None, baseline: Runs | None) -> None:
            _chart(found, address, drawn, baseline)
            if found.verdict:
                live.say_verdict(now, baseline, offer=False)

        live.draw(queue, charts)
        _foot()


def _controls(names: tuple[str, ...], experiment: Experiment) -> None:
    """The controls that the address names, side by side where there is room."""
    drawn = [name for name in names if embed.movable(name, experiment)]
    if not drawn:
        return
    columns = st.columns(min(len(drawn), MOST_COLUMNS), gap="medium")
    for number, name in enumerate(drawn):
        with columns[number % len(columns)]:
            _control(name, experiment)


def _control(name: str, experiment: Experiment) -> None:
    place, _, short = name.partition(".")
    if name in (SEEDS, controls.FOLDS_PATH):
        controls.repeat_one(name)
    elif not short:
        widgets.kind_control(place, form.LABELS[place], CHOICES[place], getattr(experiment, place))
    elif name == "dropout.rates":
        form.dropout(experiment)
    else:
        declared = next(each for each in params_of(type(experiment.parts[place])) if each.name == short)
        widgets.control(declared, name, experiment.values[name])


def _chart(found: Embedding, address: Address, drawn: Runs | None, baseline: Runs | None) -> None:
    name, instead = embed.chart(found.chart, address.experiment)
    if instead:
        _notice(instead)
    chart_grid.draw_one(address.experiment, drawn, baseline, name)


def _foot() -> None:
    """The settings in words, also those without a control, and the link to the whole page."""
    address = session.draft()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="embed-foot"):
        words = f"Settings: {lesson.in_words(address)}."
        st.html(f'<p class="rd-caption" data-testid="rd-settings">{escape(words)}</p>', width="stretch")
        st.link_button("Open in Regdash", share.link(to_address(address)), type="tertiary")


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
