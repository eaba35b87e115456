"""What the connection to a cluster tells the coordinator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.jobs.bench import Facts, Mail
from regdash.jobs.workers import Ended, Failed


@dataclass(frozen=True)
class Seen:
    """A worker of the cluster, as the scheduler and the worker itself tell."""

    threads: int  # 0 while it takes no new tasks
    gpu: bool
    busy: int
    memory_mb: float
    facts: Facts


@dataclass(frozen=True)
class Unreachable:
    """The scheduler cannot be reached, or no longer."""

    reason: str


@dataclass(frozen=True)
class Around:
    """All workers there are now."""

    workers: Mapping[str, Seen]


@dataclass(frozen=True)
class Gone:
    """A worker has left the cluster; as it was asked to, or not."""

    address: str
    planned: bool


@dataclass(frozen=True)
class Turned:
    """A worker trains these runs now."""

    address: str
    turns: int  # of the worker so far
    tickets: tuple[int, ...]


@dataclass(frozen=True)
class Fetched:
    """What has come from a worker."""

    address: str
    mail: Mail


@dataclass(frozen=True)
class Returned:
    """A task has ended."""

    key: str
    ends: Sequence[Ended | Failed]


@dataclass(frozen=True)
class Broke:
    """A task has failed as a whole."""

    key: str
    error: Exception


News = Unreachable | Around | Gone | Turned | Fetched | Returned | Broke


def seen(worker: Mapping[str, Any], facts: Facts) -> Seen:
    """A worker from what the scheduler says of it and what it says itself."""
    metrics = worker.get("metrics", {})
    busy = sum(metrics.get("task_counts", {}).get(state, 0) for state in ("executing", "ready", "constrained"))
    threads = worker["nthreads"] if worker.get("status", "running") == "running" else 0
    gpu = worker.get("resources", {}).get("GPU", 0) >= 1
    return Seen(threads, gpu, busy, metrics.get("memory", 0) / 2**20, facts)
