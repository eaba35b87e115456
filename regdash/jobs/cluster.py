"""Workers of a Dask cluster: one stack is one task, given to one worker.

A scheduler and its workers run whatever anybody sends them, so they may only be reachable from machines that are
trusted; `tls://` addresses and their certificates come from Dask's own configuration.
"""

import itertools
import logging
import secrets
import time
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from regdash.errors import RegdashError, sentence
from regdash.jobs.bench import Mail
from regdash.jobs.cluster_news import Around, Broke, Fetched, Gone, News, Returned, Seen, Turned, Unreachable
from regdash.jobs.cluster_view import CONNECTING, LOST, condition_of
from regdash.jobs.placing import Part, Place, free, program, share, size, tables
from regdash.jobs.tickets import Tickets
from regdash.jobs.worker import LoadEngine, load_keras
from regdash.jobs.workers import Condition, Ended, Event, Failed, Order
from regdash.settings import Settings

if TYPE_CHECKING:
    from regdash.jobs.cluster_link import Link

log = logging.getLogger("regdash.coordinator")

LARGE = 2**31  # multiplications times rows of a stack in one epoch: a tenth of a second for a CPU, so worth a GPU
CLOSE_SECONDS = 4.0
OF_RUNS = ("segment_seconds", "progress_seconds", "max_members", "max_seconds")  # the rest is each worker's own
KILLED = "KilledWorker"  # what Dask raises for a task whose worker has died too often
MISSING = 'REGDASH_SCHEDULER needs Dask, which is not installed. Install it with: pip install "regdash[cluster]"'


@dataclass(frozen=True)
class Stack:
    """A task in flight."""

    address: str
    tickets: frozenset[int]


@dataclass(frozen=True)
class Doing:
    """What a worker does, as far as it has told."""

    turns: int = 0
    since: float = 0.0  # when its turns last rose, or it was given something after a rest
    turning: tuple[int, ...] = ()
    stacks: tuple[Mapping[str, Any], ...] = ()
    shapes: frozenset[Hashable] = frozenset()  # that it has been given


class ClusterWorkers:
    """What is where in the cluster, by what the connection has told; waits for nothing."""

    def __init__(self, settings: Settings, load: LoadEngine = load_keras) -> None:
        self._settings = settings
        self._link = _connect(settings, load)
        self._trouble = CONNECTING
        self._tickets = Tickets()
        self._workers: Mapping[str, Seen] = {}
        self._doing: dict[str, Doing] = {}
        self._stacks: dict[str, Stack] = {}
        self._keys = (f"regdash-{secrets.token_hex(8)}-{number}" for number in itertools.count())

    @property
    def room(self) -> int:
        """How many more runs the cluster takes: a full stack for each thread of a worker that has none.

        Nothing waits in the cluster: there it would wait behind one worker, in the store it waits for all of them.
        """
        return free(self._places(None)) * self._settings.max_members

    def train(self, orders: Sequence[Order]) -> None:
        """Share runs of one shape out over the workers."""
        shape = program(orders[0].experiment)
        places = self._places(shape)
        self._tickets.enter([order.ticket for order in orders])
        if not places:  # the last worker has just left
            self._tickets.lost([order.ticket for order in orders])
            return
        large = any(place.gpu for place in places) and size(orders) >= LARGE
        for part in share(orders, places, self._settings.max_members, large):
            self._submit(part, shape)

    def cancel(self, tickets: Collection[int]) -> None:
        """Tell each worker which of its runs are no longer wanted."""
        for stack in self._stacks.values():
            mine = stack.tickets & set(tickets) & set(self._tickets.open)
            if mine:
                self._link.cancel(stack.address, mine)

    def share(self, cores: bool) -> None:
        """Pages run on other machines than the cluster: nothing to do."""

    def events(self) -> list[Event]:
        """What the cluster has said; takes care of workers that hang."""
        for news in self._link.hear():
            self._hear(news)
        self._watch_leases()
        return self._tickets.events()

    def waitables(self) -> list[Any]:
        """The bell of the connection."""
        return [self._link.bell]

    def epochs(self) -> int:
        """Epochs trained since the last call, summed over runs."""
        return self._tickets.epochs()

    def condition(self) -> Condition:
        """How the cluster is, and what it trains."""
        training = {stack.address for stack in self._stacks.values()}
        stacks = tuple(stack for address in training for stack in self._doing.get(address, Doing()).stacks)
        return condition_of(self._trouble, self._workers, training, stacks)

    def close(self) -> None:
        """Take everything back from the cluster."""
        self._link.close(CLOSE_SECONDS)

    # Giving

    def _places(self, shape: Hashable) -> list[Place]:
        """The workers that may be given something."""
        counts = Counter(stack.address for stack in self._stacks.values())
        ready = {address: worker for address, worker in self._workers.items() if worker.facts.state == "ready"}
        return [
            Place(address, worker.threads, counts[address], worker.busy, worker.gpu, self._knows(address, shape))
            for address, worker in ready.items()
            if worker.threads
        ]

    def _knows(self, address: str, shape: Hashable) -> bool:
        return address in self._doing and shape in self._doing[address].shapes

    def _submit(self, part: Part, shape: Hashable) -> None:
        key, doing = next(self._keys), self._doing.get(part.address, Doing())
        rested = not any(stack.address == part.address for stack in self._stacks.values())
        since = time.monotonic() if rested else doing.since  # its lease begins now
        self._doing[part.address] = replace(doing, since=since, shapes=doing.shapes | {shape})
        self._stacks[key] = Stack(part.address, frozenset(order.ticket for order in part.orders))
        self._link.submit(key, part, tables(part.orders))

    # What comes back

    def _hear(self, news: News) -> None:
        match news:
            case Unreachable(reason):
                self._disconnected(reason)
            case Around(workers):
                self._met(workers)
            case Gone(address, planned):
                self._gone(address, planned)
            case Turned(address, turns, tickets):
                self._turned(address, turns, tickets)
            case Fetched(address, mail):
                self._fetched(address, mail)
            case Returned(key, ends):
                self._returned(key, ends)
            case Broke(key, error):
                self._broke(key, error)

    def _disconnected(self, reason: str) -> None:
        """Whoever has lost the scheduler has lost every task; no run is to blame."""
        if self._trouble != LOST:
            log.warning("the cluster's scheduler cannot be reached (%s)", reason)
        self._trouble = LOST
        self._link.release(tuple(self._stacks))
        self._stacks.clear()
        self._doing.clear()
        self._workers = {}
        self._tickets.lost(self._tickets.open)

    def _met(self, workers: Mapping[str, Seen]) -> None:
        self._trouble = ""
        busy = {stack.address for stack in self._stacks.values()}
        for address in (busy | self._workers.keys()) - workers.keys():
            self._gone(address, planned=False)
        self._workers = workers

    def _gone(self, address: str, planned: bool) -> None:
        """A worker has left. If nobody asked it to, what it was training may have killed it."""
        self._workers = {each: worker for each, worker in self._workers.items() if each != address}
        doing = self._doing.pop(address, Doing())
        keys = [key for key, stack in self._stacks.items() if stack.address == address]
        self._take_back(keys, () if planned else doing.turning)

    def _turned(self, address: str, turns: int, tickets: Collection[int]) -> None:
        doing = self._doing.get(address)
        if doing is not None and turns > doing.turns:
            self._doing[address] = replace(doing, turns=turns, since=time.monotonic(), turning=tuple(tickets))
            self._tickets.began(tickets)

    def _fetched(self, address: str, mail: Mail) -> None:
        self._turned(address, mail.turns, mail.turning)
        if address in self._doing:
            self._doing[address] = replace(self._doing[address], stacks=mail.stacks)
        self._tickets.progressed(mail.progress)
        self._tickets.ended(mail.ends)

    def _returned(self, key: str, ends: Sequence[Ended | Failed]) -> None:
        """The last word on a task: it tells of all its runs, also of those that have been heard of before."""
        if key in self._stacks:
            self._tickets.ended(ends)
            self._take_back([key])

    def _broke(self, key: str, error: Exception) -> None:
        """A task has raised: Dask has given it up because its worker died, or it could not even begin."""
        stack = self._stacks.get(key)
        if stack is None:
            return
        if type(error).__name__ != KILLED:
            self._tickets.ended([Failed(tuple(sorted(stack.tickets & set(self._tickets.open))), sentence(error))])
        self._take_back([key], self._doing.get(stack.address, Doing()).turning)

    def _take_back(self, keys: Collection[str], suspects: Collection[int] = ()) -> None:
        self._link.release(keys)
        stacks = [self._stacks.pop(key) for key in keys]
        self._tickets.lost({ticket for stack in stacks for ticket in stack.tickets}, suspects)

    def _watch_leases(self) -> None:
        """End workers that have runs and make no turns."""
        latest = time.monotonic() - self._settings.lease_seconds
        for address in {stack.address for stack in self._stacks.values()}:
            if self._doing[address].since < latest:
                self._link.shoot(address)
                self._gone(address, planned=False)


def _connect(settings: Settings, load: LoadEngine) -> "Link":
    try:
        from regdash.jobs.cluster_link import Link
    except ImportError:
        raise RegdashError(MISSING) from None
    return Link(settings.scheduler, load, {name: getattr(settings, name) for name in OF_RUNS})
