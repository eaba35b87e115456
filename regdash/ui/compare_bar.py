"""How far the runs of a comparison are, what is missing, and the buttons that train and cancel."""

from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.ui import compare_runs, compare_state, status
from regdash.ui.compare_runs import Lanes
from regdash.ui.rows import missing as rows_missing

ORDERED = "comparison ordered"  # True from the press of a button that asks for runs until they are asked for


def ordered(taken: bool = True) -> bool:
    """Whether a button has just asked for runs; `taken` by whoever asks for them now."""
    return bool(st.session_state.pop(ORDERED, False) if taken else st.session_state.get(ORDERED, False))


def order() -> None:
    """Have what is missing trained."""
    st.session_state[ORDERED] = True


def draw(queue: Queue, lanes: Lanes) -> None:
    """One line; nothing to press when all runs are here."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.html(line(queue, lanes), width="stretch")
        if lanes.moving:
            help = "Stop; what has been trained is kept."
            st.button("Cancel", key="compare-cancel", on_click=_cancel, args=(queue, lanes), help=help)
        elif lanes.lacking:
            words = "Train it" if lanes.lacking == 1 else "Train them"
            st.button(words, key="compare-train", type="primary", on_click=order)


def line(queue: Queue, lanes: Lanes, name: str = "rd-compare-state") -> str:
    """How far the runs are, as HTML; `name` is the line's name for programs."""
    word = "running" if lanes.moving else "lacking" if lanes.lacking else "done"
    return _line(word, _sentence(queue, lanes), _share(lanes), name)


def _cancel(queue: Queue, lanes: Lanes) -> None:
    compare_state.say(compare_runs.cancel(queue, lanes))


def _line(word: str, sentence: str, share: float, name: str) -> str:
    """The line and its bar as HTML, with the state as data for programs."""
    percent, busy = round(100 * share), str(word == "running").lower()
    return (
        f'<div class="rd-status" data-testid="{name}" data-state="{word}" role="status">'
        f"<span>{escape(sentence)}</span>"
        f'<div class="rd-bar" data-busy="{busy}" role="progressbar" aria-label="Training progress" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div></div>'
    )


def _sentence(queue: Queue, lanes: Lanes) -> str:
    if lanes.moving:
        return _moving(queue, lanes)
    if lanes.lacking:
        return _lacking(lanes)
    gone = [lane.gone for lane in lanes.lanes if lane.gone]
    if gone:
        return gone[0]
    return f"All {lanes.wanted} runs are here." if lanes.wanted > 1 else "All runs are here."


def _moving(queue: Queue, lanes: Lanes) -> str:
    engine = queue.engine()
    running = [view for view in lanes.views if view.state == "running"]
    if engine.state != "ready" and not running:
        return engine.sentence or status.STARTING
    done = sum(view.state == "done" for view in lanes.views)
    if not running:
        return f"Waiting for the engine: {done} of {lanes.wanted} runs are done."
    lefts = [view.seconds_left for view in running if view.seconds_left is not None]
    left = f", about {max(lefts):.0f} s left" if lefts and max(lefts) >= 1 else ""
    return f"Training: {done} of {lanes.wanted} runs done{left}."


def _lacking(lanes: Lanes) -> str:
    """What is missing, how long it takes, and why some of it cannot be had."""
    are = "is" if lanes.lacking == 1 else "are"
    seconds = compare_runs.seconds(lanes)
    about = f" Training {'it' if are == 'is' else 'them'} takes about {seconds:.0f} s." if seconds >= 1 else ""
    reasons = [lane.failure for lane in lanes.lanes if lane.failure]
    for setting in lanes.settings:
        gap = rows_missing(setting.experiment)
        reasons += [gap.sentence] if gap is not None else []
    why = "".join(f" {sentence}" for sentence in dict.fromkeys(reasons))
    return f"{lanes.lacking} of {lanes.wanted} runs {are} not here.{about}{why}"


def _share(lanes: Lanes) -> float:
    """The share of all epochs that is done, 0 to 1."""
    if not lanes.views:
        return 0.0
    done = (1.0 if v.state in ("done", "failed") else v.epochs_done / max(v.epochs_total, 1) for v in lanes.views)
    return sum(done) / max(lanes.wanted, 1)
