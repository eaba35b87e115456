"""What can be taken away from a comparison: its link, and its runs for other programs."""

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.ui import compare_report, compare_state, log_downloads, share
from regdash.ui.compare_runs import Lanes

TITLE = "Comparison"


def draw(queue: Queue, lanes: Lanes) -> None:
    """The row of buttons under the table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare-files"):
        share.popover(TITLE, compare_state.link(), "compare")
        compare_report.menu(lanes)
        if lanes.settings:
            own = [lane.series.name for lane in lanes.lanes if lane.entry.setting is not None]
            log_downloads.log_buttons(queue, lanes.settings, own, key="compare-logs")
