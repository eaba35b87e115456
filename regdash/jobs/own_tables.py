"""Visitors' own tables on their way: from the page's data folder to the store, from there to whoever trains."""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from regdash.codec import from_json
from regdash.datasets.own import OwnTable, tables_folder
from regdash.datasets.table_files import path_of
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.settings import Settings
from regdash.store.database import Database
from regdash.store.tables import get_table, put_table


def share_tables(database: Database, session: str, experiments: Sequence[Experiment], limits: Settings) -> None:
    """Put the tables of these experiments into the store, so that every worker finds them."""
    for mark in dict.fromkeys(mark_in(experiment) for experiment in experiments):
        if mark and (path := path_of(tables_folder(), mark)).is_file():
            put_table(database, mark, session, path.read_bytes(), limits)


def fetch_table(database: Database, experiment: str) -> None:
    """Copy the table that a run trains on from the store into the data folder, where it is missing there."""
    mark = _mark_in_text(experiment)
    if mark and not path_of(tables_folder(), mark).is_file():
        with suppress(RegdashError, OSError):  # the worker then says what is missing
            data = get_table(database, mark)
            if data is not None:
                keep_table(mark, data)


def table_of(experiment: str) -> tuple[str, bytes] | None:
    """The table that a run trains on, as (mark, bytes) for a worker on another machine."""
    mark = _mark_in_text(experiment)
    try:
        return (mark, path_of(tables_folder(), mark).read_bytes()) if mark else None
    except OSError:
        return None  # the worker says what is missing


def keep_table(mark: str, data: bytes) -> None:
    """Write a table's bytes into the data folder; whoever reads them checks that they fit the mark."""
    path = path_of(tables_folder(), mark)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(part).replace(path)


def mark_in(experiment: Experiment) -> str:
    """The mark of the table that an experiment trains on; nothing for other data sets."""
    return experiment.data.table if isinstance(experiment.data, OwnTable) else ""


def _mark_in_text(experiment: str) -> str:
    if f'"{OwnTable.name}"' not in experiment:
        return ""
    try:
        return mark_in(from_json(experiment))
    except RegdashError:
        return ""
