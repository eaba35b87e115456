import json
import math
from dataclasses import replace

import pytest
from secret_store import RUNS, STATS, fill, secrets

from regdash.jobs.overview import StackInFlight, WorkerView, as_json, overview
from regdash.settings import Settings
from regdash.store.coordinators import SignOfLife, write_sign
from regdash.store.database import open_store


@pytest.fixture
def database(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'regdash.sqlite'}")
    yield database
    database.close()


def test_an_empty_store_has_an_overview_of_zeros(database):
    found = overview(database, Settings())
    assert found.coordinators == ()
    assert (found.queue.waiting, found.queue.running, found.queue.sessions, found.queue.oldest_seconds) == (
        0,
        0,
        0,
        None,
    )
    assert found.totals.cache_share is None
    assert (found.store.kind, found.store.runs, found.store.records) == ("SQLite", 0, 0)
    assert found.store.limit_bytes == 4_000_000_000
    assert found.members_per_s == found.epochs_per_s == 0.0


def test_the_overview_counts_what_is_in_the_store(database):
    fill(database)
    found = overview(database, Settings())
    assert (found.queue.waiting, found.queue.running, found.queue.sessions) == (2, 1, 1)
    assert 0 <= found.queue.oldest_seconds < 60
    assert (found.store.runs, found.store.records) == (5, 1)
    assert found.store.bytes > 0
    assert (found.totals.asked, found.totals.finished, found.totals.failed, found.totals.lost_workers) == (5, 40, 1, 1)
    assert found.process.uptime_seconds > 0
    assert {"regdash", "python", "streamlit"} <= found.versions.keys()


def test_a_coordinator_is_shown_as_it_has_described_itself(database):
    fill(database)
    (found,) = overview(database, Settings()).coordinators
    assert (found.id, found.alive, found.state, found.device) == ("ab12", True, "ready", "CPU")
    assert found.workers == (WorkerView(4242, "CPU, 2 cores", "ready", 812.5),)
    assert found.stacks == (StackInFlight("Moons, MLP, Adam", 30, 1200), StackInFlight("Digits, CNN, SGD", 2, 80))
    assert (found.members_per_s, found.epochs_per_s, found.latency_ms) == (3.5, 465.0, 31.5)
    assert found.versions == {"keras": "3.15.1"}


def test_throughput_is_the_sum_over_living_coordinators(database):
    for name in ("one", "two", "three"):
        write_sign(database, SignOfLife(name, "ready", "", stats=STATS))
    found = overview(database, Settings(), lives=lambda sign: sign.id != "two")
    assert found.members_per_s == 2 * 3.5
    assert found.epochs_per_s == 2 * 465.0
    states = {each.id: each.state for each in found.coordinators}
    assert states == {"one": "ready", "two": "gone", "three": "ready"}


def test_a_coordinator_that_is_gone_has_no_stacks_and_one_that_ended_does_not_live(database):
    write_sign(database, SignOfLife("lost", "ready", "", stats=STATS))
    write_sign(database, SignOfLife("ended", "down", "The engine has ended.", stats=STATS))
    found = {
        each.id: each for each in overview(database, Settings(), lives=lambda sign: sign.id == "ended").coordinators
    }
    assert (found["lost"].state, found["lost"].alive, found["lost"].stacks) == ("gone", False, ())
    assert (found["ended"].state, found["ended"].alive) == ("down", False)


@pytest.mark.parametrize(
    "stats",
    [
        {},
        {"workers": None, "stacks": "many"},
        {"workers": [{}, 7], "stacks": [{"members": "three", "epochs_left": None}]},
        {"epochs_per_s": math.nan, "members_per_s": -1, "latency_ms": math.inf},
    ],
)
def test_what_a_coordinator_leaves_out_or_writes_wrongly_is_nothing(database, stats):
    write_sign(database, SignOfLife("ab12", "ready", "", stats=stats))
    (found,) = overview(database, Settings()).coordinators
    assert (found.members_per_s, found.epochs_per_s, found.latency_ms) == (0.0, 0.0, None)
    assert all(stack == StackInFlight("", 0, 0) for stack in found.stacks)
    assert all(worker == WorkerView(0, "", "", None) for worker in found.workers)


def test_the_share_of_cache_hits_is_that_of_what_was_asked_for(database):
    totals = overview(database, Settings()).totals
    assert replace(totals, asked=8, cache_hits=6).cache_share == 0.75
    assert replace(totals, asked=1, cache_hits=2).cache_share == 1.0


def test_as_json_it_is_the_same_tree_and_holds_no_visitors_data(database):
    room = fill(database)
    text = json.dumps(as_json(overview(database, Settings())), allow_nan=False)
    tree = json.loads(text)
    assert tree["queue"]["waiting"] == 2
    assert tree["coordinators"][0]["stacks"][0] == {"label": "Moons, MLP, Adam", "members": 30, "epochs_left": 1200}
    assert tree["epochs_per_s"] == 465.0
    assert [secret for secret in secrets(room) if secret in text] == []
    assert RUNS[0] not in text
