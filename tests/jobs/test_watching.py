"""Rows are read for all sessions at once, and only when the store may hold something newer."""

from collections import Counter

import pytest

from regdash.codec import identity, to_json
from regdash.experiment import Experiment
from regdash.jobs.watching import FOLLOWED, SETTLED, Watch
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.store.requests import RequestStore, Wanted

RUNS = [Experiment().with_values({"training.seed": seed}) for seed in range(3)]
ANN, BOB, CLEO = map(identity, RUNS)
SESSION = "a-" + "0" * 32


class CountedStore:
    """The real rows, and how often each was read."""

    def __init__(self, store):
        self.store, self.reads, self.read = store, 0, Counter()

    def rows(self, run_ids):
        self.reads += 1
        self.read.update(run_ids)
        return self.store.rows(run_ids)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def store(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'regdash.sqlite'}")
    yield CountedStore(RequestStore(database)), database
    database.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(store, clock):
    watch = Watch(store[1], store[0], clock)
    yield watch
    watch.close()


def ask(store, *experiments):
    wanted = [Wanted(identity(each), to_json(each), each.training.epochs, False) for each in experiments]
    store[0].store.submit(SESSION, wanted, Settings())


def test_unknown_runs_are_left_out(watch, store):
    ask(store, RUNS[0])
    assert list(watch.rows([ANN, BOB])) == [ANN]
    assert watch.rows([]) == {}


def test_a_store_that_nobody_has_written_to_is_not_read_again(watch, store, clock):
    ask(store, RUNS[0])
    first = watch.rows([ANN])
    clock.now += 0.5 * SETTLED
    assert watch.rows([ANN]) == first
    assert store[0].reads == 1


def test_one_look_serves_every_session_that_waits(watch, store, clock):
    ask(store, *RUNS)
    watch.rows([ANN]), watch.rows([BOB]), watch.rows([CLEO])
    store[0].reads = 0
    clock.now += 0.5 * SETTLED
    store[0].store.cancel(SESSION, [BOB])
    assert list(watch.rows([ANN])) == [ANN]
    assert watch.rows([BOB]) == {}
    assert list(watch.rows([CLEO])) == [CLEO]
    assert store[0].reads == 1


def test_what_this_process_has_changed_is_seen_at_once(watch, store):
    assert watch.rows([ANN]) == {}
    ask(store, RUNS[0])
    watch.forget([ANN])
    assert watch.rows([ANN])[ANN].state == "waiting"


def test_a_row_is_read_again_after_a_while_even_if_nothing_seems_to_have_changed(watch, store, clock):
    ask(store, RUNS[0])
    watch.rows([ANN])
    clock.now += SETTLED
    watch.rows([ANN])
    assert store[0].read[ANN] == 2


def test_runs_that_no_page_asks_about_any_more_are_not_read_along(watch, store, clock):
    ask(store, *RUNS[:2])
    watch.rows([ANN]), watch.rows([BOB])
    clock.now += FOLLOWED + 1
    ask(store, RUNS[2])
    watch.rows([ANN])
    assert (store[0].read[ANN], store[0].read[BOB]) == (2, 1)
