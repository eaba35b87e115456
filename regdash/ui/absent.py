"""What the page shows in place of the charts while there are no rows: why, and how to get them."""

from html import escape

import streamlit as st

from regdash.datasets import Digits
from regdash.datasets.sources import SOURCES
from regdash.experiment import Experiment
from regdash.ui import edit, session
from regdash.ui.fetching import Fetch, Fetches, fetches
from regdash.ui.rows import Missing

POLL_SECONDS = 0.5


def draw(experiment: Experiment, missing: Missing) -> None:
    """Draw the empty state; while something is downloaded it is drawn anew by itself."""
    name = missing.download
    if not name:
        with st.container(key="absent"):
            _say(f"<h2>{escape(experiment.data.label)} cannot be trained on yet</h2>{_paragraph(missing.sentence)}")
        return
    fetch = fetches().look(name)
    busy = fetch is not None and fetch.state == "running"
    st.fragment(_area, run_every=POLL_SECONDS if busy else None)(experiment, missing, busy)


def progress(fetch: Fetch) -> str:
    """How far a download is, in words: Downloading: 43 %, about 12 s left."""
    left, percent = fetch.seconds_left, f"{100 * fetch.share:.0f} %"
    if not fetch.share:
        return "The download begins."
    if left is None:
        return f"Downloading: {percent}."
    words = f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min"
    return f"Downloading: {percent}, about {words} left."


def megabytes(name: str) -> float:
    """The size of a download in MB."""
    return sum(SOURCES[name].files.values()) / 1e6


def _area(experiment: Experiment, missing: Missing, busy: bool) -> None:
    if session.draft().experiment != experiment:
        st.rerun()  # the draft has changed meanwhile
    here, name = fetches(), missing.download
    fetch = here.look(name)
    if busy and (fetch is None or fetch.state != "running"):
        st.rerun()  # with the rows that have come, or with the sentence that says why they have not
    with st.container(key="absent"):
        _introduce(experiment, missing, fetch)
        if fetch is not None and fetch.state == "running":
            _running(here, name, fetch)
        else:
            _offer(here, name, again=fetch is not None)


def _introduce(experiment: Experiment, missing: Missing, fetch: Fetch | None) -> None:
    name, data = missing.download, experiment.data
    size = f"{data.help} It is downloaded once through Keras, {megabytes(name):.0f} MB, and kept on this machine."
    failed = f'<p class="rd-notice" role="alert">{escape(fetch.error)}</p>' if fetch and fetch.error else ""
    state = fetch.state if fetch else "idle"
    _say(f"<h2>{escape(data.label)} is not on this machine yet</h2>{_paragraph(size)}{failed}", state)


def _running(here: Fetches, name: str, fetch: Fetch) -> None:
    percent = round(100 * fetch.share)
    st.html(
        f'<p class="rd-fetching" role="status">{escape(progress(fetch))}</p>'
        f'<div class="rd-fetch" role="progressbar" aria-label="Download" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
    )
    if here.waits(name, session.owner()):
        st.button("Cancel", key="fetch-cancel", on_click=here.leave, args=(name, session.owner()))


def _offer(here: Fetches, name: str, again: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        label = "Download again" if again else "Download"
        if st.button(label, key="fetch", type="primary"):
            here.begin(name, session.owner())
            st.rerun()
        st.button("Use Digits instead", key="fetch-instead", on_click=_use_digits)


def _use_digits() -> None:
    session.edit(edit.with_kind(session.draft().experiment, "data", Digits.name))


def _say(html: str, state: str = "idle") -> None:
    st.html(f'<div class="rd-absent" data-testid="rd-absent" data-state="{state}">{html}</div>')


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>"
