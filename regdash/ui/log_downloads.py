"""Runs and searches as files of other programs: TensorBoard's log directory, Optuna's study."""

import time
from collections.abc import Sequence

import streamlit as st

from regdash.comparison import names
from regdash.export.event_files import event_files
from regdash.jobs.queue import Queue
from regdash.jobs.searches import SearchView
from regdash.record import RunRecord
from regdash.repeats import Setting

NONE_ENDED = "None of these runs has ended yet."
BOARD = (
    "A zip of a log directory with scalars, histograms of weights and HParams. Unpack it and start "
    "tensorboard --logdir in it."
)
STUDY = (
    "An SQLite file for Optuna: optuna.load_study(study_name='regdash', storage='sqlite:///regdash-study.db') has "
    "every trial that has ended."
)


def log_buttons(queue: Queue, settings: Sequence[Setting], called: Sequence[str] = (), key: str = "logs") -> None:
    """The button that downloads the ended runs of these settings for TensorBoard; it is packed when it is pressed.

    `called` are the settings' names, found from what differs where they are left out.
    """
    ended = any(records_of(queue, [setting]) for setting in settings)
    st.download_button(
        "TensorBoard (zip)",
        data=lambda: packed(queue, settings, called),
        file_name="regdash-tensorboard.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"{key} tensorboard",
        disabled=not ended,
        help=BOARD if ended else NONE_ENDED,
    )


def packed(queue: Queue, settings: Sequence[Setting], called: Sequence[str] = ()) -> bytes:
    """The zip file of the ended runs of these settings."""
    given = list(called) or [""] * len(settings)
    found = names([setting.experiment for setting in settings], given)
    runs = [(name, run) for name, each in zip(found, settings, strict=True) for run in records_of(queue, [each])]
    return event_files(runs, time.time())


def records_of(queue: Queue, settings: Sequence[Setting]) -> list[RunRecord]:
    """The records of these settings' runs that have ended and have epochs."""
    views = queue.watch([run for setting in settings for run in setting.ids])
    found = [view.record for view in views if view is not None and view.record is not None]
    return [record for record in found if len(record.history.epochs)]


def study_button(view: SearchView) -> None:
    """The button that downloads a search for Optuna; nothing while no trial has ended."""
    if not any(each.told for each in view.trials):
        return
    st.download_button(
        "Optuna study (SQLite)",
        data=lambda: _study(view),
        file_name="regdash-study.db",
        mime="application/vnd.sqlite3",
        on_click="ignore",
        key=f"study {view.id}",
        help=STUDY,
    )


def _study(view: SearchView) -> bytes:
    from regdash.search.study_file import study_file  # loads Optuna, which pages otherwise go without

    return study_file(view.plan, view.trials)
