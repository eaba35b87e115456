"""The pulse of the Runs page: it looks whether runs have moved on, and reads the records of rows that are not shown."""

from collections.abc import Callable, Hashable, Sequence

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.store.trained import Trained
from regdash.ui.fragments import rerun_every, rerun_fragment, this_fragment
from regdash.ui.runs_figures import read

MOVING, READING = 2.0, 0.4  # seconds between two looks, while something trains and while records are being read


def draw(queue: Queue, look: Callable[[], list[Trained]], found: Sequence[Trained], new: Sequence[Trained]) -> None:
    """Begin it inside the area that is to be drawn anew when there is more; `new` are the records still to be read."""
    st.fragment(_beat)(queue, look, stamp(found), list(new), this_fragment(), [True])


def stamp(found: Sequence[Trained]) -> Hashable:
    """Equal as long as no run has moved on and none has come or gone."""
    return hash(tuple((run.run_id, run.state, run.epochs_done, run.version, run.asked) for run in found))


def moving(found: Sequence[Trained]) -> bool:
    """Whether a run waits or trains."""
    return any(run.state in ("waiting", "running") for run in found)


def _beat(
    queue: Queue,
    look: Callable[[], list[Trained]],
    before: Hashable,
    new: list[Trained],
    area: str,
    first: list[bool],
) -> None:
    """One look. The first one, drawn together with the area, only says what is still to be done."""
    again = not first
    first.clear()
    try:
        if again and new:
            del new[: len(new) - read(queue, new)]
            if not new:
                return rerun_fragment(area)
        now = look()
    except RegdashError:
        return rerun_every(MOVING)  # the store is busy
    if stamp(now) != before:
        return rerun_fragment(area)
    if new:
        st.html(f'<p class="rd-caption" role="status">Reading the figures of {len(new):,} more runs.</p>')
    return rerun_every(READING if new else MOVING if moving(now) else None)
