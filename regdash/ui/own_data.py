"""A table of the visitor's own: choose a file, say what is to be predicted and from what, look at it, use it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from regdash.datasets.own import NO_TABLE, OwnTable, tables_folder
from regdash.datasets.table_files import load_facts, mark_of, path_of, save_table
from regdash.datasets.table_limits import LIMITS, Limits
from regdash.datasets.tables import InvalidTable, Prepared, Table, guessed_target, prepare, read_table, task_of
from regdash.errors import DataMissing, InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.settings import settings
from regdash.ui import frame, own_preview, session, widgets

PATH = "data.table"  # the setting that this section edits
TASKS = {"classification": "Classes", "regression": "Numbers"}
MOST_REMARKS = 3
MISSING = {"impute": "Fill them in", "refuse": "Refuse the table"}


@dataclass(frozen=True)
class Choice:
    """What the visitor has chosen in an uploaded table."""

    target: str
    inputs: tuple[str, ...]
    task: str
    missing: str


def draw(experiment: Experiment) -> None:
    """Draw the section: the table in use, the uploader, and what is chosen in the file."""
    own = experiment.data
    if not isinstance(own, OwnTable):
        return
    _in_use(own)
    limits = _limits()
    megabytes = max(1, limits.upload_bytes // 2**20)
    file = st.file_uploader(
        "CSV or Parquet file",
        key="own-file",
        max_upload_size=megabytes,
        help=f"A header line and at least 20 rows; at most {megabytes} MB, {limits.rows:,} rows and {limits.columns} "
        "columns. What you choose below is kept on this machine under a mark made from its content, and whoever has "
        "the link to your page can train on it too.",
    )
    widgets.fault(PATH)
    if file is None:
        return
    read = _read(file.file_id, file.name, file)
    if isinstance(read, InvalidTable):
        _say(read.errors, "file")
    else:
        _section(experiment, read, file.file_id)


def _limits() -> Limits:
    """What this server takes: as many rows as it trains on."""
    return replace(LIMITS, rows=min(LIMITS.rows, settings().max_rows))


def _in_use(own: OwnTable) -> None:
    """What is trained on at the moment, or the sentence that says why nothing is."""
    if not own.table:
        _notice(NO_TABLE)
        return
    try:
        facts = load_facts(tables_folder(), own.table)
    except DataMissing as error:
        _notice(str(error))
        return
    aim = f"{len(facts.class_names)} classes" if facts.class_names else "numbers"
    inputs = "1 input" if facts.features == 1 else f"{facts.features} inputs"
    st.html(
        f'<p class="rd-own" data-testid="rd-own">In use: {facts.rows:,} rows, {inputs}, '
        f"predicting <em>{escape(facts.target_name)}</em> ({aim}).</p>"
    )


def _section(experiment: Experiment, table: Table, file: str) -> None:
    """The choices below the uploader, each with its fault, then preview and use."""
    _remarks(table)
    target, at_target = _target(table, file), st.container()
    task, at_task = _task(table, target, file), st.container()
    inputs, at_inputs = _inputs(table, target, file), st.container()
    missing, at_missing = _missing(table, inputs, file), st.container()
    choice = Choice(target, inputs, task, missing)
    found = _prepared(file, choice, table)
    errors = found.errors if isinstance(found, InvalidTable) else {}
    for field, place in {"target": at_target, "task": at_task, "inputs": at_inputs, "missing": at_missing}.items():
        with place:
            _say(errors, field)
    prepared, mark = found if not isinstance(found, InvalidTable) else (None, "")
    if st.button("Preview", key="own-preview", width="stretch"):
        own_preview.draw(table, prepared)
    used = bool(mark) and mark == experiment.values.get(PATH)
    label = "This table is in use" if used else "Use this table"
    pressed = st.button(label, key="own-use", type="primary", width="stretch", disabled=used or prepared is None)
    if pressed and prepared is not None and not used:
        _use(experiment, prepared)


def _remarks(table: Table) -> None:
    """What was assumed while reading; the preview has the rest."""
    own = [f"{column.name}: {column.note}" for column in table.columns if column.usable and column.note]
    found = [*table.notes, *own]
    for remark in found[:MOST_REMARKS]:
        _notice(remark)
    if len(found) > MOST_REMARKS:
        _notice(f"{len(found) - MOST_REMARKS} more remarks stand in the preview.")


def _target(table: Table, file: str) -> str:
    names = table.names
    place = names.index(guessed_target(table))
    chosen: str = st.selectbox(
        "Target", names, place, key=f"own-target {file}", help="The column that the network is to predict."
    )
    return chosen


def _task(table: Table, target: str, file: str) -> str:
    tasks = tuple(TASKS)
    chosen: str = st.selectbox(
        "Predict",
        tasks,
        tasks.index(task_of(table.column(target))),
        format_func=lambda task: TASKS.get(task, task),
        key=f"own-task {file} {table.names.index(target)}",
        help="Words and few whole numbers are classes; other numbers are values to predict.",
    )
    return chosen


def _inputs(table: Table, target: str, file: str) -> tuple[str, ...]:
    usable = table.inputs_for(target)
    out = len(table.columns) - 1 - len(usable)
    chosen = st.multiselect(
        "Inputs",
        usable,
        usable,
        key=f"own-inputs {file} {table.names.index(target)}",
        help="The columns that the network may look at. Categories become one input each. "
        + (f"{out} columns cannot be used; the preview says why." if out else ""),
    )
    return tuple(chosen)


def _missing(table: Table, inputs: tuple[str, ...], file: str) -> str:
    """Only asked where cells are missing."""
    if not any(table.column(name).missing for name in inputs):
        return "refuse"
    ways = tuple(MISSING)
    chosen: str = st.selectbox(
        "Missing cells",
        ways,
        0,
        format_func=lambda way: MISSING.get(way, way),
        key=f"own-missing {file}",
        help="Filled in, a number becomes the median of its column and a category one of its own. The median knows a "
        "little of the validation and test rows; where that matters, fill in the cells yourself.",
    )
    return chosen


def _use(experiment: Experiment, prepared: Prepared) -> None:
    """Keep the table and make it the data of the draft, with the share for training that suits it."""
    try:
        mark = save_table(prepared, tables_folder())
        own = OwnTable(table=mark, rows=min(max(len(prepared.targets), 20), LIMITS.rows))
        follow: dict[str, Any] = {"split.train": OwnTable.default_train}
        follow |= {} if prepared.class_names else {"split.label_noise": 0.0}
        changed = experiment.with_part("data", own).with_values(follow)
        _bring(changed, mark)
    except InvalidExperiment as error:
        session.refuse(PATH, "", error)
        st.rerun()
    except RegdashError as error:
        _say({"file": str(error)}, "file")
    else:
        session.accept(PATH)
        session.edit(changed)
        st.rerun()


def _bring(changed: Experiment, mark: str) -> None:
    """Let the table count for this visitor; one that is too much for them is not kept on this machine either."""
    try:
        frame.connect().bring(session.owner(), changed)
    except RegdashError:
        path_of(tables_folder(), mark).unlink(missing_ok=True)
        raise


@st.cache_resource(max_entries=8, ttl=3600, show_spinner=False)
def _read(file: str, name: str, _upload: Any) -> Table | InvalidTable:
    """The uploaded file as a table, read once; `file` is the server's own name for this upload."""
    try:
        return read_table(_upload.getvalue(), name, _limits())
    except InvalidTable as error:
        return error


@st.cache_resource(max_entries=8, ttl=3600, show_spinner=False, hash_funcs={Choice: repr})
def _prepared(file: str, choice: Choice, _table: Table) -> tuple[Prepared, str] | InvalidTable:
    """The choice as numbers, with its mark."""
    try:
        made = prepare(_table, choice.target, choice.inputs, choice.task, choice.missing)  # type: ignore[arg-type]
    except InvalidTable as error:
        return error
    return made, mark_of(made)


def _say(errors: Mapping[str, str], field: str) -> None:
    if field in errors:
        st.html(f'<p class="rd-fault" role="alert">{escape(errors[field])}</p>')


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="status">{escape(sentence)}</p>')
