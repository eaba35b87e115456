"""Giving runs to a cluster and hearing of them, as the coordinator does."""

import time
from collections.abc import Callable
from multiprocessing.connection import wait

from idle_engine import LONG

from regdash.codec import to_json
from regdash.experiment import Experiment
from regdash.jobs.cluster import ClusterWorkers
from regdash.jobs.workers import Ended, Event, Failed, Lost, Order, Progressed

__all__ = ["LONG", "Heard", "order"]


def order(ticket: int, epochs: int = 20, seed: int = 0, company: str = "", **changes: object) -> Order:
    values = {"training.epochs": epochs, "training.seed": seed} | changes
    return Order(ticket, to_json(Experiment().with_values(values)), company=company)


class Heard:
    """A coordinator that only listens: all events so far, and the ends of runs by ticket."""

    def __init__(self, workers: ClusterWorkers) -> None:
        self.workers = workers
        self.events: list[Event] = []

    def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        """Listen until something holds; fail when it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it did not happen in time: {self.workers.condition()} {self.kinds()}"
            wait(self.workers.waitables(), 0.02)
            self.events += self.workers.events()

    def ready(self, count: int = 1) -> "Heard":
        self.until(lambda: sum(worker["state"] == "idle" for worker in self.workers.condition().workers) >= count)
        return self

    def of(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def progressed(self, ticket: int) -> bool:
        return any(ticket in event.members for event in self.of(Progressed))

    def ended(self, *tickets: int) -> bool:
        return set(tickets) <= set(self.ends())

    def ends(self) -> list[int]:
        """The tickets in the order of their ends, whichever these were."""
        found: list[int] = []
        for event in self.events:
            if isinstance(event, Ended):
                found.append(event.ticket)
            elif isinstance(event, Failed):
                found += event.tickets
            elif isinstance(event, Lost):
                found += [*event.suspects, *event.others]
        return found
