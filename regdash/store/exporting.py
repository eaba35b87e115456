"""Write a store, or a part of it, into one .zip that another store can take in.

regdash.json                          what this is
runs.jsonl, requests.jsonl, ...       one row in each line
records/<run id>.npz, tables/<mark>, imported/<id>, lesson_files/<id>   as they are kept, never pickled
"""

import json
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, case, exists, or_, select

from regdash.errors import RegdashError
from regdash.store.database import Database
from regdash.store.schema import (
    answers,
    contributions,
    imported,
    lesson_files,
    lesson_holders,
    lessons_done,
    pupils,
    records,
    requests,
    rooms,
    runs,
    searches,
    shelf,
    tables,
    trials,
)
from regdash.store.upgrade import LATEST

FORMAT = "regdash store"
ROWS = (requests, rooms, pupils, contributions, searches, trials, shelf, answers, lessons_done, lesson_holders)
BLOBS = (tables, imported, lesson_files)
CHUNK = 50  # records in memory at once
KEPT = ("id", "experiment", "status", "error", "epochs_done", "epochs_total", "probed", "pinned")
TIMES = ("created", "queued", "started", "updated")


def export_store(database: Database, path: Path, session: str = "", room: str = "") -> int:
    """Write all that is kept, or the ended runs of a session or a room, to a .zip; returns how many runs.

    The whole store holds requests, rooms, searches, shelves, answers and what visitors brought as well, and runs that
    still wait; a part of it never names a session, and of searches it has the runs.
    """
    try:
        handle, part = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                number = _write(database, archive, session, room)
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise RegdashError(f"{path} cannot be written: {error.strerror or error}.") from None
    return number


def _write(database: Database, archive: zipfile.ZipFile, session: str, room: str) -> int:
    whole = not (session or room)
    about = {"format": FORMAT, "version": 1, "tables": LATEST, "whole": whole, "written": time.time()}
    archive.writestr("regdash.json", json.dumps(about))
    with database.reading(one_moment=True) as connection:
        if whole:
            for table in ROWS:
                query = select(table).order_by(*table.primary_key)
                _write_rows(archive, f"{table.name}.jsonl", _rows(connection, query))
            for table in BLOBS:
                rest = select(*[column for column in table.c if column.name != "data"])
                _write_rows(archive, f"{table.name}.jsonl", _rows(connection, rest))
                blobs = select(table.c.id, table.c.data)
                _write_blobs(connection, archive, f"{table.name}/{{}}", select(table.c.id), blobs)
        chosen = _chosen(session, room)
        number = _write_rows(archive, "runs.jsonl", _rows(connection, chosen))
        ids = select(records.c.run_id).where(records.c.run_id.in_(chosen.with_only_columns(runs.c.id)))
        _write_blobs(connection, archive, "records/{}.npz", ids, select(records))
    return number


def _chosen(session: str, room: str) -> Select[Any]:
    state = case((runs.c.state == "running", "waiting"), else_=runs.c.state).label("state")
    query = select(*(runs.c[name] for name in (*KEPT, *TIMES)), state)
    if session:
        askers = select(searches.c.asker).where(searches.c.session == session)
        by_them = or_(requests.c.session == session, requests.c.session.in_(askers))
        query = query.where(exists().where(requests.c.run_id == runs.c.id, by_them))
    if room:
        query = query.where(exists().where(contributions.c.run_id == runs.c.id, contributions.c.room == room))
    return query.where(runs.c.state.in_(("done", "failed"))) if session or room else query


def _rows(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    with connection.execute(query.execution_options(yield_per=500)) as rows:
        for row in rows:
            yield dict(row._mapping)


def _write_rows(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> int:
    number = 0
    with archive.open(name, "w", force_zip64=True) as file:
        for row in rows:
            file.write(json.dumps(row).encode() + b"\n")
            number += 1
    return number


def _write_blobs(
    connection: Connection, archive: zipfile.ZipFile, name: str, ids: Select[Any], blobs: Select[Any]
) -> None:
    """Copy blobs, a few at a time, as they are: they are compressed already."""
    every = list(connection.scalars(ids))
    key = blobs.selected_columns[0]
    for begin in range(0, len(every), CHUNK):
        for id_, data in connection.execute(blobs.where(key.in_(_part(every, begin)))):
            archive.writestr(name.format(id_), data, zipfile.ZIP_STORED)


def _part(ids: Sequence[str], begin: int) -> Sequence[str]:
    return ids[begin : begin + CHUNK]
