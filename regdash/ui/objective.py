"""The row above the charts: the objective with the visitor's numbers, what else regularises, seeds, and cautions."""

from html import escape

import streamlit as st

from regdash.cautions import warnings_before
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.links import Address
from regdash.ui import controls, formula, tray, widgets
from regdash.ui.kept import kept


def draw(queue: Queue, address: Address, trainable: bool) -> None:
    """What is made small, what else regularises, and what is known to fail."""
    what = ("objective", address.experiment, trainable)
    minimised, beside, cautions = kept(what, lambda: _said_of(address.experiment, trainable))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="formula"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="terms"):
            st.markdown(minimised, width="content")
            if beside:
                st.html(beside, width="content")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="repeats"):
            controls.repeat()
            controls.baseline()
            tray.add_button(queue, address.experiment, address.seeds, "train")
    widgets.fault("split.folds")
    if cautions:
        st.html(cautions)


def _said_of(experiment: Experiment, trainable: bool) -> tuple[str, str, str]:
    """The objective as a formula, what stands beside it, and the cautions."""
    beside = "".join(f"<li>{escape(words)}</li>" for words in formula.beside(experiment))
    cautions = warnings_before(experiment) if trainable else ()
    said = "".join(f'<p class="rd-caution" role="alert">{escape(text)}</p>' for text in cautions)
    return f"${formula.objective(experiment)}$", beside and f'<ul class="rd-beside">{beside}</ul>', said
