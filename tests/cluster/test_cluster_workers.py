import sys
import time
from dataclasses import replace
from multiprocessing.connection import wait

import idle_engine
import numpy as np
import pytest
from downloaded import data_folder
from hearing import LONG, order

from regdash.codec import to_json
from regdash.datasets.own import OwnTable, tables_folder
from regdash.datasets.table_files import path_of, save_table
from regdash.datasets.table_prepare import Prepared
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs import cluster
from regdash.jobs.cluster_link import Link
from regdash.jobs.placing import size
from regdash.jobs.workers import Began, Ended, Failed
from regdash.record import unpack
from regdash.settings import Settings


def test_a_stack_is_trained_and_each_run_ends_once(shared, hire):
    heard = hire(shared).ready(2)
    heard.workers.train([order(1, 20), order(2, 40, seed=1)])
    heard.until(lambda: heard.ended(1, 2))
    heard.until(lambda: heard.workers.room == 4 * 256)  # the task itself has returned
    assert sorted(heard.ends()) == [1, 2]
    assert {(end.ticket, end.status, end.epochs_done) for end in heard.of(Ended)} == {
        (1, "finished", 20),
        (2, "finished", 40),
    }
    assert unpack(heard.of(Ended)[0].data).history.epochs.tolist() == list(range(1, 21))
    assert sorted(ticket for event in heard.of(Began) for ticket in event.tickets) == [1, 2]


def test_progress_is_seen_before_the_end(shared, hire):
    heard = hire(shared).ready()
    heard.workers.train([order(1, 100)])
    heard.until(lambda: heard.progressed(1))
    assert not heard.ended(1)
    heard.until(lambda: heard.ended(1))
    assert heard.workers.epochs() == 100
    assert heard.workers.epochs() == 0


def test_a_cancelled_run_ends_at_its_next_segment_and_its_stack_goes_on(shared, hire):
    heard = hire(shared).ready()
    heard.workers.train([order(1, LONG), order(2, 100, seed=1)])
    heard.until(lambda: heard.progressed(1))
    heard.workers.cancel([1])
    heard.until(lambda: heard.ended(1))
    assert not heard.ended(2)
    heard.until(lambda: heard.ended(2))
    status = {end.ticket: end.status for end in heard.of(Ended)}
    assert status[1].startswith("cancelled at epoch")
    assert status[2] == "finished"


def test_a_run_can_be_cancelled_before_its_task_begins(shared, hire):
    heard = hire(shared).ready(2)
    for ticket in range(1, 5):
        heard.workers.train([order(ticket, LONG)])  # one for each thread
    heard.workers.train([order(5, LONG, company="itself")])
    heard.workers.cancel([5])
    heard.until(lambda: all(heard.progressed(ticket) for ticket in range(1, 5)))
    assert not heard.ended(5)  # it waits for a thread
    heard.workers.cancel(range(1, 5))
    heard.until(lambda: heard.ended(1, 2, 3, 4, 5))
    assert all(end.status.startswith("cancelled") for end in heard.of(Ended))
    assert max(end.epochs_done for end in heard.of(Ended) if end.ticket == 5) == idle_engine.SEGMENT


def test_a_run_that_cannot_be_read_fails_alone(shared, hire):
    heard = hire(shared).ready()
    heard.workers.train([order(1, 20), replace(order(2), experiment="not an experiment")])
    heard.until(lambda: heard.ended(1, 2))
    (failed,) = heard.of(Failed)
    assert failed.tickets == (2,)
    assert "Error" not in failed.sentence


def test_an_error_of_the_trainer_ends_what_it_had_and_the_worker_goes_on(shared, hire):
    heard = hire(shared).ready()
    heard.workers.train([order(1, seed=idle_engine.RAISER)])
    heard.until(lambda: heard.ended(1))
    (failed,) = heard.of(Failed)
    assert "ArithmeticError: the sum does not add up" in failed.sentence
    heard.until(lambda: heard.workers.room == 4 * 256)
    heard.workers.train([order(2)])
    heard.until(lambda: heard.ended(2))
    assert heard.of(Ended)[0].status == "finished"


def test_results_arrive_although_all_events_are_lost(shared, hire, monkeypatch):
    monkeypatch.setattr(Link, "_rings", lambda *_: None)
    monkeypatch.setattr(Link, "_fetch_soon", lambda *_: None)
    heard = hire(shared).ready()
    heard.workers.train([order(1, 20), order(2, 60, seed=1)])
    heard.until(lambda: heard.ended(1, 2))
    assert heard.kinds() == ["Ended", "Ended"]
    assert heard.workers.epochs() == 80


def test_two_coordinators_on_one_cluster_do_not_disturb_each_other(shared, hire):
    first, second = hire(shared).ready(2), hire(shared).ready(2)
    for ticket in range(1, 4):
        first.workers.train([order(ticket, 60, seed=ticket)])
        second.workers.train([order(ticket, 200, seed=ticket)])
    second.workers.cancel([1])
    first.until(lambda: first.ended(1, 2, 3))
    second.until(lambda: second.ended(1, 2, 3))
    assert [end.status for end in first.of(Ended)] == ["finished"] * 3
    assert {end.ticket for end in second.of(Ended) if end.status == "finished"} == {2, 3}
    assert sorted(first.ends()) == sorted(second.ends()) == [1, 2, 3]
    assert first.workers.epochs() == 180


def test_room_is_a_full_stack_for_each_free_thread(shared, hire):
    heard = hire(shared, max_members=10).ready(2)
    assert heard.workers.room == 40
    heard.workers.train([order(1, LONG)])
    assert heard.workers.room == 30
    heard.workers.train([order(ticket, LONG, seed=ticket) for ticket in range(2, 23)])
    assert heard.workers.room == 0  # 21 runs are three stacks of at most ten
    heard.workers.cancel(range(1, 23))
    heard.until(lambda: heard.workers.room == 40)
    assert heard.ended(*range(1, 23))


def test_a_large_stack_goes_to_the_worker_with_a_gpu_and_small_ones_stay_away_from_it(shared, hire, monkeypatch):
    monkeypatch.setattr(cluster, "LARGE", 10 * size([order(1)]))
    heard = hire(shared).ready(2)
    heard.workers.train([order(1, LONG)])
    heard.workers.train([order(ticket, LONG) for ticket in range(2, 12)])
    heard.until(lambda: heard.progressed(1) and heard.progressed(2))
    devices = {stack.address: len(stack.tickets) for stack in heard.workers._stacks.values()}
    with_gpu = {address: seen.gpu for address, seen in heard.workers._workers.items()}
    assert {with_gpu[address]: runs for address, runs in devices.items()} == {False: 1, True: 10}
    heard.workers.cancel(range(1, 12))
    heard.until(lambda: heard.ended(*range(1, 12)))


def test_the_condition_names_devices_workers_and_stacks(shared, hire):
    heard = hire(shared).ready(2)
    condition = heard.workers.condition()
    assert condition.state == "ready"
    assert condition.sentence == "The engine is ready on 2 workers of a cluster (2 × an idle device)."
    assert condition.versions == {"idle": "1"}
    assert all(worker["memory_mb"] > 10 for worker in condition.workers)
    heard.workers.train([order(1, LONG)])
    heard.until(lambda: heard.workers.condition().stacks)
    assert sorted(worker["state"] for worker in heard.workers.condition().workers) == ["idle", "training"]
    heard.workers.cancel([1])
    heard.until(lambda: heard.ended(1))


def test_an_engine_that_cannot_be_loaded_is_said_with_its_reason(shared, hire):
    heard = hire(shared, load=idle_engine.load_nothing)
    heard.until(lambda: heard.workers.condition().state == "down")
    assert "ImportError: No module named 'tensorflow'" in heard.workers.condition().sentence
    assert heard.workers.room == 0


def test_news_wake_whoever_waits_for_them(shared, hire):
    heard = hire(shared).ready()
    heard.workers.train([order(1, LONG)])
    heard.until(lambda: heard.progressed(1))
    heard.workers.events()
    assert wait(heard.workers.waitables(), 5)
    heard.workers.cancel([1])
    heard.until(lambda: heard.ended(1))


def test_closing_takes_the_tasks_back(shared, hire):
    heard, other = hire(shared).ready(2), hire(shared)
    heard.workers.train([order(1, LONG)])
    heard.until(lambda: heard.progressed(1))
    began = time.monotonic()
    heard.workers.close()
    assert time.monotonic() - began < 4
    other.until(lambda: sum(seen.busy for seen in other.workers._workers.values()) == 0 and other.workers.room)


def test_a_visitors_table_reaches_the_worker(shared, hire, tmp_path):
    table = Prepared(np.eye(30, 2), np.arange(30.0), ("a", "b"), (), "c")
    with data_folder(tmp_path / "pages"):
        mark = save_table(table, tables_folder())
        run = to_json(Experiment(data=OwnTable(table=mark)))
        heard = hire(shared).ready()
        heard.workers.train([replace(order(1), experiment=run), replace(order(2), experiment=run)])
        original = path_of(tables_folder(), mark).read_bytes()
    heard.until(lambda: heard.ended(1, 2))
    assert (shared.folder / "data" / "tables" / f"{mark}.npz").read_bytes() == original


def test_without_dask_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "regdash.jobs.cluster_link", raising=False)
    with pytest.raises(RegdashError, match=r'pip install "regdash\[cluster\]"'):
        cluster.ClusterWorkers(Settings(scheduler="tcp://127.0.0.1:1"))
