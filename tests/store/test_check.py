import sqlite3

import pytest
from kept import ask, record, run_id, train
from sqlalchemy import delete, insert, text, update

from regdash.codec import to_json
from regdash.record import pack
from regdash.store import check
from regdash.store.check import check_store
from regdash.store.coordinators import SignOfLife, write_sign
from regdash.store.database import open_store, store_file
from regdash.store.jobs import JobStore
from regdash.store.schema import records, requests, runs


@pytest.fixture
def sound(database):
    """Three ended runs and one that waits."""
    ask(database, "a-ann", 1, 2, 3, 4)
    train(database, 1, 2)
    JobStore(database).fail(JobStore(database).claim([run_id(3)], "me"), "It died.")
    return database


def change(database, *statements):
    with database.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_sound_store_has_no_faults_and_its_records_are_counted_on_the_way(sound):
    told = []
    assert check_store(sound, lambda *step: told.append(step)) == []
    assert told == [(2, 2)]


def test_every_fault_is_a_sentence_with_the_run(sound):
    change(
        sound,
        delete(records).where(records.c.run_id == run_id(1)),
        update(records).where(records.c.run_id == run_id(2)).values(data=b"\x80\x04nonsense"),
        update(runs).where(runs.c.id == run_id(3)).values(error=""),
        delete(requests).where(requests.c.run_id == run_id(4)),
    )
    faults = check_store(sound)
    assert [fault[: len(f"Run {run_id(1)}")] for fault in faults] == [f"Run {run_id(n)}" for n in (1, 3, 4, 2)]
    assert [
        words in fault
        for words, fault in zip(("missing", "without saying why", "nobody asks", "damaged"), faults, strict=True)
    ]


def test_what_belongs_to_another_run_is_found(sound):
    other = pack(record(9))
    change(
        sound,
        update(records).where(records.c.run_id == run_id(1)).values(data=other),
        update(runs).where(runs.c.id == run_id(2)).values(experiment="{}"),
        update(runs).where(runs.c.id == run_id(3)).values(experiment="{"),
    )
    faults = sorted(check_store(sound))
    assert f"The record of run {run_id(1)} is of run {run_id(9)}." in faults
    assert any(f"Run {run_id(2)} has the settings of run" in fault for fault in faults)
    assert any(f"Run {run_id(3)} has settings that cannot be read" in fault for fault in faults)
    assert len(faults) == 3


def test_runs_of_a_coordinator_that_gives_no_sign_of_life_are_found(sound, monkeypatch):
    ask(sound, "a-ann", 5)
    for owner, seed in (("gone", 4), ("alive", 5)):
        JobStore(sound).claim([run_id(seed)], owner)
        write_sign(sound, SignOfLife(owner, "ready", ""))
    monkeypatch.setattr(check.time, "sleep", lambda _: write_sign(sound, SignOfLife("alive", "ready", "")))
    (fault,) = check_store(sound)
    assert f"Run {run_id(4)} is marked as in training, but its coordinator is gone" in fault


def test_rows_without_their_run_are_found(sqlite_url):
    database = open_store(sqlite_url)
    ask(database, "a-ann", 1)
    with sqlite3.connect(store_file(sqlite_url)) as stranger:  # which does not mind foreign keys
        stranger.execute("INSERT INTO records VALUES ('00000000000000000000', x'00')")
        stranger.execute("INSERT INTO requests VALUES ('a-ann', '00000000000000000000', 0, 0)")
    stranger.close()
    faults = check_store(database)
    assert "1 rows of records belong to no row of runs." in faults
    assert "1 rows of requests belong to no row of runs." in faults
    database.close()


def test_a_damaged_file_is_found(sqlite_url):
    database = open_store(sqlite_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE filler (x)"))
        connection.execute(text("CREATE INDEX fillers ON filler (x)"))
        connection.execute(text("INSERT INTO filler VALUES (1), (2), (3)"))
    with database.writing() as connection:
        connection.execute(text("PRAGMA writable_schema = ON"))
        connection.execute(
            text("UPDATE sqlite_master SET sql = 'CREATE TABLE filler (x, CHECK (x < 3))' WHERE name = 'filler'")
        )
    database.close()
    database = open_store(sqlite_url)
    assert check_store(database) == ["The file is damaged: CHECK constraint failed in filler."]
    database.close()


def test_an_unknown_state_is_found(database):
    values = {"id": run_id(1), "experiment": to_json(record(1).experiment), "state": "odd", "epochs_total": 1}
    change(database, insert(runs).values(**values, created=0.0, queued=0.0, updated=0.0))
    assert check_store(database) == [f"Run {run_id(1)} has the unknown state 'odd'."]
