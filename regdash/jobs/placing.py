"""Which worker of a cluster trains which runs, and what they need there. Knows nothing of Dask."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from regdash.codec import from_json
from regdash.datasets.own import OwnTable
from regdash.errors import RegdashError
from regdash.experiment import signature
from regdash.jobs.own_tables import mark_in, table_of
from regdash.jobs.workers import Order

SMALLEST_PART = 16  # runs; a stack is not torn into smaller parts, as few runs cost nearly as much as many


@dataclass(frozen=True)
class Place:
    """A worker that may be given stacks."""

    address: str
    threads: int  # how many tasks Dask runs there at once
    stacks: int = 0  # of this coordinator, in its hands now
    busy: int = 0  # tasks there of anybody, as the scheduler saw it last
    gpu: bool = False
    knows: bool = False  # has trained this shape before, so its program is compiled


@dataclass(frozen=True)
class Part:
    """Runs for one worker, as one task."""

    address: str
    orders: tuple[Order, ...]
    gpu: bool = False  # takes the worker's resource GPU


def free(places: Sequence[Place]) -> int:
    """How many more stacks the workers take: one for each thread that has none."""
    return sum(max(0, place.threads - place.stacks) for place in places)


def share(orders: Sequence[Order], places: Sequence[Place], most: int, large: bool) -> list[Part]:
    """Runs of one shape, shared out: over all idle workers where they are many, to the least busy one where few.

    A large stack goes to workers that declare the resource GPU, where there are any. `most` is the largest stack.
    """
    on_gpu = large and any(place.gpu for place in places)
    order = sorted((place for place in places if place.gpu or not on_gpu), key=lambda place: _load(place, on_gpu))
    idle = sum(not place.stacks and not place.busy for place in order)
    count = max(-(-len(orders) // most), min(idle, len(orders) // SMALLEST_PART), 1)
    parts = [tuple(orders[number::count]) for number in range(count)]
    return [Part(order[number % len(order)].address, part, on_gpu) for number, part in enumerate(parts)]


def _load(place: Place, on_gpu: bool) -> tuple[float, bool, bool, int]:
    """The least busy first; of equals one whose GPU is not wanted, then one that knows the shape."""
    return place.stacks / place.threads, place.gpu and not on_gpu, not place.knows, place.busy


def size(orders: Sequence[Order]) -> int:
    """What one epoch of a stack costs: multiplications times rows, summed over its runs; 0 if it cannot be told."""
    from regdash.training.groups import work

    try:
        return len(orders) * work(from_json(orders[0].experiment))
    except RegdashError:
        return 0


def tables(orders: Sequence[Order]) -> tuple[tuple[str, bytes], ...]:
    """The visitors' own tables that these runs need, each once."""
    users = {_table(order.experiment): order.experiment for order in orders}
    return tuple(table for mark, user in users.items() if mark and (table := table_of(user)))


@lru_cache(maxsize=4_096)
def _table(experiment: str) -> str:
    try:
        return mark_in(from_json(experiment)) if f'"{OwnTable.name}"' in experiment else ""
    except RegdashError:
        return ""


@lru_cache(maxsize=4_096)
def program(experiment: str) -> Hashable:
    """What decides which compiled program a run needs."""
    try:
        return signature(from_json(experiment))
    except RegdashError:
        return experiment
