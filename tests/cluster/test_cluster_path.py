"""The whole path with a cluster: a page's queue, the store, a coordinator, and Dask's processes."""

import threading
import time

import idle_engine
import pytest

from regdash.experiment import Experiment
from regdash.jobs.cluster import ClusterWorkers
from regdash.jobs.coordinator import Coordinator
from regdash.jobs.queue import connect
from regdash.settings import Settings
from regdash.store.database import open_store


@pytest.fixture
def queue(shared, tmp_path):
    here = Settings(data_dir=tmp_path, scheduler=shared.address, progress_seconds=0.05, embedded=False)
    database = open_store(here.store_url)
    stop, coordinator = threading.Event(), Coordinator(database, here, ClusterWorkers(here, load=idle_engine.load))
    thread = threading.Thread(target=coordinator.run, args=(stop,))
    thread.start()
    queue = connect(here)
    yield queue
    stop.set()
    thread.join()
    queue.close()
    database.close()


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_what_a_page_asks_for_is_trained_by_the_cluster(queue):
    runs = [Experiment().with_values({"training.seed": seed, "training.epochs": 40}) for seed in range(3)]
    ids = queue.submit("session", runs)
    until(lambda: all(view.state == "done" for view in queue.watch(ids)))
    assert [view.record.status for view in queue.watch(ids)] == ["finished"] * 3
    assert queue.engine().state == "ready"


def test_a_run_that_nobody_wants_any_more_is_ended_in_the_cluster(queue):
    (id_,) = queue.submit("session", [Experiment().with_values({"training.epochs": 2_000})])
    until(lambda: queue.watch([id_])[0].epochs_done)
    queue.cancel("session", [id_])
    until(lambda: queue.watch([id_])[0].state == "done")
    assert queue.watch([id_])[0].record.status.startswith("cancelled at epoch")
