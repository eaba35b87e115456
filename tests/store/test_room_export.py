import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest
from kept import LIMITS, ask, record, run_id, train

from regdash.errors import RegdashError
from regdash.store.learning import LearningStore
from regdash.store.room_export import export_room, results_of
from regdash.store.rooms import RoomStore


@pytest.fixture
def room(database):
    rooms = RoomStore(database)
    room = rooms.open("u-teacher", "Year 10", "v=1&lock=l2.l2", 2, LIMITS)
    rooms.join(room.code, "a-ann", "=cmd|' /C calc'!A0")
    rooms.join(room.code, "a-bob", "Bob, the “2nd”")
    ask(database, "a-ann", 1, room=room.id)
    ask(database, "a-bob", 1, 2, room=room.id)
    ask(database, "a-eve", 3)
    train(database, 1, 3)
    return room


def opened(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {"class.json", "predictions.csv", "results.csv"}
        whole = archive.read("results.csv").decode()
        return json.loads(archive.read("class.json")), list(csv.DictReader(io.StringIO(whole))), whole


def test_a_teacher_gets_nicknames_settings_and_results_and_no_session(database, room):
    tree, lines, whole = opened(export_room(database, room.id, "u-teacher"))
    assert (tree["title"], tree["lesson"]) == ("Year 10", "v=1&lock=l2.l2")
    assert [(run["nickname"], run["run"], run["state"]) for run in tree["runs"]] == [
        ("=cmd|' /C calc'!A0", run_id(1), "done"),
        ("Bob, the “2nd”", run_id(1), "done"),
        ("Bob, the “2nd”", run_id(2), "waiting"),
    ]
    first = tree["runs"][0]
    assert first["settings"]["training"]["seed"] == 1
    assert first["results"]["best_val_loss"] == 2.0  # the curve is 4, 2, 3
    assert (first["results"]["best_epoch"], first["results"]["val_loss"], first["results"]["gap"]) == (2, 3.0, 0.5)
    assert tree["runs"][2]["results"] == {}
    assert [(line["run"], line["training.seed"], line["best_val_loss"]) for line in lines] == [
        (run_id(1), "1", "2.0"),
        (run_id(1), "1", "2.0"),
        (run_id(2), "2", ""),
    ]
    assert not any(session in whole + json.dumps(tree) for session in ("a-ann", "a-bob", "a-eve", "u-teacher"))


def test_a_spreadsheet_does_not_calculate_a_nickname(database, room):
    _, lines, _ = opened(export_room(database, room.id, "u-teacher"))
    assert lines[0]["nickname"] == "'=cmd|' /C calc'!A0"
    assert lines[1]["nickname"] == "Bob, the “2nd”"


def test_predictions_are_a_table_of_their_own_that_no_spreadsheet_calculates(database, room):
    RoomStore(database).set_course(room.id, "u-teacher", "dropout", True)
    for who in ("a-ann", "a-bob"):
        LearningStore(database).answer(who, "dropout", "gap", '{"number": -3.5}', room.id)
    with zipfile.ZipFile(io.BytesIO(export_room(database, room.id, "u-teacher"))) as archive:
        whole = archive.read("predictions.csv").decode()
    lines = list(csv.DictReader(io.StringIO(whole)))
    assert [(line["nickname"], line["lesson"], line["question"], line["answer"]) for line in lines] == [
        ("'=cmd|' /C calc'!A0", "dropout", "gap", '{"number": -3.5}'),
        ("Bob, the “2nd”", "dropout", "gap", '{"number": -3.5}'),
    ]
    year = datetime.now(UTC).strftime("%Y-%m-")
    assert all(line["time"].startswith(year) and line["time"].endswith(" UTC") for line in lines)
    assert not any(session in whole for session in ("a-ann", "a-bob", "u-teacher"))


def test_nobody_but_the_teacher_gets_the_class(database, room):
    for id_, who in ((room.id, "a-ann"), (room.id, "u-other"), ("x" * 22, "u-teacher"), (room.code, "u-teacher")):
        with pytest.raises(RegdashError, match="There is no such room"):
            export_room(database, id_, who)


def test_a_room_without_runs_is_exported_too(database):
    room = RoomStore(database).open("u-teacher", "", "", 1, LIMITS)
    tree, lines, _ = opened(export_room(database, room.id, "u-teacher"))
    assert (tree["runs"], lines) == ([], [])


def test_numbers_that_are_not_finite_are_nothing():
    made = record(1)
    made.history["val_loss"][-1] = np.nan
    found = results_of(made)
    assert (found["val_loss"], found["gap"], found["best_val_loss"]) == (None, None, 2.0)
