"""The live part of the Train page: it polls while runs move and draws what there is."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from regdash.diagnosis import diagnose
from regdash.errors import RegdashError
from regdash.experiment import Experiment, differences
from regdash.jobs.queue import Queue
from regdash.links import Address
from regdash.ui import (
    absent,
    chart_grid,
    figures,
    objective,
    runs,
    score_table,
    session,
    status,
    train_report,
    verdict,
)
from regdash.ui.code_dialog import code_button
from regdash.ui.download import download_curves
from regdash.ui.fragments import rerun_every, rerun_fragment, this_fragment
from regdash.ui.kept import kept
from regdash.ui.members import Runs, pairs
from regdash.ui.pace import crowd
from regdash.ui.rows import missing
from regdash.ui.train_button import PULSE

ASKED_AT = "asked at"  # when runs were asked for, by the clock of this process


Charts = Callable[[Address, Runs | None, Runs | None, Runs | None], None]
"""Draws the runs that are followed, those to be drawn meanwhile, and those of a comparable baseline."""


def draw(queue: Queue, charts: Charts | None = None) -> None:
    """Ask for the runs of the draft, wait a moment for short ones, then draw and keep drawing while they move.

    `charts` draws the runs in place of the whole page's formula, figures and charts.
    """
    address = session.draft()
    gap = missing(address.experiment)
    if charts is None:
        objective.draw(queue, address, trainable=gap is None)
    try:
        if gap is not None:
            runs.rest(queue, address.experiment)
            return absent.draw(address.experiment, gap)
        if runs.follow(queue, runs.draft_setting(address), runs.baseline_setting(address)):
            _wait(queue)
    except RegdashError as error:
        return _notice(str(error))
    st.fragment(_area)(queue, address, charts or _charts)
    if charts is None:
        code_button(queue, address.experiment, "train")
    return None


def _wait(queue: Queue) -> None:
    """Give runs that were asked for just now a moment, so that short ones are drawn once and finished."""
    crowd.note(session.owner(), True)
    st.session_state[ASKED_AT] = time.monotonic()
    runs.wait(queue, crowd.patience())


@dataclass(frozen=True)
class _Found:
    """The runs that the page follows, as they stand, and those to be drawn."""

    now: Runs | None
    drawn: Runs | None
    pinned: Runs | None
    starting: bool  # the engine is

    @property
    def moving(self) -> bool:
        return self.starting or any(each is not None and each.moving for each in (self.now, self.pinned))

    @property
    def stamp(self) -> tuple[Hashable, ...]:
        """Equal as long as the area would look the same; runs that wait leave what was drawn before them."""
        return tuple(each and each.stamp for each in (self.drawn, self.pinned))


@dataclass
class _Shown:
    """What the area shows, so that its pulse sees when there is more, or when the drawing was cut short."""

    fragment: str
    stamp: tuple[Hashable, ...]
    at: float
    whole: bool = False

    def outdated(self, found: _Found, since: float) -> bool:
        """Whether there is more, and a pause has passed since the drawing and since the runs were asked for."""
        pause = crowd.between_drawings() if found.moving else 0.0
        more = found.stamp != self.stamp or not self.whole
        return more and time.monotonic() - max(self.at, since) >= pause


def _look(queue: Queue, address: Address) -> _Found:
    now, pinned = (runs.look(queue, each) for each in (runs.asked(), runs.baseline_setting(address)))
    return _Found(now, runs.drawable(queue, now), pinned, queue.engine().state == "starting")


def _area(queue: Queue, address: Address, charts: Charts) -> None:
    """All that shows the runs."""
    if session.draft() != address:
        st.rerun()  # the draft has changed meanwhile: the form has to follow
    try:
        found = _look(queue, address)
    except RegdashError as error:
        return _notice(str(error))
    shown = _Shown(this_fragment(), found.stamp, time.monotonic())
    st.fragment(_pulse)(queue, address, shown, [found])
    charts(address, found.now, found.drawn, _comparable(found.pinned, address))
    shown.whole = True
    return None


def _pulse(queue: Queue, address: Address, shown: _Shown, first: list[_Found]) -> None:
    """The line that says how far the runs are. While they move it looks after them, and has the area drawn anew."""
    if session.draft() != address:
        st.rerun()
    st.session_state[PULSE] = this_fragment()
    try:
        if runs.pressed(taken=True):
            _wait(queue)
        began, again = time.monotonic(), not first
        found = first.pop() if first else _look(queue, address)
    except RegdashError as error:
        return _notice(str(error))
    if again and shown.outdated(found, since=st.session_state.get(ASKED_AT, 0.0)):
        return rerun_fragment(shown.fragment)
    _bar(queue, found.now, address)
    crowd.note(session.owner(), found.moving, time.monotonic() - began)
    return rerun_every(crowd.interval() if found.moving else None)


def _charts(address: Address, now: Runs | None, drawn: Runs | None, baseline: Runs | None) -> None:
    compared = (
        baseline if baseline and baseline.histories and not (drawn and baseline.setting == drawn.setting) else None
    )
    st.html(_figures(drawn, compared))
    chart_grid.draw(address.experiment, drawn, compared)
    say_verdict(now, compared)
    score_table.draw(drawn, compared)
    chart_grid.draw_more(address.experiment, drawn, compared)
    if drawn:
        with st.container(horizontal=True, gap="small", key="take-away"):
            download_curves(drawn, compared)
            train_report.menu(address.experiment, drawn, compared)


def _figures(drawn: Runs | None, compared: Runs | None) -> str:
    def make() -> str:
        current = drawn.histories if drawn else ()
        paired = pairs(drawn, compared) if drawn else ()
        return figures.draw_figures(figures.read_figures(current, paired, _noise(drawn)))

    return kept(("figures", drawn and drawn.stamp, compared and compared.stamp), make)


def _noise(drawn: Runs | None) -> str:
    """What the runs of one setting differ in: seeds, or folds, or both."""
    if not drawn or drawn.setting.folds == 1:
        return "seed"
    return "run" if drawn.setting.seeds > 1 else "fold"


def _comparable(baseline: Runs | None, address: Address) -> Runs | None:
    """The baseline when it was trained on the same data set: losses on other data do not compare."""
    return baseline if baseline and _same_data(baseline.setting.experiment, address.experiment) else None


def _same_data(one: Experiment, other: Experiment) -> bool:
    """Whether two experiments have the same data set; two tables of one's own are two data sets."""
    tables = one.values.get("data.table"), other.values.get("data.table")
    return type(one.data) is type(other.data) and tables[0] == tables[1]


def _differs(address: Address) -> str:
    """What changed against the baseline, in words."""
    assert address.baseline is not None
    if not _same_data(address.baseline, address.experiment):
        return f"The baseline was trained on other data ({address.baseline.data.label}), so it is not drawn."
    words = "Against the baseline: " + changes_in_words(address.baseline, address.experiment)
    if address.baseline.split.folds == address.experiment.split.folds:
        return words
    return f"{words} Its folds are others, so the figures cannot be paired: pin it again with the same folds."


def changes_in_words(before: Experiment, after: Experiment) -> str:
    """'only Dropout changed: 0 → 0.3', or every change in a row, or that nothing has changed."""
    found = differences(before, after)
    if not found:
        return "nothing has changed yet. Move a slider and compare."
    if len(found) == 1:
        return f"only {found[0].label} changed: {found[0].before} → {found[0].after}."
    return "; ".join(str(each) for each in found) + "."


def _bar(queue: Queue, now: Runs | None, address: Address) -> None:
    """How far the runs are, and what can be done with them."""
    pending = runs.asked() != runs.draft_setting(address)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        width: Literal["content", "stretch"] = "stretch" if address.baseline is None else "content"
        load = queue.load() if status.waits(now) else None
        st.html(status.draw(now, queue.engine(), pending, load), width=width)
        if address.baseline is not None:
            words = f'<p class="rd-differs" data-testid="rd-differs">{escape(_differs(address))}</p>'
            st.html(words, width="stretch")
        if now is not None and now.moving:
            st.button("Cancel", on_click=runs.cancel, args=(queue,), help="Stop; what has been trained is kept.")
        elif now is not None and any(record.status.startswith("cancelled") for record in now.records):
            st.button("Train again", on_click=runs.train, args=(queue, now.setting))
    if runs.refusal():
        _notice(runs.refusal())


def say_verdict(now: Runs | None, baseline: Runs | None, offer: bool = True) -> None:
    """One line of plain words under the charts; `offer` puts a button beside it that makes the next step."""
    if now is None or now.moving:
        return verdict.draw(None)
    paired = baseline if baseline is not None and baseline.setting.folds == now.setting.folds else None
    what = ("verdict", now.stamp, paired and paired.stamp)
    return verdict.draw(kept(what, lambda: diagnose(now.records, paired.records if paired else ())), offer)


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
