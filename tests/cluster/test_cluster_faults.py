"""Parts of a cluster are killed: every run comes back once, and only those under suspicion are blamed."""

import idle_engine
from dask_processes import Cluster
from distributed import Client
from hearing import LONG, order

from regdash.jobs.workers import Ended, Lost


def test_a_run_that_kills_its_worker_is_blamed_once_and_no_other_worker_dies_of_it(own, hire):
    dying = own.worker(threads=2)
    heard = hire(own)
    heard.ready()
    own.worker(threads=2)
    heard.workers.train([order(1, LONG, company="itself")])
    heard.until(lambda: heard.progressed(1))
    heard.workers.train([order(2, seed=idle_engine.KILLER), order(3)])
    heard.until(lambda: heard.ended(1, 2, 3))
    assert heard.of(Lost) == [Lost(suspects=(2, 3), others=(1,))]
    assert dying.wait() < 0
    heard.ready()
    heard.workers.train([order(4, 200)])  # a second, in which Dask would have given the killer to the other worker
    heard.until(lambda: heard.ended(4))
    assert heard.of(Ended)[-1].status == "finished"
    assert len(heard.of(Lost)) == 1


def test_a_worker_that_leaves_as_planned_blames_nobody(own, hire):
    own.worker()
    heard = hire(own).ready()
    heard.workers.train([order(1, LONG)])
    heard.until(lambda: heard.progressed(1))
    with Client(own.address, set_as_default=False) as client:
        client.retire_workers(list(heard.workers._workers))  # as a worker does itself at the end of its --lifetime
    heard.until(lambda: heard.ended(1))
    assert heard.of(Lost) == [Lost(suspects=(), others=(1,))]
    assert heard.workers.condition().state == "starting"
    assert "no worker" in heard.workers.condition().sentence


def test_a_worker_that_makes_no_turns_is_ended_and_its_run_blamed(own, hire):
    hanging = own.worker()
    heard = hire(own, lease_seconds=3.0).ready()
    heard.workers.train([order(1, seed=idle_engine.HANGER)])
    heard.until(lambda: heard.ended(1))
    assert heard.of(Lost) == [Lost(suspects=(1,), others=())]
    assert hanging.wait(10) == 1


def test_a_scheduler_that_dies_blames_nobody_and_its_successor_is_found(own, hire):
    own.worker()
    heard = hire(own).ready()
    heard.workers.train([order(1, LONG), order(2, LONG)])
    heard.until(lambda: heard.progressed(1))
    scheduler, worker = own.processes
    scheduler.kill()
    heard.until(lambda: heard.ended(1, 2))
    assert heard.of(Lost) == [Lost(suspects=(), others=(1, 2))]
    assert heard.workers.condition().state == "down"
    assert heard.workers.room == 0
    scheduler.wait()
    worker.wait(20)  # a worker ends with its scheduler
    own.scheduler()
    own.worker()
    heard.ready()
    heard.workers.train([order(3)])
    heard.until(lambda: heard.ended(3))
    assert heard.of(Ended)[-1].ticket == 3


def test_a_coordinator_that_dies_leaves_no_work_behind(own, hire, forsaken):
    own.worker()
    heard = hire(own).ready()
    coordinator = forsaken(own)
    heard.until(lambda: any(seen.busy for seen in heard.workers._workers.values()))
    coordinator.kill()
    coordinator.wait()
    heard.workers.train([order(1)])
    heard.until(lambda: heard.ended(1))
    assert heard.of(Ended)[0].status == "finished"


def test_without_a_scheduler_runs_wait_and_the_sentence_says_why(tmp_path, hire, monkeypatch):
    monkeypatch.setattr("regdash.jobs.cluster_link.PATIENCE", 0.5)
    nowhere = Cluster(tmp_path)
    heard = hire(nowhere)
    assert heard.workers.condition().state == "starting"
    heard.until(lambda: heard.workers.condition().state == "down")
    assert heard.workers.condition().sentence.startswith("The cluster's scheduler cannot be reached.")
    assert heard.workers.room == 0
    nowhere.scheduler()
    heard.until(lambda: heard.workers.condition().state == "starting")
    assert "no worker" in heard.workers.condition().sentence
    nowhere.close()
