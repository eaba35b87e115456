import time
from dataclasses import replace

from regdash.store.coordinators import SignOfLife, forget_signs, read_signs, write_sign
from regdash.store.counters import count, read_counters


def test_a_store_without_a_coordinator_has_no_sign_of_life(database):
    assert read_signs(database) == []


def test_every_sign_of_life_raises_the_beats_whatever_the_clock_says(database, monkeypatch):
    sign = SignOfLife("one", "starting", "It starts.")
    write_sign(database, sign)
    monkeypatch.setattr("regdash.store.coordinators.time.time", lambda: 5.0)  # set back by years
    write_sign(database, replace(sign, state="ready", sentence="Ready.", device="CPU", versions={"keras": "3"}))
    write_sign(database, replace(sign, state="ready", sentence="Ready.", stats={"stacks": [{"members": 3}]}))
    (found,) = read_signs(database)
    assert (found.id, found.state, found.sentence, found.device) == ("one", "ready", "Ready.", "")
    assert (found.beats, found.beat, found.stats) == (3, 5.0, {"stacks": [{"members": 3}]})


def test_the_last_sign_comes_first_and_has_an_age(database):
    write_sign(database, SignOfLife("one", "down", "It has ended."))
    write_sign(database, SignOfLife("two", "ready", "Ready.", "GPU" * 100, {"keras": "3"}))
    first, second = read_signs(database)
    assert (first.id, second.id) == ("two", "one")
    assert (len(first.device), first.versions) == (200, {"keras": "3"})
    assert 0 <= first.age < 5
    assert second.beat <= time.time()


def test_coordinators_that_are_gone_are_forgotten(database):
    for name in ("one", "two", "three"):
        write_sign(database, SignOfLife(name, "ready", ""))
    forget_signs(database, ["one", "three", "nobody"])
    assert [sign.id for sign in read_signs(database)] == ["two"]


def test_counters_rise_alone_and_within_a_transaction(database):
    count(database, "asked", 3)
    with database.writing() as connection:
        count(connection, "asked")
        count(connection, "finished", 2)
        count(connection, "nothing", 0)
    assert read_counters(database) == {"asked": 4, "finished": 2}


def test_a_counter_in_a_transaction_that_fails_does_not_rise(database):
    def fail() -> None:
        with database.writing() as connection:
            count(connection, "asked")
            raise ZeroDivisionError

    try:
        fail()
    except ZeroDivisionError:
        assert read_counters(database) == {}
