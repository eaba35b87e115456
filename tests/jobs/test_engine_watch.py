"""Pages hold the engine for alive as long as new signs of life come, whatever the clocks say."""

import time

import pytest

from regdash.jobs import engine
from regdash.jobs.engine import REMEMBERED, STALE, EngineWatch
from regdash.store.coordinators import SignOfLife


class Clock:
    now = 50.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def signs(monkeypatch):
    found = []
    monkeypatch.setattr(engine, "read_signs", lambda _: list(found))
    return found


def sign(beats, state="ready", age=0.0, id_="one"):
    return SignOfLife(id_, state, f"It is {state}.", "CPU", beat=time.time() - age, beats=beats)


def states(watch, clock, signs, rows, pause=1.0):
    found = []
    for row in rows:
        signs[:] = row
        found.append(watch.view().state)
        clock.now += pause
    return found


def test_without_any_sign_the_engine_is_down_and_the_sentence_says_how_to_start_it(signs, clock):
    view = EngineWatch(None, clock=clock).view()
    assert view.state == "down"
    assert "regdash coordinator" in view.sentence


def test_a_fresh_sign_counts_at_once(signs, clock):
    signs.append(sign(7))
    assert EngineWatch(None, clock=clock).view() == engine.EngineView("ready", "It is ready.", "CPU")


def test_an_old_sign_that_does_not_change_is_of_one_that_is_gone(signs, clock):
    signs.append(sign(7, age=60.0))
    assert EngineWatch(None, clock=clock).view().state == "down"


@pytest.mark.parametrize("age", [86_400.0, -86_400.0])
def test_one_whose_clock_is_a_day_off_lives_while_it_goes_on_beating(signs, clock, age):
    watch = EngineWatch(None, clock=clock)
    rows = [[sign(beats, age=age)] for beats in range(4)]
    assert states(watch, clock, signs, rows) == ["down", "ready", "ready", "ready"]


def test_one_that_stops_beating_is_gone_after_a_while(signs, clock):
    watch = EngineWatch(None, clock=clock)
    rows = [[sign(1)], [sign(2)], [sign(2)]]
    assert states(watch, clock, signs, rows, pause=STALE / 2) == ["ready", "ready", "ready"]
    clock.now += STALE
    assert watch.view().state == "down"


def test_the_best_of_several_is_shown(signs, clock):
    signs += [sign(1, "down", id_="one"), sign(1, "starting", id_="two")]
    watch = EngineWatch(None, clock=clock)
    assert watch.view().state == "starting"
    signs.append(sign(1, "ready", id_="three"))
    clock.now += REMEMBERED
    assert watch.view().state == "ready"
