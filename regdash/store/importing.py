"""Take an exported .zip into a store. It may come from anybody: every name, size and value is checked first."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from regdash.codec import from_json, identity, to_json
from regdash.errors import RegdashError
from regdash.record import unpack
from regdash.repeats import setting_key
from regdash.store.database import Database, upsert
from regdash.store.exporting import FORMAT
from regdash.store.import_rules import ABSENT, IMPORTED, LESSON_FILE, MOST_LINE, RULES, RUN, TABLE, checked
from regdash.store.import_searches import take_searches
from regdash.store.learning_rules import is_lesson_file
from regdash.store.names import folded
from regdash.store.requests import lock_runs
from regdash.store.schema import imported, lesson_files, records, rooms, runs, tables

NAME = re.compile(
    r"(regdash\.json|(runs|requests|rooms|pupils|contributions|tables|searches|trials|shelf|imported"
    r"|answers|lessons_done|lesson_files|lesson_holders)\.jsonl"
    r"|records/[0-9a-f]{20}\.npz|tables/[0-9a-f]{32,64}|(imported|lesson_files)/[0-9a-f]{32})",
    re.ASCII,
)
MOST_FILES = 500_000
MOST_BYTES = 2**36  # of all files together, unpacked
MOST_BLOB = 2**28  # of one record or table
MOST_RATIO = 200  # of a file of rows, unpacked to packed
MOST_SENTENCES = 1_000
CHUNK = 50
PARENTS = {"run_id": runs.c.id, "room": rooms.c.id, "file": lesson_files.c.id}
NO_EXPORT = "{} is not an export of Regdash: {}. Write one with: regdash store export FILE"


@dataclass(frozen=True)
class Imported:
    """What has been taken in."""

    runs: int  # new, or newer than what was there
    kept: int  # were there already, at least as new
    refused: Sequence[str]  # sentences


@dataclass
class _Tally:
    runs: int = 0
    kept: int = 0
    refused: list[str] = field(default_factory=list)

    def refuse(self, error: RegdashError) -> None:
        if len(self.refused) < MOST_SENTENCES:
            self.refused.append(str(error).splitlines()[0])


def import_store(database: Database, path: Path) -> Imported:
    """Merge an export into the store. Of a run that both have the newer one stays, a finished one before any other.

    Raises RegdashError when the file is no export. A single row or record that is damaged is left out and said.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive)
            tally = _Tally()
            asked = {row["run_id"] for row in _lines(archive, "requests") if isinstance(row.get("run_id"), str)}
            _take_runs(database, archive, asked, tally)
            _take_blobs(database, archive, tables, TABLE, tally)
            _take_blobs(database, archive, imported, IMPORTED, tally)
            _take_blobs(database, archive, lesson_files, LESSON_FILE, tally)
            for table, rules in RULES.items():
                _take_rows(database, archive, table, rules, tally)
            take_searches(database, _lines(archive, "searches"), _lines(archive, "trials"), tally.refuse)
    except OSError as error:
        raise RegdashError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise RegdashError(NO_EXPORT.format(path, str(error)[:100] or "it is damaged")) from None
    return Imported(tally.runs, tally.kept, tuple(tally.refused))


def _check(path: Path, archive: zipfile.ZipFile) -> None:
    files = archive.infolist()
    names = [file.filename for file in files]
    if len(files) > MOST_FILES or sum(file.file_size for file in files) > MOST_BYTES:
        raise RegdashError(NO_EXPORT.format(path, "it is too large when unpacked"))
    for file in files:
        if not NAME.fullmatch(file.filename):
            raise RegdashError(NO_EXPORT.format(path, f"it holds {file.filename[:60]!r}"))
        blob = "/" in file.filename
        if file.file_size > (MOST_BLOB if blob else max(MOST_LINE, MOST_RATIO * file.compress_size)):
            raise RegdashError(NO_EXPORT.format(path, f"its {file.filename} is too large when unpacked"))
    if len(set(names)) < len(names) or "regdash.json" not in names or "runs.jsonl" not in names:
        raise RegdashError(NO_EXPORT.format(path, "files are missing, or there twice"))
    about = _tree(archive.read("regdash.json"))
    if about.get("format") != FORMAT or about.get("version") != 1:
        raise RegdashError(NO_EXPORT.format(path, "it does not say that it is one, or a newer Regdash wrote it"))


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    if f"{name}.jsonl" not in archive.namelist():
        return
    with archive.open(f"{name}.jsonl") as file:
        while line := file.readline(MOST_LINE):
            yield _tree(line)


def _tree(text: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


# Runs


def _take_runs(database: Database, archive: zipfile.ZipFile, asked: set[str], tally: _Tally) -> None:
    there = set(archive.namelist())
    chunk: list[tuple[dict[str, Any], bytes | None]] = []
    for row in _lines(archive, "runs"):
        try:
            name = f"records/{row.get('id')}.npz"
            chunk.append(_run(row, archive.read(name) if name in there else None, asked))
        except RegdashError as error:
            tally.refuse(error)
        if len(chunk) == CHUNK:
            _merge_runs(database, chunk, tally)
            chunk = []
    _merge_runs(database, chunk, tally)


def _run(row: Mapping[str, Any], data: bytes | None, asked: set[str]) -> tuple[dict[str, Any], bytes | None]:
    """A run as it is kept, with its record; raises RegdashError with a sentence when it is not what it says."""
    run = checked(row, RUN)
    run_id, experiment = run["id"], from_json(run["experiment"])
    if identity(experiment) != run_id:
        raise RegdashError(f"Run {run_id} is not that of its experiment.")
    if data is not None and unpack(data).id != run_id:
        raise RegdashError(f"The record of run {run_id} is of another experiment.")
    if run["state"] == "done" and data is None:
        raise RegdashError(f"Run {run_id} is done, but has no record.")
    if run["state"] == "waiting" and run_id not in asked:
        raise RegdashError(f"Run {run_id} waits, but nobody asks for it.")
    return run | {"experiment": to_json(experiment), "setting": setting_key(experiment)}, data


def _merge_runs(database: Database, chunk: Sequence[tuple[dict[str, Any], bytes | None]], tally: _Tally) -> None:
    ids = sorted(row["id"] for row, _ in chunk)
    query = select(runs.c.id, runs.c.state, runs.c.updated, runs.c.attempt, runs.c.version).where(runs.c.id.in_(ids))
    with database.writing() as connection:
        lock_runs(connection, ids)
        here = {row.id: row for row in connection.execute(query)}
        for row, data in chunk:
            old = here.get(row["id"])
            if old is not None and not _newer(row, old):
                tally.kept += 1
                continue
            counts = (0, 0) if old is None else (old.attempt + 1, old.version + 1)  # what was under way counts no more
            upsert(connection, runs, [row | {"attempt": counts[0], "version": counts[1], "owner": "", "failures": 0}])
            if data is not None:
                upsert(connection, records, [{"run_id": row["id"], "data": data}])
            tally.runs += 1


def _newer(row: Mapping[str, Any], old: Any) -> bool:
    if row["state"] != "done" or old.state != "done":
        return bool(row["state"] == "done")
    return bool(row["updated"] > old.updated)


# The rest


def _take_blobs(
    database: Database, archive: zipfile.ZipFile, table: Table, rules: Mapping[str, Any], tally: _Tally
) -> None:
    """Take in what visitors brought; whoever reads it checks what is in it. A lesson's id is that of its text."""
    there = set(archive.namelist())
    for row in _lines(archive, table.name):
        try:
            about = checked(row, rules)
        except RegdashError as error:
            tally.refuse(error)
            continue
        name = f"{table.name}/{about['id']}"
        if name in there:
            data = archive.read(name)
            if table is lesson_files and not is_lesson_file(about["id"], data):
                tally.refuse(RegdashError(f"The text of the lesson {about['id']} is too large or another one."))
                continue
            with database.writing() as connection:
                upsert(connection, table, [about | {"size": len(data), "data": data}], keep=True)


def _take_rows(
    database: Database, archive: zipfile.ZipFile, table: Table, rules: Mapping[str, Any], tally: _Tally
) -> None:
    """Add the rows that are not there; those that belong to no run or room are left out."""
    chunk: list[dict[str, Any]] = []
    for row in _lines(archive, table.name):
        try:
            chunk.append(_completed(checked({**ABSENT.get(table, {}), **row}, rules)))
        except RegdashError as error:
            tally.refuse(error)
        if len(chunk) == 10 * CHUNK:
            _add(database, table, chunk)
            chunk = []
    _add(database, table, chunk)


def _completed(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what follows from the rest of it."""
    if "nickname" in row:
        return row | {"folded": folded(row["nickname"])}
    if "tags" in row and setting_key(from_json(row["experiment"])) != row["setting"]:
        raise RegdashError(f"What is kept about setting {row['setting']} is about another one.")
    return row


def _add(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    with database.writing() as connection:
        for key, parent in PARENTS.items():
            if rows and key in rows[0]:
                known = set(connection.scalars(select(parent).where(parent.in_({row[key] for row in rows}))))
                rows = [row for row in rows if row[key] in known or row[key] == ""]
        upsert(connection, table, rows, keep=True, any_key=True)
