"""What the visitor's runs take up, what becomes of them, and what can be had back from the bin."""

import time
from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.settings import Settings, settings
from regdash.store.ids import ANONYMOUS
from regdash.store.shelf import BIN_SECONDS
from regdash.ui import runs_actions, session
from regdash.ui.runs_list import title
from regdash.ui.runs_rows import Row
from regdash.ui.runs_times import ago, megabytes

MOST = 30  # that are listed


def draw(queue: Queue, rows: Sequence[Row], binned: Sequence[Row]) -> None:
    """The line about storage, and the bin where there is something in it."""
    forgotten = all(each.startswith(ANONYMOUS) for each in session.sessions())
    st.html(f'<p class="rd-caption" data-testid="rd-storage">{escape(in_words(rows, settings(), forgotten))}</p>')
    lately = [row for row in binned if row.kept and row.kept.deleted > time.time() - BIN_SECONDS]
    if lately:
        with st.expander(f"Recently deleted ({len(lately)})", key="runs-bin"):
            _bin(queue, lately)


def in_words(rows: Sequence[Row], limits: Settings, anonymous: bool = True) -> str:
    """'1.3 of 4,000 MB of this server', and how long runs are kept."""
    runs = {run.run_id: run.size for row in rows for run in row.runs}
    taken = f"Your {len(runs):,} runs take {megabytes(sum(runs.values()))} of {limits.max_store_mb:,.0f} MB here."
    if not anonymous:
        return f"{taken} You have signed in, so they are kept until you delete them."
    pinned = sum(row.pinned for row in rows)
    stay = f"Pinned ones ({pinned}) stay." if pinned else "Pin what must stay."
    return (
        f"{taken} Runs that nobody has asked for in {limits.keep_days:g} days are deleted, and sooner, the oldest "
        f"first, when the server is full. {stay}"
    )


def _bin(queue: Queue, binned: Sequence[Row]) -> None:
    st.html('<p class="rd-caption">For a day you can have them back; then what nobody else uses is deleted.</p>')
    for row in sorted(binned, key=lambda row: -(row.kept.deleted if row.kept else 0))[:MOST]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"runs-bin-{row.key}"):
            when = ago(row.kept.deleted) if row.kept else ""
            st.html(f'<p class="rd-said"><em>{escape(title(row))}</em>, deleted {when}</p>', width="stretch")
            st.button("Restore", key=f"runs-restore-{row.key}", on_click=runs_actions.restore, args=(queue, [row.key]))
