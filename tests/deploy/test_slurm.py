"""The script for SLURM, as far as it goes without SLURM."""

import runpy
from typing import Any

import pytest
from distributed.cli import dask_worker
from shipped import DEPLOY

from regdash.cli import _parser

SCRIPT: dict[str, Any] = runpy.run_path(str(DEPLOY / "slurm" / "cluster.py"), run_name="cluster")


def described(*words: str) -> dict[str, Any]:
    """What SLURMCluster is given for these words of the command line."""
    found: dict[str, Any] = SCRIPT["description"](SCRIPT["options"]().parse_args(words))
    return found


def test_a_job_is_one_worker_that_takes_eight_stacks_and_as_many_cores_as_asked_for() -> None:
    job = described("--cpus", "8")
    assert (job["processes"], job["cores"], job["job_cpu"]) == (1, 8, 8)


def test_a_job_ends_its_work_before_slurm_ends_it() -> None:
    job = described("--minutes", "95")
    assert job["walltime"] == "01:35:00"
    worker = dask_worker.main.make_context("dask worker", ["tcp://node:8786", *job["worker_extra_args"]])
    assert worker.params["lifetime"] == "90m"


def test_a_job_with_a_graphics_card_asks_slurm_for_it_and_tells_the_scheduler() -> None:
    job = described("--gpu")
    assert job["job_extra_directives"] == ["--gres=gpu:1"]
    worker = dask_worker.main.make_context("dask worker", ["tcp://node:8786", *job["worker_extra_args"]])
    assert worker.params["resources"] == "GPU=1"
    assert described()["job_extra_directives"] == []


def test_the_coordinator_is_started_by_a_command_that_exists() -> None:
    source = (DEPLOY / "slurm" / "cluster.py").read_text()
    assert '[sys.executable, "-m", "regdash.cli", "coordinator", "--service"]' in source
    assert _parser().parse_args(["coordinator", "--service"]).service


def test_dask_jobqueue_knows_every_word_of_the_description() -> None:
    jobqueue = pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
    with jobqueue.SLURMCluster(**described("--partition", "short", "--port", "0")) as cluster:
        assert "#SBATCH -p short" in cluster.job_script()
