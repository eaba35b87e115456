"""What tasks of one worker process share."""

import threading
import time

import idle_engine
import pytest
from hearing import order
from idle_engine import LONG

from regdash.jobs.bench import Bench, Work
from regdash.jobs.workers import Ended


@pytest.fixture
def rung() -> list:
    return []


@pytest.fixture
def bench(rung, tmp_path, monkeypatch) -> Bench:
    monkeypatch.setenv("REGDASH_WARM_UP", "0")
    return Bench(idle_engine.load, {"progress_seconds": 0.05}, lambda *told: rung.append(told))


def work(topic, *orders):
    return Work(topic, orders, (), idle_engine.load, {"progress_seconds": 0.05})


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def test_tasks_take_turns_and_get_their_own_ends_back(bench):
    found: dict[str, list] = {}
    tasks = [
        threading.Thread(target=lambda t=t: found.update({t: bench.train(work(t, order(1, 40), order(2, 20)), bool)}))
        for t in ("a", "b")
    ]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()
    assert {topic: [(end.ticket, end.epochs_done) for end in ends] for topic, ends in found.items()} == {
        "a": [(2, 20), (1, 40)],
        "b": [(2, 20), (1, 40)],
    }


def test_a_coordinator_hears_which_of_its_runs_have_the_turn_and_nothing_of_others(bench, rung):
    bench.train(work("a", order(7, 20)), bool)
    bench.train(work("b", order(9, 20)), bool)
    assert [told[2] for told in rung if told[0] == "a" and not told[3]] == [(7,)]
    assert [told[2] for told in rung if told[0] == "b" and not told[3]] == [(9,)]


def test_mail_holds_only_the_newest_curves_and_its_bell_rings_once_until_it_is_fetched(bench, rung):
    task = threading.Thread(target=bench.train, args=(work("a", order(1, LONG)), bool))
    task.start()
    rings = lambda: len([told for told in rung if told[3]])  # noqa: E731
    until(rings)
    assert bench.take("a").progress
    until(lambda: rings() == 2)
    turns = bench.take("b").turns
    until(lambda: bench.take("b").turns > turns + 10)  # half a second, in which more curves have come
    assert rings() == 2
    epochs, _ = bench.take("a").progress[1]
    assert epochs > 2 * idle_engine.SEGMENT
    bench.cancel("a", [1])
    task.join()


def test_a_task_that_nobody_wants_any_more_returns_only_what_had_ended_by_itself(bench):
    wanted = threading.Event()
    wanted.set()
    found: list = []
    orders = order(1, LONG), order(2, 20, **{"network.widths": (8,)})
    task = threading.Thread(target=lambda: found.extend(bench.train(work("a", *orders), lambda: not wanted.is_set())))
    task.start()
    until(lambda: any(isinstance(end, Ended) for end in bench.take("a").ends))
    wanted.clear()
    task.join()
    assert [end.ticket for end in found] == [2]
    assert bench.train(work("b", order(3, 20)), bool)[0].status == "finished"  # and its turns are for others now


def test_an_engine_that_cannot_be_loaded_has_a_reason_and_is_tried_again_later(rung):
    broken = Bench(idle_engine.load_nothing, {}, lambda *told: rung.append(told))
    until(lambda: broken.facts.state == "broken")
    assert broken.facts.reason == "ImportError: No module named 'tensorflow'"
    assert not broken.gave_up_long_ago
    with pytest.raises(RuntimeError, match="No module named 'tensorflow'"):
        broken.train(work("a", order(1)), bool)
