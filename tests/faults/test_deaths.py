"""Whatever is killed at whatever moment: every run is finished or says why not, none is doubled, none is missing."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from blows import all_well, ask, blows, finished, jobs, kill_coordinator, kill_worker

SERVER = Path(__file__).with_name("fake_server.py")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_200_runs_survive_workers_killed_at_random_moments(queue):
    ids = ask(queue, jobs(200))
    blows(queue, ids, kill_worker, count=5, seed=1)
    all_well(queue, ids)
    assert finished(queue, ids) >= 190  # a run may have been struck three times, and says so


@pytest.mark.timeout(120)
def test_200_runs_survive_coordinators_killed_at_random_moments(queue):
    ids = ask(queue, jobs(200))
    blows(queue, ids, lambda: kill_coordinator(queue), count=3, seed=2)
    all_well(queue, ids)
    assert finished(queue, ids) == 200  # a coordinator's death is held against no run


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_200_runs_survive_a_server_killed_at_random_moments(here, open_queue):
    chance = random.Random(3)
    environment = os.environ | here.environment() | {"PYTHONPATH": str(SERVER.parents[1] / "jobs")}
    for _ in range(3):
        server = subprocess.Popen([sys.executable, str(SERVER)], env=environment, start_new_session=True)
        time.sleep(chance.uniform(1.0, 2.0))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    queue = open_queue()
    ids = ask(queue, jobs(200))
    all_well(queue, ids)
    assert finished(queue, ids) == 200
