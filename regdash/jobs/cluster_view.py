"""How a cluster is, in words for people and figures for operators."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from regdash.jobs.cluster_news import Seen
from regdash.jobs.workers import Condition

CONNECTING = "The engine is connecting to its cluster. You can press Train already: runs wait in the queue."
LOST = "The cluster's scheduler cannot be reached. Runs wait in the queue; it is tried again every few seconds."
EMPTY = "The cluster has no worker yet. You can press Train already: runs wait in the queue."
LOADING = (
    "The cluster's workers are loading the engine, which takes 5 to 15 seconds. "
    "You can press Train already: runs wait in the queue."
)


def condition_of(
    trouble: str, workers: Mapping[str, Seen], training: Collection[str], stacks: tuple[Mapping[str, Any], ...]
) -> Condition:
    """The condition of a cluster with these workers, some of which train something; `trouble` is with its scheduler."""
    views = tuple(_view(worker, address in training) for address, worker in workers.items())
    ready = [worker.facts for worker in workers.values() if worker.facts.state == "ready"]
    if not ready:
        return Condition(*_not_ready(trouble, workers.values()), workers=views)
    device = ", ".join(f"{count} × {name}" for name, count in Counter(each.device for each in ready).items())
    words = f"The engine is ready on {len(ready)} worker{'s' if len(ready) > 1 else ''} of a cluster ({device})."
    return Condition("ready", words, device, ready[0].versions, views, stacks)


def _not_ready(trouble: str, workers: Collection[Seen]) -> tuple[str, str]:
    reasons = [worker.facts.reason for worker in workers if worker.facts.reason]
    if trouble:
        return "starting" if trouble == CONNECTING else "down", trouble
    if not workers:
        return "starting", EMPTY
    if len(reasons) == len(workers):
        return "down", f"The engine cannot be loaded on the cluster's workers ({reasons[0]}). It is tried again soon."
    return "starting", LOADING


def _view(worker: Seen, training: bool) -> dict[str, Any]:
    state = ("training" if training else "idle") if worker.facts.state == "ready" else worker.facts.state
    return {"pid": worker.facts.pid, "device": worker.facts.device, "state": state, "memory_mb": worker.memory_mb}
