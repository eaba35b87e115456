import time

import pytest
from kept import LIMITS, ask, record, rows, run_id, train
from sqlalchemy import func, select, update

from regdash.settings import Settings
from regdash.store.keeping import Pruned, prune
from regdash.store.requests import RequestStore
from regdash.store.rooms import RoomStore
from regdash.store.runs import RunStore
from regdash.store.schema import records, requests, rooms, runs, tables
from regdash.store.size import store_size
from regdash.store.tables import get_table, put_table

DAY = 86_400
ALL = range(12)


def finished(database, session, *seeds, days_ago=0.0):
    ask(database, session, *seeds)
    train(database, *seeds)
    with database.writing() as connection:
        ids = [run_id(seed) for seed in seeds]
        statement = update(requests).where(requests.c.run_id.in_(ids), requests.c.session == session)
        connection.execute(statement.values(created=time.time() - DAY * days_ago))


def test_what_nobody_has_asked_for_lately_goes(database):
    finished(database, "a-ann", 1, days_ago=8)
    finished(database, "a-ann", 2, days_ago=6)
    finished(database, "a-ann", 3, days_ago=8)
    finished(database, "a-bob", 3, days_ago=1)
    with database.reading() as connection:
        size = connection.scalar(select(func.length(records.c.data)).where(records.c.run_id == run_id(1)))
    assert prune(database, Settings(keep_days=7)) == Pruned(runs=1, bytes=size)
    assert rows(database, *ALL) == {2: "done", 3: "done"}
    assert prune(database, Settings(keep_days=7)) == Pruned()


def test_above_the_number_that_is_kept_the_oldest_go(database):
    for seed in range(6):
        finished(database, "a-ann", seed, days_ago=10 - seed)
    assert prune(database, Settings(keep_runs=4)).runs == 2
    assert set(rows(database, *ALL)) == {2, 3, 4, 5}


def test_above_the_size_that_is_kept_the_oldest_go(database):
    for seed in range(6):
        finished(database, "a-ann", seed, days_ago=10 - seed)
    with database.reading() as connection:
        newest = [run_id(seed) for seed in (3, 4, 5)]
        size = connection.scalar(select(func.sum(func.length(records.c.data))).where(records.c.run_id.in_(newest)))
    prune(database, Settings(max_store_mb=size / 2**20))
    assert set(rows(database, *ALL)) == {3, 4, 5}


def test_what_must_stay_stays_however_old_and_however_full(database):
    finished(database, "a-ann", 1, days_ago=99)
    finished(database, "a-ann", 2, days_ago=99)
    finished(database, "u-teacher", 2, days_ago=99)  # signed in
    finished(database, "a-ann", 3, days_ago=99)
    with database.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id(3)).values(pinned=True))
    ask(database, "a-ann", 4, 5)
    with database.writing() as connection:
        connection.execute(update(requests).values(created=1.0))
        connection.execute(update(runs).where(runs.c.id == run_id(5)).values(state="running"))

    RunStore(database).put(record(6))  # by a script
    nothing = Settings(keep_days=1e-6, keep_runs=1, max_store_mb=1e-6)
    assert prune(database, nothing).runs == 1
    assert rows(database, *ALL) == {2: "done", 3: "done", 4: "waiting", 5: "running", 6: "done"}


def test_a_room_goes_a_week_after_its_end_and_with_it_what_was_done_in_it(database):
    store, ends = RoomStore(database), {}
    for name, days in (("old", 8), ("new", 6), ("open", -1)):
        room = store.open(f"u-{name}", name, "", 1, LIMITS)
        store.join(room.code, "a-ann", "Ann")
        ask(database, "a-ann", len(ends), room=room.id)
        train(database, len(ends))
        ends[room.id] = time.time() - DAY * days
    with database.writing() as connection:
        connection.execute(update(requests).values(created=1.0))
        for id_, when in ends.items():
            connection.execute(update(rooms).where(rooms.c.id == id_).values(expires=when))
    assert prune(database, LIMITS) == Pruned(runs=1, rooms=1)
    assert rows(database, *ALL) == {1: "done", 2: "done"}  # of the rooms that are kept, though asked for long ago
    assert [store.get(id_) is None for id_ in ends] == [True, False, False]


def test_a_table_goes_when_no_run_is_made_of_it(database):
    used, unused, named = "1" * 32, "2" * 32, "3" * 32
    for mark, session in ((used, "a-ann"), (unused, "a-ann"), (named, "u-bob")):
        put_table(database, mark, session, b"rows", LIMITS)
    ask(database, "u-bob", 1)
    with database.writing() as connection:
        connection.execute(update(tables).values(created=1.0))
        connection.execute(update(runs).values(experiment=f'{{"data":{{"name":"own","table":"{used}"}}}}'))
    prune(database, LIMITS)
    assert [get_table(database, mark) for mark in (used, unused, named)] == [b"rows", None, b"rows"]


def test_a_clock_that_jumps_years_ahead_costs_nobody_a_run(database, monkeypatch):
    finished(database, "a-ann", 1)
    now = time.time
    monkeypatch.setattr("regdash.store.keeping.time.time", lambda: now() + 3 * 365 * DAY)
    assert prune(database, LIMITS) == Pruned()
    assert rows(database, *ALL) == {1: "done"}


def test_more_than_one_transaction_is_used_for_many(database, monkeypatch):
    monkeypatch.setattr("regdash.store.keeping.CHUNK", 2)
    finished(database, "a-ann", *range(5), days_ago=99)
    assert prune(database, LIMITS).runs == 5


def test_a_run_that_is_asked_for_while_it_is_pruned_stays(database, monkeypatch):
    from regdash.store import keeping

    finished(database, "a-ann", 1, 2, days_ago=99)
    delete = keeping._delete

    def asked_just_before(database, run_ids):
        ask(database, "u-bob", 1)
        return delete(database, run_ids)

    monkeypatch.setattr(keeping, "_delete", asked_just_before)
    assert prune(database, LIMITS).runs == 1
    assert RequestStore(database).may_see("u-bob", [run_id(1)]) == {run_id(1)}
    assert rows(database, *ALL) == {1: "done"}


def test_the_size_of_a_store_grows_with_what_is_put_in(database):
    before = store_size(database)
    put_table(database, "1" * 32, "a-ann", bytes(range(256)) * 4_096, LIMITS)
    assert store_size(database) >= before + (2**20 if database.engine.dialect.name == "sqlite" else 1)


@pytest.mark.parametrize("days", [0, 30])
def test_an_empty_store_is_pruned_too(database, days):
    assert prune(database, LIMITS) == Pruned()
