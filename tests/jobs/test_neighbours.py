"""Who of the coordinators lives is told by new signs of life alone, never by a clock that two machines share."""

from types import SimpleNamespace

import pytest

from regdash.jobs import neighbours
from regdash.jobs.neighbours import FORGET_SECONDS, Neighbours
from regdash.store.coordinators import SignOfLife


class Signs:
    """The table of signs, as another database than SQLite would give it."""

    def __init__(self):
        self.engine = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"))
        self.rows = {}

    def beat(self, id_, beats, state="ready", beat=0.0):
        self.rows[id_] = SignOfLife(id_, state, "", beats=beats, beat=beat)


@pytest.fixture
def signs(monkeypatch):
    signs = Signs()
    monkeypatch.setattr(neighbours, "read_signs", lambda _: list(signs.rows.values()))
    monkeypatch.setattr(neighbours, "forget_signs", lambda _, ids: [signs.rows.pop(id_) for id_ in ids])
    return signs


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_one_that_goes_on_beating_lives_whatever_its_clock_says(signs, clock):
    watch = Neighbours(signs, "me", 10.0, clock)
    for turn, wall in enumerate([0.0, 9e9, -5.0, 1e3]):
        signs.beat("other", turn, beat=wall)
        assert watch.living() == {"other"}
        clock.now += 9.0


def test_one_that_has_not_beaten_for_its_lease_is_gone_and_comes_back_with_its_next_beat(signs, clock):
    watch = Neighbours(signs, "me", 10.0, clock)
    signs.beat("other", 1)
    assert watch.living() == {"other"}
    clock.now += 9.9
    assert watch.living() == {"other"}
    clock.now += 0.2
    assert watch.living() == set()
    signs.beat("other", 2)
    assert watch.living() == {"other"}


def test_one_that_has_said_that_it_ends_is_gone_at_once_and_so_are_we_ourselves_never_among_the_others(signs, clock):
    signs.beat("other", 1, state="down")
    signs.beat("me", 1)
    assert Neighbours(signs, "me", 10.0, clock).living() == set()


def test_the_signs_of_the_long_dead_are_let_go_of(signs, clock):
    watch = Neighbours(signs, "me", 10.0, clock)
    signs.beat("other", 1)
    watch.living()
    clock.now += FORGET_SECONDS + 1
    watch.living()
    assert signs.rows == {}


def test_on_sqlite_whoever_holds_the_lock_is_the_only_one(signs, clock):
    signs.engine.dialect.name = "sqlite"
    signs.beat("other", 1)
    assert Neighbours(signs, "me", 10.0, clock).living() == set()
    assert signs.rows == {}
