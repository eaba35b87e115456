"""The Status page, from overviews made by hand."""

from dataclasses import replace

import pytest
from secret_store import fill, secrets
from test_train import words

from regdash.errors import StoreUnavailable
from regdash.jobs.engine import EngineView
from regdash.jobs.observer import Moment, Observer
from regdash.jobs.overview import (
    CoordinatorView,
    Overview,
    ProcessView,
    QueueView,
    StackInFlight,
    StoreView,
    Totals,
    WorkerView,
    overview,
)
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.ui import operators
from regdash.ui.status_page import count, duration, page, rate, sentence, size
from regdash.ui.throughput import scale, slots, throughput

READY = EngineView("ready", "The engine is ready on CPU.", "CPU")
WORKER = WorkerView(4242, "CPU, 2 cores", "ready", 812.4)
STACK = StackInFlight("Moons, MLP, Adam", 30, 1_200)
COORDINATOR = CoordinatorView(
    "ab12", True, "ready", "", "CPU", 0.1, {"keras": "3.15.1"}, (WORKER,), (STACK,), 3.2, 465.0, 31.4
)
IDLE = Overview(
    (replace(COORDINATOR, stacks=(), epochs_per_s=0.0, members_per_s=0.0),),
    QueueView(0, 0, 0, None),
    Totals(0, 0, 0, 0, 0),
    StoreView("SQLite", 40_000, 4_000_000_000, 0, 0),
    ProcessView(7_200.0, 188.0, 1),
    {"regdash": "0.1.0", "python": "3.11.7"},
)
BUSY = replace(
    IDLE,
    coordinators=(COORDINATOR,),
    queue=QueueView(1, 30, 1, 4.2),
    totals=Totals(1_204, 512, 670, 2, 1),
    store=StoreView("SQLite", 12_412_000, 4_000_000_000, 682, 670),
)


def show(monkeypatch, found):
    monkeypatch.setattr(operators, "observer", lambda: observer)
    observer = Observer(lambda: found)


@pytest.mark.parametrize("found", [IDLE, BUSY], ids=["idle", "busy"])
def test_the_page_is_drawn_for_an_idle_and_for_a_busy_server(open_page, monkeypatch, found):
    show(monkeypatch, found)
    test = open_page("pages/status.py")
    assert not test.exception
    assert "The engine is ready." in words(test)


def test_a_store_that_cannot_be_read_is_a_sentence(open_page, monkeypatch):
    def broken():
        raise StoreUnavailable("The store <b>x</b> cannot be used.")

    monkeypatch.setattr(operators, "observer", lambda: Observer(broken))
    test = open_page("pages/status.py")
    assert not test.exception
    assert "The store &lt;b&gt;x&lt;/b&gt; cannot be used." in words(test)


def test_the_first_sentence_says_how_the_engine_is_and_what_there_is_to_do():
    assert sentence(READY, IDLE) == "The engine is ready on CPU. Nothing is being trained and nothing waits."
    assert sentence(READY, BUSY) == "The engine is ready on CPU. 30 runs in training, 1 run of 1 session waiting."
    alone = replace(BUSY, queue=QueueView(0, 1, 0, None))
    assert sentence(READY, alone) == "The engine is ready on CPU. 1 run in training."
    assert sentence(EngineView("down", "The engine is not running."), BUSY) == "The engine is not running."


def test_the_figures_stand_with_what_they_mean():
    html = page(READY, BUSY, "", links=True)
    for said in (
        "In training", ">30<", "in 1 stack", ">1<", "the first for 4 s", ">465<", "3.2 runs per second",
        ">43%<", "of 1,204 asked for", ">12.4 MB<", "of 4.0 GB, 682 runs", "Moons, MLP, Adam", "1,200", "CPU, 2 cores",
        "812 MB", "running for 2 h", "1 browser connected", "670 trained · 2 failed · 1 worker lost",
        "31 ms from asking to the first step", "Regdash 0.1.0 · Python 3.11.7 · Keras 3.15.1", 'href="status.json"',
    ):  # fmt: skip
        assert said in html, said


def test_an_idle_server_says_so_in_place_of_empty_tables():
    html = page(READY, replace(IDLE, coordinators=()), throughput([], 0.0), links=False)
    for said in (
        "Nothing is being trained.",
        "No worker is running.",
        "Nothing has been measured yet.",
        "nobody waits",
        "–",
    ):
        assert said in html
    assert "<table" not in html
    assert "status.json" not in html


def test_what_coordinators_write_is_escaped():
    hostile = "<script>alert(1)</script>"
    stacks, workers = (replace(STACK, label=hostile),), (replace(WORKER, device=hostile, state=hostile),)
    found = replace(
        BUSY, coordinators=(replace(COORDINATOR, stacks=stacks, workers=workers, versions={hostile: hostile}),)
    )
    html = page(EngineView("ready", hostile), found, "", links=True)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_a_coordinator_that_is_gone_is_named_and_not_counted():
    found = replace(BUSY, coordinators=(replace(COORDINATOR, alive=False, state="gone", workers=(), stacks=()),))
    html = page(READY, found, "", links=True)
    assert "no sign of life" in html
    assert "in 0 stacks" in html


def test_no_visitors_data_are_on_the_page(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'regdash.sqlite'}")
    room = fill(database)
    html = page(READY, overview(database, Settings()), "", links=True)
    database.close()
    assert "Moons, MLP, Adam" in html
    assert [secret for secret in secrets(room) if secret in html] == []


def test_many_stacks_are_shown_largest_first_and_cut_with_their_number():
    stacks = tuple(replace(STACK, label=f"Stack {members}", members=members) for members in range(1, 31))
    html = page(READY, replace(BUSY, coordinators=(replace(COORDINATOR, stacks=stacks),)), "", links=True)
    assert html.index("Stack 30") < html.index("Stack 29") < html.index("Stack 11")
    assert "Stack 10<" not in html
    assert "and 10 more" in html


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (size(0), "0.0 kB"), (size(40_000), "40.0 kB"), (size(999_400), "999 kB"), (size(999_600), "1.0 MB"),
        (size(4_000_000_000), "4.0 GB"), (duration(42.4), "42 s"), (duration(90), "2 min"), (duration(5_400), "2 h"),
        (duration(200_000), "2 days"), (rate(0), "0"), (rate(0.25), "0.25"), (rate(4.21), "4.2"),
        (rate(1465.3), "1,465"), (count(1, "run"), "1 run"), (count(1_200, "run"), "1,200 runs"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(said, words):
    assert said == words


def test_a_bar_is_the_mean_of_its_ten_seconds_and_gaps_stay_empty():
    moments = [Moment(at, pace, 0.0, 0) for at, pace in ((1_000.0, 10.0), (1_005.0, 20.0), (1_021.0, 40.0))]
    bars = slots(moments, 1_025.0)
    assert len(bars) == 60
    assert bars[-3:] == [15.0, None, 40.0]
    assert bars[:-3] == [None] * 57
    html = throughput(moments, 1_025.0)
    assert html.count("height:") == 2
    assert "height:30.0%" in html  # 15 of 50
    assert "now 40, at most 40" in html


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (1.1, 2), (4, 5), (9, 10), (11, 20), (21, 50), (465, 500)]
)
def test_the_scale_ends_at_the_next_round_number(highest, top):
    assert scale(highest) == top
