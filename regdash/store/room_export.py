"""All that a class has done, for its teacher: a .zip with a table for a spreadsheet and everything as JSON."""

import csv
import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from regdash.codec import from_json, to_dict
from regdash.errors import RegdashError
from regdash.record import RunRecord, unpack
from regdash.store.database import Database
from regdash.store.learning import LearningStore
from regdash.store.room_rules import NO_ROOM
from regdash.store.rooms import Contribution, RoomStore
from regdash.store.schema import records

CHUNK = 50  # records in memory at once
FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would calculate what begins so
FIRST = ("nickname", "run", "state", "status", "created")
PREDICTED = ("nickname", "lesson", "question", "answer", "time")


def export_room(database: Database, room_id: str, owner: str) -> bytes:
    """A .zip with results.csv, predictions.csv and class.json: nicknames, settings, results, answers, and no session.

    To whoever has not opened the room there is no such room.
    """
    rooms = RoomStore(database)
    room = rooms.get(room_id)
    if room is None or room.owner != owner:
        raise RegdashError(NO_ROOM)
    found = [_run(each, results) for each, results in _with_results(database, rooms.contributions(room_id))]
    about = {"title": room.title, "lesson": room.lesson, "created": room.created, "expires": room.expires}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("class.json", json.dumps(about | {"runs": found}, indent=1, allow_nan=False))
        archive.writestr("results.csv", _table(found))
        archive.writestr("predictions.csv", predictions_table(_predictions(database, room_id)))
    return buffer.getvalue()


def results_of(record: RunRecord) -> dict[str, Any]:
    """What came of a run: its best epoch, the gap, and every curve's last value."""
    history, best = record.history, record.best_epoch
    if not len(history.epochs):
        return {"epochs": 0}
    found = {"epochs": len(history.epochs), "best_epoch": best, "gap": record.gap}
    found |= {"best_val_loss": float(history["val_loss"][best - 1])} if best else {}
    found |= {name: float(column[-1]) for name, column in history.items() if "/" not in name or name.endswith("/all")}
    return {name: value if math.isfinite(value) else None for name, value in found.items()}


def _with_results(database: Database, given: Sequence[Contribution]) -> list[tuple[Contribution, dict[str, Any]]]:
    ids = list(dict.fromkeys(each.run_id for each in given if each.state == "done"))
    results: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(ids), CHUNK):
        query = select(records).where(records.c.run_id.in_(ids[begin : begin + CHUNK]))
        with database.reading() as connection:
            rows = connection.execute(query).all()
        results |= {row.run_id: _results(row.data) for row in rows}
    return [(each, results.get(each.run_id, {})) for each in given]


def _results(data: bytes) -> dict[str, Any]:
    try:
        return results_of(unpack(data))
    except RegdashError:
        return {}  # damaged; `regdash store check` says so


def _run(each: Contribution, results: dict[str, Any]) -> dict[str, Any]:
    said = {"nickname": each.nickname, "run": each.run_id, "state": each.state, "status": each.status}
    return said | {"created": each.created, "settings": _settings(each.experiment), "results": results}


def _settings(experiment: str) -> dict[str, Any]:
    try:
        return to_dict(from_json(experiment))
    except RegdashError:
        return {}


def _table(found: Sequence[Mapping[str, Any]]) -> str:
    """One line for each run, one column for each setting and result."""
    lines = [{name: run[name] for name in FIRST} | _flat(run["settings"]) | run["results"] for run in found]
    return _written(list(dict.fromkeys([*FIRST, *(name for line in lines for name in line)])), lines)


def _written(columns: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(line.get(name)) for name in columns] for line in lines)
    return text.getvalue()


def predictions_table(lines: Sequence[Mapping[str, Any]]) -> str:
    """One line for each prediction of the class, which no spreadsheet calculates."""
    return _written(PREDICTED, lines)


def _predictions(database: Database, room_id: str) -> list[dict[str, Any]]:
    return [
        {"nickname": each.nickname, "lesson": each.lesson, "question": each.prediction, "answer": each.answer}
        | {"time": moment(each.updated)}
        for each in LearningStore(database).of_class(room_id)
    ]


def moment(seconds: float) -> str:
    """A time as text: 2026-01-31 09:30:05 UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
