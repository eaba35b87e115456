"""A cluster for all tests of a file that leave it as it was, and one for each test that kills parts of it."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import idle_engine
import pytest
from dask_processes import HERE, Cluster
from hearing import Heard

from regdash.jobs.cluster import ClusterWorkers
from regdash.settings import Settings


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers, the second of which declares a GPU."""
    cluster = Cluster(tmp_path_factory.mktemp("dask"))
    cluster.scheduler()
    cluster.worker(2)
    cluster.worker(2, "--resources", "GPU=1")
    yield cluster
    cluster.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler, and what the test starts beside it."""
    cluster = Cluster(tmp_path)
    cluster.scheduler()
    yield cluster
    cluster.close()


@pytest.fixture
def forsaken():
    """Starts a coordinator's side that has a long run trained."""
    return lambda cluster: cluster.start(
        sys.executable, str(HERE / "forsaken.py"), cluster.address, str(cluster.folder)
    )


@pytest.fixture
def hire(tmp_path: Path):
    """Coordinators' sides of a cluster; `changes` are settings."""
    hired: list[ClusterWorkers] = []

    def make(cluster: Cluster, load=idle_engine.load, **changes: object) -> Heard:
        settings = Settings(data_dir=tmp_path, scheduler=cluster.address, progress_seconds=0.05)
        hired.append(ClusterWorkers(replace(settings, **changes), load=load))
        return Heard(hired[-1])

    yield make
    for workers in hired:
        workers.close()
