"""Whatever is lost at whatever moment: no trial is lost, none is told twice, and the same points are proposed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from blows import kill_coordinator, kill_worker
from postgres_server import drop_database, new_database
from search_rig import ANN, BASE, DROPOUT, L2, LIMITS, Rig, plan
from sqlalchemy import text
from waiting import COORDINATOR, until

from regdash.errors import StoreUnavailable
from regdash.jobs.queue import connect
from regdash.search import Choice, Objective, Plan, Range, Space, next_trials, plan_to_json
from regdash.store.check import check_store
from regdash.store.database import open_store

SERVER = Path(__file__).with_name("fake_search_server.py")
ONCE = (
    "CREATE TRIGGER once BEFORE UPDATE ON trials WHEN OLD.told BEGIN SELECT RAISE(ABORT, 'a trial is told twice'); END"
)
WHEN = ("before", "within", "after")


class Died(BaseException):
    """The coordinator's process is no more."""


class Mortal:
    """A store whose user dies at its n-th write: before it, within it or just after it."""

    def __init__(self, database, when, number, error=Died):
        self.engine, self.place, self.reading = database.engine, database.place, database.reading
        self._database, self._when, self._number, self._error = database, when, number, error
        self.writes = 0

    @contextmanager
    def writing(self, tell=True):
        self.writes += 1
        deadly = self.writes == self._number
        if deadly and self._when == "before":
            raise self._error("before a write")
        with self._database.writing(tell) as connection:
            yield connection
            if deadly and self._when == "within":
                raise self._error("within a write")
        if deadly and self._when == "after":
            raise self._error("after a write")


@pytest.fixture
def database(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with database.writing() as connection:
        connection.execute(text(ONCE))
    yield database
    database.close()


def undisturbed(chosen, database):
    """The trials of the same search without any fault."""
    rig = Rig(database, "undisturbed")
    (search,) = rig.begin(chosen)
    rig.finish(search)
    return rig.trials(search)


LONG = BASE.with_values({"training.epochs": 20})
PLANS = {
    "grid": plan(),
    "tpe": plan("tpe", trials=12, seed=5),
    "halving": Plan(Space(LONG, (L2, DROPOUT)), "random", 6, halving="halving", eta=2),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_coordinator_that_dies_at_any_write_changes_nothing(database, name):
    expected = undisturbed(PLANS[name], database)
    every = product(range(1, 100), WHEN) if name == "tpe" else ((k, WHEN[k % 3]) for k in range(1, 100))
    for number, when in every:
        mortal = Mortal(database, when, number)
        forget_runs(database)
        (search,) = Rig(database).begin(PLANS[name])
        rig = Rig(mortal, "first")
        try:
            rig.finish(search, most=5)
        except Died:
            rig = Rig(database, "second")
            rig.turn()
            rig.searcher.adopt(set())
            rig.jobs.give_back(rig.jobs.orphans({"second"}), False, 0, "")
            rig.finish(search, most=5)
        assert (rig.trials(search), rig.row(search).state) == (expected, "done"), (number, when)
        if mortal.writes < number:  # it was never struck
            break
    assert 8 < number < 99


def forget_runs(database):
    with database.writing() as connection:
        connection.execute(text("DELETE FROM runs"))


@pytest.mark.parametrize("when", WHEN)
def test_a_store_that_fails_for_a_moment_at_any_write_changes_nothing(database, when):
    expected = undisturbed(PLANS["tpe"], database)
    for number in range(1, 9):
        forget_runs(database)
        (search,) = Rig(database).begin(PLANS["tpe"])
        rig = Rig(database)
        rig.searcher = Rig(Mortal(database, when, number, StoreUnavailable)).searcher
        for _ in range(12):
            try:
                rig.turn()
            except StoreUnavailable:
                continue
            rig.train(most=5)
        assert (rig.trials(search), rig.row(search).state) == (expected, "done"), number


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request, tmp_path):
    """A store that two coordinators use at once."""
    url = f"sqlite:///{tmp_path / 'shared.sqlite'}" if request.param == "sqlite" else new_database()
    database = open_store(url)
    yield database
    database.close()
    if request.param == "postgres":
        drop_database(url)


def test_a_search_is_carried_on_by_one_coordinator_until_it_is_gone(shared):
    one, two = Rig(shared, "one"), Rig(shared, "two")
    (search,) = one.begin(plan("tpe", trials=24, seed=5))
    one.turn()
    two.turn(3)
    two.searcher.adopt({"one"})
    assert (two.row(search).owner, len(two.trials(search))) == ("one", 8)
    two.train()
    two.turn()
    assert not any(each.told for each in two.trials(search))
    two.searcher.adopt(set())
    two.turn()
    assert (two.row(search).owner, len(two.trials(search))) == ("two", 16)


def test_a_coordinator_that_wakes_up_after_it_was_given_up_proposes_and_tells_nothing(shared):
    chosen = plan("tpe", trials=24, seed=5)
    one, two = Rig(shared, "one"), Rig(shared, "two")
    (search,) = one.begin(chosen)
    one.turn()
    one.train()
    two.turn()
    two.searcher.adopt(set())
    one.turn(news=False, ended=False)  # it believes that nothing has changed
    assert not any(each.told for each in one.trials(search))
    two.turn()
    one.turn(3)
    before = one.trials(search)
    assert [each.told for each in before] == 8 * [True] + 8 * [False]
    while two.row(search).state == "running":
        one.turn(), one.train(), two.turn(), two.train()
    known = []
    while new := next_trials(chosen, known):
        known += [each.ended(two.trials(search)[each.number].outcome) for each in new]
    assert two.trials(search) == known


# Real processes, a fake engine

L1 = Range("l1.l1", 1e-4, 1.0, log=True)  # the fake engine's validation loss rises with it
BATCH = Choice("training.batch_size", (16, 32))


def long_search(strategy="tpe", trials=24):
    base = BASE.with_values({"training.epochs": 10})
    return Plan(Space(base, (L1, BATCH)), strategy, trials, objective=Objective(seeds=2), seed=1)


def told(queue, search):
    time.sleep(0.05)
    return sum(each.told for each in queue.searches.view(search).trials)


def all_told_once(queue, search, expected):
    """It has ended, with the expected points in their order, and every one of them has a score."""
    until(lambda: time.sleep(0.05) or queue.searches.view(search).state != "running", 60.0)
    view = queue.searches.view(search)
    assert (view.state, view.sentence) == ("done", "")
    assert [each.values for each in view.trials] == [each.values for each in expected]
    assert [each.score for each in view.trials] == pytest.approx([each.score for each in expected])
    assert check_store(queue._database) == []


def without_faults(chosen):
    """The trials when each run has the lowest validation loss of the fake engine, at epoch 10."""
    from fake_engine import _record

    found = []
    while new := next_trials(chosen, found):
        for each in new:
            records = [_record(m, "finished", 10, False) for m in chosen.members(each.values, each.epochs)]
            found.append(each.ended(chosen.objective.outcome(records)))
    return found


@pytest.mark.timeout(120)
def test_a_search_survives_workers_and_coordinators_killed_at_random_moments(queue):
    chosen, chance = long_search(), random.Random(4)
    search = queue.searches.begin(ANN, chosen)
    for strike in (kill_worker, lambda: kill_coordinator(queue)):
        before = told(queue, search)
        until(lambda: told(queue, search) > before, 60.0)  # noqa: B023
        time.sleep(chance.uniform(0.0, 0.2))
        strike()
    all_told_once(queue, search, without_faults(chosen))


@pytest.mark.timeout(120)
def test_a_search_survives_its_server(here, open_queue):
    chosen = long_search("grid")
    environment = os.environ | here.environment() | {"PYTHONPATH": str(SERVER.parents[1] / "jobs")}
    command = [sys.executable, str(SERVER), plan_to_json(chosen)]
    with subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.PIPE) as server:
        search = server.stdout.readline().decode().strip()
        server.stdout.readline()  # something has been told
        os.killpg(server.pid, signal.SIGKILL)
    all_told_once(open_queue(), search, without_faults(chosen))


@pytest.fixture
def start(here, tmp_path):
    """Start coordinators on one PostgreSQL, each as if on a machine of its own; and a queue on the same store."""
    url, processes = new_database(), []
    shared = replace(here, database_url=url, embedded=False, lease_seconds=2.0)
    queue = connect(shared)

    def one():
        own = replace(shared, data_dir=tmp_path / f"machine{len(processes)}").environment()
        command = [*COORDINATOR, "--service"]
        processes.append(subprocess.Popen(command, env=os.environ | own, stdin=subprocess.DEVNULL))
        return processes[-1]

    yield queue, one
    for process in processes:
        process.kill()
        process.wait()
    queue.close()
    drop_database(url)


@pytest.mark.timeout(120)
def test_the_search_of_a_coordinator_that_died_is_carried_on_by_another(start):
    queue, one = start
    chosen, first = long_search(), one()
    search = queue.searches.begin(ANN, chosen)
    until(lambda: told(queue, search) > 0, 60.0)
    one()
    first.kill()
    all_told_once(queue, search, without_faults(chosen))


def test_a_lone_search_of_192_runs_trains_as_one_stack(queue):
    import fake_engine

    until(lambda: queue.engine().state == "ready")
    steps = (Range("dropout.rate", 0.0, 0.7, steps=8), Range("l2.l2", 1e-5, 1e-1, log=True, steps=8))
    chosen = Plan(Space(BASE, steps), "grid", objective=Objective(seeds=3))
    search = queue.searches.begin(ANN, chosen)
    until(lambda: queue.searches.view(search).state == "done")
    assert [len(ids) for ids in fake_engine.stacks()] == [192]
    assert LIMITS.max_running < 192
