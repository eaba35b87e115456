"""Train on a SLURM cluster: a Dask scheduler here, its workers as SLURM jobs, and a coordinator that hands them work.

python deploy/slurm/cluster.py --partition short --most 8, on a node that may submit jobs and reaches the database.
"""

import argparse
import os
import subprocess
import sys
from typing import Any

MARGIN_MINUTES = 5  # by which a worker leaves, its work done, before SLURM ends its job


def options() -> argparse.ArgumentParser:
    """What can be chosen; the same for every job."""
    parser = argparse.ArgumentParser(description="Regdash's coordinator with workers as SLURM jobs.")
    parser.add_argument("--partition", help="of SLURM; without it SLURM's own default")
    parser.add_argument("--account", help="that pays for the jobs")
    parser.add_argument("--fewest", type=int, default=1, help="jobs that are always there (default 1)")
    parser.add_argument("--most", type=int, default=4, help="jobs at once (default 4)")
    parser.add_argument("--cpus", type=int, default=4, help="cores of a job; each job is one worker (default 4)")
    parser.add_argument("--memory", default="8GiB", help="of a job (default 8GiB)")
    parser.add_argument("--minutes", type=int, default=120, help="wall time of a job (default 120)")
    parser.add_argument("--gpu", action="store_true", help="one graphics card for each job")
    parser.add_argument("--interface", help="network interface that nodes reach each other by, such as ib0")
    parser.add_argument("--port", type=int, default=8786, help="of the scheduler (default 8786)")
    parser.add_argument("--environment", default="", help="command to run first in a job, such as 'module load python'")
    parser.add_argument("--show", action="store_true", help="print the job's script and end")
    return parser


def description(given: argparse.Namespace) -> dict[str, Any]:
    """The keywords of dask_jobqueue.SLURMCluster: a job is one worker, which takes several stacks in turns."""
    lifetime = [f"--lifetime={given.minutes - MARGIN_MINUTES}m", "--lifetime-stagger=2m"]
    return {
        "queue": given.partition,
        "account": given.account,
        "processes": 1,
        "cores": 8,  # stacks that take turns; the engine itself uses all that SLURM gives the job
        "job_cpu": given.cpus,
        "memory": given.memory,
        "walltime": f"{given.minutes // 60:02}:{given.minutes % 60:02}:00",
        "python": sys.executable,
        "interface": given.interface,
        "job_script_prologue": [given.environment] if given.environment else [],
        "job_extra_directives": ["--gres=gpu:1"] if given.gpu else [],
        "worker_extra_args": [*lifetime, *(["--resources", "GPU=1"] if given.gpu else [])],
        "scheduler_options": {"port": given.port, "dashboard_address": None},
    }


def main() -> int:
    """Start the scheduler, let jobs come and go with the work, and run the coordinator until it is stopped."""
    given = options().parse_args()
    from dask_jobqueue import SLURMCluster

    with SLURMCluster(**description(given)) as cluster:
        if given.show:
            print(cluster.job_script())
            return 0
        cluster.adapt(minimum_jobs=given.fewest, maximum_jobs=given.most)
        environment = os.environ | {"REGDASH_SCHEDULER": cluster.scheduler_address}
        command = [sys.executable, "-m", "regdash.cli", "coordinator", "--service"]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
