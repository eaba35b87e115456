"""Several coordinators on one PostgreSQL share the work: no run is trained twice, and the dead ones' runs go on."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from blows import all_well, ask, finished, jobs
from postgres_server import drop_database, new_database
from waiting import COORDINATOR, until

from regdash.jobs.queue import connect
from regdash.settings import Settings


@pytest.fixture
def shared(here: Settings, tmp_path: Path):
    url = new_database()
    yield replace(here, database_url=url, embedded=False, lease_seconds=3.0, max_members=8)
    drop_database(url)


@pytest.fixture
def shared_queue(shared: Settings):
    queue = connect(shared)
    yield queue
    queue.close()


@pytest.fixture
def start(shared: Settings, tmp_path: Path):
    """Start coordinators, each as if on a machine of its own."""
    started = []

    def one() -> "subprocess.Popen[bytes]":
        number = len(started)
        own = replace(shared, data_dir=tmp_path / f"machine{number}").environment()
        log = {"FAKE_ENGINE_LOG": str(tmp_path / f"engine{number}.log")}
        command = [*COORDINATOR, "--service"]
        started.append(subprocess.Popen(command, env=os.environ | own | log, stdin=subprocess.DEVNULL))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.wait()


def trained(tmp_path: Path) -> list[Counter[str]]:
    """How often each coordinator's engine has taken each run on."""
    found = []
    for path in sorted(tmp_path.glob("engine*.log")):
        seen: Counter[str] = Counter()
        before: set[str] = set()
        for line in path.read_text().splitlines():
            members = set(json.loads(line)["ids"])
            seen.update(members - before)
            before |= members
        found.append(seen)
    return found


@pytest.mark.timeout(120)
def test_two_coordinators_share_200_runs_and_train_none_twice(shared_queue, start, tmp_path):
    queue = shared_queue
    start(), start()
    until(lambda: queue.engine().state == "ready")
    ids = ask(queue, jobs(200), sessions=20)
    all_well(queue, ids)
    one, other = trained(tmp_path)
    assert set(one) | set(other) == set(ids)
    assert not set(one) & set(other)


@pytest.mark.timeout(120)
def test_the_runs_of_a_coordinator_that_died_are_finished_by_the_other(shared_queue, start):
    queue = shared_queue
    first = start()
    until(lambda: queue.engine().state == "ready")
    ids = ask(queue, jobs(100))
    until(lambda: finished(queue, ids) > 0)
    start()
    first.send_signal(signal.SIGKILL)
    all_well(queue, ids)
    assert finished(queue, ids) == 100


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_coordinator_that_was_asleep_for_longer_than_its_lease_does_no_harm(shared_queue, start):
    queue = shared_queue
    first = start()
    until(lambda: queue.engine().state == "ready")
    ids = ask(queue, jobs(40))
    until(lambda: finished(queue, ids) > 0)
    first.send_signal(signal.SIGSTOP)
    start()
    all_well(queue, ids, seconds=90.0)
    first.send_signal(signal.SIGCONT)
    late = ask(queue, [job.with_values({"split.seed": 3}) for job in jobs(20)])
    all_well(queue, [*ids, *late])
    assert finished(queue, [*ids, *late]) == 60


def test_a_database_that_is_not_there_is_a_sentence_and_no_trace(shared, tmp_path):
    nowhere = replace(shared, database_url="postgresql+psycopg://someone:secret@127.0.0.1:1/none", data_dir=tmp_path)
    command = [sys.executable, "-m", "regdash.cli", "coordinator", "--service"]
    found = subprocess.run(command, env=os.environ | nowhere.environment(), capture_output=True, text=True, timeout=60)
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert "secret" not in found.stderr
