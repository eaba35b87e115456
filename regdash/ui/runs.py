"""Which runs the page asks for, follows and draws: ids only, the runs themselves lie in the store."""

import time
from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.links import Address
from regdash.ui import room, session, snapshots, tabs
from regdash.ui.estimate import is_short
from regdash.ui.members import Runs, Setting
from regdash.ui.rows import missing

ASKED = "asked"  # (experiment, seeds) whose runs the page follows
DRAWN = "drawn"  # the same for the runs that were drawn last, kept on screen until the next have curves
PRESSED = "pressed"  # True from the press of a button that asks for runs until the page looks after them
REFUSED = "refused"  # the sentence of a queue that would not take the runs

LOOK_SECONDS = 0.02


def draft_setting(address: Address) -> Setting:
    """The setting that is being edited."""
    return Setting(address.experiment, address.seeds)


def baseline_setting(address: Address) -> Setting | None:
    """The setting that was pinned."""
    return Setting(address.baseline, address.baseline_seeds) if address.baseline else None


def automatic(setting: Setting) -> bool:
    """Whether every change is trained at once: as the visitor chose, or when the run is short."""
    chosen = st.session_state[session.AUTO]
    return is_short(setting.experiment, setting.seeds * setting.folds) if chosen is None else bool(chosen)


def asked() -> Setting | None:
    """The setting whose runs the page follows."""
    found: Setting | None = st.session_state.get(ASKED)
    return found


def pressed(taken: bool = False) -> bool:
    """Whether a button has just asked for runs; `taken` by whoever looks after them now."""
    return bool(st.session_state.pop(PRESSED, False) if taken else st.session_state.get(PRESSED, False))


def refusal() -> str:
    """The sentence of a queue that would not take the runs, or nothing."""
    return str(st.session_state.get(REFUSED, ""))


def follow(queue: Queue, setting: Setting, baseline: Setting | None = None) -> bool:
    """Follow the runs of the draft: those that exist are found by identity, others are asked for.

    True when runs were asked for just now. Runs that were cancelled because the draft moved on are trained anew when
    it comes back; after a reload a cancelled run is only shown.
    """
    if baseline is not None and missing(baseline.experiment) is None and automatic(baseline):
        _submit_unknown(queue, baseline)  # opened from a link on a machine that has never trained it
    _tell_other_tabs()
    if setting == asked():
        return False
    known = [view for view in queue.watch(setting.ids) if view is not None and view.state != "failed"]
    reloaded = asked() is None
    whole = all(view.record is None or not view.record.status.startswith("cancelled") for view in known)
    if len(known) == len(setting.ids) and (whole or reloaded or not automatic(setting)):
        _leave(queue, asked(), setting)
        _turn_to(setting)
        if whole:
            _note_found(queue, setting)
        return any(view.state in ("waiting", "running") for view in known)
    if automatic(setting):
        _begin(queue, setting)
        return True
    return False


def train(queue: Queue, setting: Setting) -> None:
    """Ask for the runs of this setting and of its baseline, and no longer for those before."""
    _begin(queue, setting)
    st.session_state[PRESSED] = True
    baseline = baseline_setting(session.draft())
    if baseline is not None and missing(baseline.experiment) is None:
        _submit_unknown(queue, baseline)


def rest(queue: Queue, experiment: Experiment) -> None:
    """Follow no runs while the experiment has no rows; those that were followed are cancelled."""
    nothing = Setting(experiment, 0)
    if asked() not in (None, nothing):
        _leave(queue, asked(), nothing)
        _turn_to(nothing)


def cancel(queue: Queue) -> None:
    """End the runs that the page follows; what they have trained is kept."""
    setting = asked()
    if setting:
        _stop(queue, setting.ids)
        if tabs.followed_elsewhere(session.owner(), setting.ids):
            st.session_state[REFUSED] = "Another tab of this browser follows this run too, so it goes on."


def wait(queue: Queue, seconds: float) -> None:
    """Wait a moment for runs that are nearly done, so that a short one is drawn once and finished."""
    setting = asked()
    end = time.monotonic() + seconds
    while setting and time.monotonic() < end and (look(queue, setting) or _nothing(setting)).moving:
        time.sleep(LOOK_SECONDS)


def look(queue: Queue, setting: Setting | None) -> Runs | None:
    """The runs of a setting as they stand; None when the store does not know all of them."""
    if setting is None:
        return None
    views = [view for view in queue.watch(setting.ids) if view is not None]
    return Runs(setting, tuple(views)) if views and len(views) == len(setting.ids) else None


def drawable(queue: Queue, runs: Runs | None) -> Runs | None:
    """The runs to draw: these once they have curves, until then those that were drawn last."""
    if runs is not None and runs.histories:
        st.session_state[DRAWN] = runs.setting
        return runs
    return look(queue, st.session_state.get(DRAWN))


def _turn_to(setting: Setting) -> None:
    """Follow these runs from now on."""
    st.session_state[ASKED], st.session_state[REFUSED] = setting, ""
    _tell_other_tabs()


def _tell_other_tabs() -> None:
    shown = (asked(), baseline_setting(session.draft()))
    tabs.follow(session.owner(), [run for setting in shown if setting for run in setting.ids])


def _begin(queue: Queue, setting: Setting) -> None:
    before = asked()
    _turn_to(setting)
    _leave(queue, before, setting)
    _submit(queue, setting)


def _submit(queue: Queue, setting: Setting, found: bool = True) -> None:
    """Ask for runs; in a class they are something that the visitor has `found`, unless they are only a baseline."""
    firsts = [index for index, (_, fold) in enumerate(setting.places) if not fold]
    planar = firsts if setting.experiment.data.features == 2 else ()
    probed = range(len(setting.places)) if snapshots.kept(setting.experiment) else planar
    try:
        room.submit(queue, setting.members, probed, found)
    except RegdashError as error:
        st.session_state[REFUSED] = str(error)


def _note_found(queue: Queue, setting: Setting) -> None:
    """Let runs that were trained for somebody else already be the visitor's too: on the Runs page, and in a class."""
    if room.asked_in():
        _submit(queue, setting)
        return
    with suppress(RegdashError):  # what is only looked at is shown all the same
        if not queue.trained.asked(session.sessions(), setting.ids) >= set(setting.ids):
            room.submit(queue, setting.members, found=False)


def _submit_unknown(queue: Queue, setting: Setting) -> None:
    try:
        unknown = look(queue, setting) is None
    except RegdashError as error:
        st.session_state[REFUSED] = str(error)
        return
    if unknown:
        _submit(queue, setting, found=False)


def _stop(queue: Queue, run_ids: Sequence[str]) -> None:
    elsewhere = tabs.followed_elsewhere(session.owner(), run_ids)
    try:
        queue.cancel(session.owner(), [run for run in run_ids if run not in elsewhere])
    except RegdashError as error:
        st.session_state[REFUSED] = str(error)


def _leave(queue: Queue, before: Setting | None, setting: Setting) -> None:
    """Cancel what is no longer followed."""
    baseline = baseline_setting(session.draft())
    kept = setting.ids + (baseline.ids if baseline else ())
    gone = [run for run in (before.ids if before else ()) if run not in kept]
    if gone:
        _stop(queue, gone)


def _nothing(setting: Setting) -> Runs:
    return Runs(setting, ())
