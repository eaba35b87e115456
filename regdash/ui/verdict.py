"""The line under the charts: what the curves say, what to try next, and a button that does it."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from regdash.diagnosis import Diagnosis
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment, differences
from regdash.ui import edit, session


def draw(found: Diagnosis | None, offer: bool = True) -> None:
    """One line of plain words; where the next step is a change of settings, a button offers to make it."""
    if found is None:
        st.html('<p class="rd-verdict" data-kind="none">&nbsp;</p>')
        return
    draft = session.draft().experiment
    after = changed(draft, found.changes) if offer else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key="verdict"):
        st.html(_sentence(found), width="stretch")
        if after is not None:
            words = "; ".join(map(str, differences(draft, after)))
            st.button("Try it", on_click=session.edit, args=(after,), help=words, key="try it")


def changed(draft: Experiment, changes: Mapping[str, Any]) -> Experiment | None:
    """The draft with the changes of a diagnosis; None when there are none, or the draft cannot have them."""
    after = draft
    try:
        for path, value in changes.items():
            after = edit.with_setting(after, path, value)
    except InvalidExperiment:
        return None
    return after if after != draft else None


def _sentence(found: Diagnosis) -> str:
    head, _, rest = found.sentence.partition(":")
    return (
        f'<p class="rd-verdict" data-kind="{escape(found.kind)}" data-testid="rd-verdict">'
        f"<strong>{escape(head)}:</strong>{escape(rest)} <span>{escape(found.next_step)}</span></p>"
    )
