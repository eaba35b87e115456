import json
import zipfile

import pytest
from kept import LIMITS, ask, experiment, record, rows, run_id, train
from sqlalchemy import select, update

from regdash.codec import to_json
from regdash.errors import RegdashError
from regdash.record import pack
from regdash.repeats import Setting
from regdash.store import importing
from regdash.store.check import check_store
from regdash.store.database import open_store
from regdash.store.jobs import JobStore
from regdash.store.portable import export_store, import_store
from regdash.store.requests import RequestStore
from regdash.store.rooms import RoomStore
from regdash.store.runs import RunStore
from regdash.store.schema import imported, metadata, records, rooms, runs
from regdash.store.shelf import ShelfStore
from regdash.store.tables import get_table, put_table

MARK = "0123456789abcdef" * 2


@pytest.fixture
def other(tmp_path):
    """A second store, a file."""
    database = open_store(f"sqlite:///{tmp_path}/other.sqlite")
    yield database
    database.close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "export.zip"


def filled(database):
    """Every kind of row."""
    room = RoomStore(database).open("u-teacher", "Year 10", "v=1", 2, LIMITS)
    RoomStore(database).join(room.code, "a-ann", "Ännchen")
    ask(database, "a-ann", 1, 2, room=room.id)
    ask(database, "a-bob", 2, 3, 4, 5)
    train(database, 1, 2)
    JobStore(database).fail(JobStore(database).claim([run_id(4)], "me"), "It died.")
    JobStore(database).claim([run_id(5)], "me")
    put_table(database, MARK, "a-ann", b"PAR1\x00rows", LIMITS)
    shelves = ShelfStore(database, LIMITS)
    shelves.describe("a-ann", Setting(experiment(1), 3), "Mine <é>", "two\nlines", ["a", "ü"])
    shelves.pick("a-bob", experiment(2), 1)
    with database.writing() as connection:
        row = {"id": MARK, "session": "a-ann", "name": "theirs", "source": "history", "size": 2, "created": 1.5}
        connection.execute(imported.insert().values(**row, data=b"{}"))
    return room


def everything(database):
    """All rows, except what belongs to work under way or to this store alone."""
    found = {}
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in ("coordinators", "counters", "progress"):
                continue
            left_out = {"attempt", "claims", "version", "owner", "failures"}
            columns = [column for column in table.c if column.name not in left_out]
            found[table.name] = sorted(tuple(row) for row in connection.execute(select(*columns)))
    return found


def zipped(file, entries, kind=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file


def parts(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_store_goes_through_a_file_into_another_of_the_other_kind(database, other, file):
    filled(database)
    assert export_store(database, file) == 5
    done = import_store(other, file)
    assert (done.runs, done.kept, done.refused) == (5, 0, ())
    before, after = everything(database), everything(other)
    before["runs"] = [tuple("waiting" if value == "running" else value for value in row) for row in before["runs"]]
    assert after == before
    assert check_store(other) == []


def test_an_export_leaves_no_half_written_file(database, file, tmp_path, monkeypatch):
    filled(database)
    monkeypatch.setattr("regdash.store.exporting._write_rows", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export_store(database, file)
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".export*"))


@pytest.mark.parametrize("place", ["nowhere/export.zip", ""])
def test_a_place_that_cannot_be_written_is_said(database, tmp_path, place):
    with pytest.raises(RegdashError, match="cannot be written"):
        export_store(database, tmp_path / place if place else tmp_path.parent / tmp_path.name)


def test_the_newer_of_two_stays_and_an_ended_one_before_one_that_waits(database, other, file):
    for store, seeds in ((database, (1, 2, 3)), (other, (1, 2, 4))):
        ask(store, "a-ann", *seeds)
        train(store, *seeds)
    ask(other, "a-bob", 5, 3)
    ask(database, "a-eve", 5, 4)
    train(database, 5)
    changed = {run_id(1): 9e9, run_id(2): 1.0}
    with database.writing() as connection:
        for id_, when in changed.items():
            connection.execute(update(runs).where(runs.c.id == id_).values(updated=when, status="stopped early at 9"))
            data = pack(record(1 if id_ == run_id(1) else 2, "stopped early at 9"))
            connection.execute(update(records).where(records.c.run_id == id_).values(data=data))
    export_store(database, file)
    done = import_store(other, file)
    assert (done.runs, done.kept, done.refused) == (3, 2, ())
    assert rows(other, 1, 2, 3, 4, 5) == dict.fromkeys((1, 2, 3, 4, 5), "done")
    store = RunStore(other)
    assert [store.get(run_id(seed)).status for seed in (1, 2)] == ["stopped early at 9", "finished"]
    assert RequestStore(other).may_see("a-eve", [run_id(5), run_id(4)]) == {run_id(5), run_id(4)}
    assert check_store(other) == []


def test_what_a_worker_brings_for_a_run_that_was_taken_in_meanwhile_is_not_accepted(database, other, file):
    ask(database, "a-ann", 1)
    train(database, 1)
    export_store(database, file)
    ask(other, "a-bob", 1)
    (claim,) = JobStore(other).claim([run_id(1)], "me")
    import_store(other, file)
    JobStore(other).give_back([claim], failed=False, max_failures=3, error="")
    assert rows(other, 1) == {1: "done"}


def test_importing_twice_changes_nothing(database, other, file):
    filled(database)
    export_store(database, file)
    import_store(other, file)
    before = everything(other)
    assert import_store(other, file).runs == 0
    assert everything(other) == before


def test_a_part_of_a_store_names_no_session(database, other, file):
    room = filled(database)
    for choice, seeds in (({"session": "a-bob"}, {2, 4}), ({"room": room.id}, {1, 2})):
        assert export_store(database, file, **choice) == len(seeds)
        held = b"".join(parts(file).values())
        assert not any(name in held for name in (b"a-ann", b"a-bob", b"u-teacher", room.id.encode()))
        import_store(other, file)
        assert seeds <= set(rows(other, 1, 2, 3, 4, 5))


# What comes from strangers


def about(**changes):
    return json.dumps({"format": "regdash store", "version": 1} | changes)


def row(seed=1, **changes):
    made = {"id": run_id(seed), "experiment": to_json(experiment(seed)), "state": "done", "status": "finished"}
    made |= {"error": "", "epochs_done": 3, "epochs_total": 3, "probed": False, "pinned": False}
    return json.dumps(made | dict.fromkeys(("created", "queued", "started", "updated"), 5.0) | changes) + "\n"


def export_of(seed=1):
    return {"regdash.json": about(), "runs.jsonl": row(seed), f"records/{run_id(seed)}.npz": pack(record(seed))}


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({}, "files are missing"),
        ({"regdash.json": about()}, "files are missing"),
        ({"regdash.json": about(version=2), "runs.jsonl": ""}, "a newer Regdash wrote it"),
        ({"regdash.json": "[" * 90_000, "runs.jsonl": ""}, "does not say that it is one"),
        (export_of() | {"../../etc/cron.d/evil": "x"}, "it holds '../../etc/cron.d/evil'"),
        (export_of() | {"/etc/passwd": "x"}, "it holds '/etc/passwd'"),
        (export_of() | {"records/../x.npz": "x"}, "it holds 'records/../x.npz'"),
        (export_of() | {"records\\x.npz": "x"}, "it holds"),
        (export_of() | {"requests.jsonl": "0" * 2_000_000}, "too large when unpacked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_export_is_refused_whole(other, file, entries, reason):
    zipped(file, entries)
    with pytest.raises(RegdashError, match="is not an export of Regdash") as caught:
        import_store(other, file)
    assert reason in str(caught.value)
    assert rows(other, 1) == {}


@pytest.mark.parametrize("limit", ["MOST_BLOB", "MOST_BYTES", "MOST_FILES"])
def test_a_file_that_would_swell_is_refused_before_it_is_unpacked(other, file, monkeypatch, limit):
    monkeypatch.setattr(importing, limit, 2)
    with pytest.raises(RegdashError, match="too large when unpacked"):
        import_store(other, zipped(file, export_of()))
    assert rows(other, 1) == {}


def test_a_file_that_is_no_archive_is_refused(other, file):
    for content in (b"", b"PK\x03\x04 nonsense", b"x" * 5_000):
        file.write_bytes(content)
        with pytest.raises(RegdashError, match="is not an export of Regdash"):
            import_store(other, file)
    with pytest.raises(RegdashError, match="cannot be read"):
        import_store(other, file.parent / "nowhere.zip")


def test_an_archive_that_is_cut_short_or_turned_over_is_refused(database, other, file):
    ask(database, "a-ann", *range(5))
    train(database, *range(5))
    export_store(database, file)
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:2_000] + bytes(200) + whole[2_200:]):
        file.write_bytes(damaged)
        try:
            assert import_store(other, file).refused
        except RegdashError as error:
            assert "is not an export of Regdash" in str(error)  # noqa: PT017
        assert check_store(other) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": "x' OR 1=1"}, "its id is"),
        ({"id": run_id(2)}, "is not that of its experiment"),
        ({"experiment": "{"}, "json"),
        ({"experiment": 5}, "its experiment is 5"),
        ({"state": "running"}, "its state is 'running'"),
        ({"state": "waiting"}, "nobody asks for it"),
        ({"status": "x" * 61}, "its status is"),
        ({"epochs_done": -1}, "its epochs_done is -1"),
        ({"epochs_total": 2**40}, "its epochs_total is 1099511627776"),
        ({"updated": float("nan")}, "its updated is None"),
        ({"updated": 1e300}, "its updated is"),
        ({"pinned": 1}, "its pinned is 1"),
    ],
)
def test_a_row_that_is_not_what_it_says_is_left_out_and_the_rest_taken(other, file, changes, sentence):
    entries = export_of(3)
    entries["runs.jsonl"] = row(1, **changes) + entries["runs.jsonl"]
    done = import_store(other, zipped(file, entries | {f"records/{run_id(1)}.npz": pack(record(1))}))
    (refused,) = done.refused
    assert sentence in refused
    assert done.runs == 1
    assert rows(other, 1, 2, 3) == {3: "done"}


@pytest.mark.parametrize("data", [b"", b"nonsense", pack(record(2)), b"\x80\x04\x95" * 9])
def test_a_record_that_is_damaged_or_of_another_run_is_left_out(other, file, data):
    done = import_store(other, zipped(file, export_of() | {f"records/{run_id(1)}.npz": data}))
    assert (done.runs, len(done.refused)) == (0, 1)
    assert rows(other, 1) == {}


def test_rows_that_belong_to_nothing_or_are_no_rows_are_left_out(other, file):
    lines = [
        {"session": "a-ann", "run_id": run_id(1), "created": 1.0, "cancelled": False},
        {"session": "a-ann", "run_id": run_id(9), "created": 1.0, "cancelled": False},
        {"session": "'; DROP TABLE runs; --", "run_id": run_id(1), "created": 1.0, "cancelled": False},
        [],
        "text",
    ]
    pupil = {"room": "x" * 22, "session": "a-ann", "nickname": "<b>", "joined": 1.0, "present": True, "removed": False}
    entries = export_of() | {
        "requests.jsonl": "\n".join(map(json.dumps, lines)) + "\nnot json\n" + "[" * 90_000,
        "pupils.jsonl": json.dumps(pupil),
        "rooms.jsonl": json.dumps({"id": "x" * 22, "code": "0O1IL000"}),
    }
    done = import_store(other, zipped(file, entries))
    assert done.runs == 1
    assert len(done.refused) == 7
    assert RequestStore(other).may_see("a-ann", [run_id(1), run_id(9)]) == {run_id(1)}


def test_a_code_that_another_room_has_already_does_not_open_the_foreign_one(database, other, file):
    mine = RoomStore(other).open("u-me", "", "", 1, LIMITS)
    room = filled(database)
    with database.writing() as connection:
        connection.execute(update(rooms).values(code=mine.code))
    export_store(database, file)
    import_store(other, file)
    assert RoomStore(other).get(room.id) is None
    assert RoomStore(other).pupils(room.id) == []
    assert RoomStore(other).join(mine.code, "a-ann", "Ann") == mine


def test_the_number_of_sentences_about_a_hostile_file_is_limited(other, file, monkeypatch):
    monkeypatch.setattr(importing, "MOST_SENTENCES", 5)
    assert len(import_store(other, zipped(file, export_of() | {"requests.jsonl": "{}\n" * 50})).refused) == 5


def test_a_table_keeps_its_bytes(database, other, file):
    filled(database)
    export_store(database, file)
    import_store(other, file)
    assert get_table(other, MARK) == b"PAR1\x00rows"
