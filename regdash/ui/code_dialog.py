"""A run as code: the Keras script to be read and copied, and the files that hold it, its notebook and its model."""

from html import escape
from typing import cast

import streamlit as st

from regdash.codec import identity
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.code import files_beside, notebook, script
from regdash.export.model import model_file
from regdash.jobs.queue import Queue
from regdash.jobs.recent import Recent
from regdash.links import to_link
from regdash.record import RunRecord
from regdash.ui import share

MADE = "code model"  # the id of the run whose model has been made
HELP = "This run as a Keras script, a Jupyter notebook, a .keras model, or a few lines of Python."
STANDARDISED = "It takes inputs as the network was trained on them: scaled as the script scales them."

_models = Recent(8)


def code_button(queue: Queue, experiment: Experiment, key: str) -> None:
    """The button that shows an experiment as code."""
    st.fragment(_button)(queue, experiment, key)


def _button(queue: Queue, experiment: Experiment, key: str) -> None:
    if st.button("Code", key=f"code {key}", help=HELP):
        _dialog(queue, experiment)


@st.dialog("This run as code", width="large")
def _dialog(queue: Queue, experiment: Experiment) -> None:
    try:
        text, cells = script(experiment, share.site()), notebook(experiment, share.site())
    except RegdashError as error:
        return _notice(str(error))
    name = f"regdash-{identity(experiment)[:8]}"
    st.caption(
        f"Seed {experiment.training.seed}: the same rows, initial weights and batches as here, with nothing but "
        "keras, tensorflow, numpy and scikit-learn."
    )
    with st.container(horizontal=True, gap="small", key="code-files"):
        _download("Script (.py)", text.encode(), f"{name}.py", "text/x-python")
        _download("Notebook (.ipynb)", cells, f"{name}.ipynb", "application/x-ipynb+json")
        _model(queue, experiment, name)
    _rows(experiment)
    keras, python = st.tabs(["Keras script", "Regdash in Python"])
    keras.code(text, language="python", height=420)
    python.code(snippet(experiment), language="python")
    return None


def snippet(experiment: Experiment) -> str:
    """A few lines that train the experiment with Regdash's own engine."""
    settings = "".join(f"    {key!r}: {value!r},\n" for key, value in to_link(experiment).items())
    return (
        "from regdash.api import from_link, train\n\n"
        f"settings = {{\n{settings}}}\n"
        "(record,) = train(from_link(settings))\n"
        'print(record.status, record.best_epoch, record.history["val_loss"].min())\n'
        "record.history.to_frame()  # every curve, indexed by epoch\n"
    )


def _download(label: str, data: bytes, name: str, mime: str) -> None:
    st.download_button(label, data=data, file_name=name, mime=mime, on_click="ignore", width="content")


def _rows(experiment: Experiment) -> None:
    """The rows of an uploaded table, which the script reads from a file beside it."""
    try:
        for name, data in files_beside(experiment).items():
            st.caption(f"The script reads the rows of your table from {name}: keep both in one folder.")
            _download("Rows (.npz)", data, name, "application/octet-stream")
    except RegdashError as error:
        _notice(str(error))


def _model(queue: Queue, experiment: Experiment, name: str) -> None:
    """The trained network: made on request, as that takes some seconds, and then downloaded."""
    record = _record(queue, experiment)
    if record is None:
        st.button("Model (.keras)", disabled=True, help="Train it first: the model holds the trained weights.")
        return None
    place = st.empty()  # the button to make it, then the button to save it
    if st.session_state.get(MADE) != record.id:
        help = f"The trained network as keras.models.load_model reads it; making it takes some seconds. {STANDARDISED}"
        if not place.button("Make the model (.keras)", key="code make", help=help):
            return None
    try:
        with place, st.spinner("Writing the model ..."):
            data = _kept_model(record)
    except RegdashError as error:
        return _notice(str(error))
    st.session_state[MADE] = record.id
    with place:
        _download("Save the model (.keras)", data, f"{name}.keras", "application/octet-stream")
    return None


def _record(queue: Queue, experiment: Experiment) -> RunRecord | None:
    try:
        (view,) = queue.watch([identity(experiment)])
    except RegdashError:
        return None
    return view.record if view is not None else None


def _kept_model(record: RunRecord) -> bytes:
    """The model of a run; the last few are kept, for all visitors."""
    data = _models.get(record.id)
    if data is None:
        data = model_file(record)
        _models.put(record.id, data)
    return cast(bytes, data)


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
