"""The one process that hands waiting runs to the workers and writes down what comes back."""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Hashable
from functools import lru_cache
from multiprocessing.connection import wait
from threading import Event
from typing import Any

from regdash.codec import from_json
from regdash.errors import StoreUnavailable
from regdash.experiment import Experiment
from regdash.jobs.batching import Room, company, next_runs, together
from regdash.jobs.ledger import CUT_OFF, MOST_CLAIMS, Ledger
from regdash.jobs.logs import log_event
from regdash.jobs.neighbours import Neighbours
from regdash.jobs.own_tables import fetch_table
from regdash.jobs.searcher import Searcher
from regdash.jobs.workers import Condition, Order, Workers
from regdash.settings import Settings
from regdash.store.changes import Changes
from regdash.store.coordinators import SignOfLife, write_sign
from regdash.store.database import Database
from regdash.store.ids import is_asker
from regdash.store.jobs import Claim, JobStore, Waiting
from regdash.store.keeping import prune
from regdash.store.sleepers import end_sleepers

log = logging.getLogger("regdash.coordinator")

BEAT_SECONDS = 1.0
PRUNE_SECONDS = 600.0
CANCEL_SECONDS = 0.05  # between two looks for runs that nobody wants any more
SEVERAL, VISIT_SECONDS = 4, 30.0  # sessions that have asked for something lately, above which pages get a core


class Coordinator:
    """Claim, share out, write; over and over until told to stop."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        workers: Workers,
        key: Callable[[Experiment], Hashable] | None = None,
    ) -> None:
        self.id = secrets.token_hex(8)
        self._database = database
        self._settings = settings
        self._workers = workers
        self._key = _cached_key(key or _stack_key)
        self._jobs = JobStore(database)
        self._ledger = Ledger(database, settings)
        self._changes = Changes(database)
        self._neighbours = Neighbours(database, self.id, settings.lease_seconds)
        self._searcher = Searcher(database, self.id, settings)
        self._visitors: dict[str, float] = {}  # session -> when it was last seen waiting
        self._look = True
        self._changed, self._next_cancel = False, 0.0
        self._next_beat = self._next_prune = 0.0
        self._last: Condition | None = None

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; then give unfinished runs back to the queue."""
        log_event(log, "coordinator started", coordinator=self.id)
        try:
            while not stop.is_set():
                try:
                    self._turn()
                except StoreUnavailable as error:
                    log.warning("%s", error)
                    stop.wait(1.0)
        finally:
            self._end()

    def _turn(self) -> None:
        wait(self._workers.waitables(), self._settings.poll_seconds)
        ended = self._ledger.take(self._workers.events())
        self._ledger.outbox.flush()
        self._beat()
        news = self._changes.any()
        if self._searcher.turn(news, ended, at_work=self._last is not None and self._last.state == "ready"):
            self._look = True
        if news or ended:
            self._look = True
        self._changed = self._changed or news
        if self._changed and time.monotonic() >= self._next_cancel:
            self._changed, self._next_cancel = False, time.monotonic() + CANCEL_SECONDS
            if unwanted := self._ledger.unwanted():
                self._workers.cancel(unwanted)
        if self._look and self._workers.room and not self._ledger.outbox:
            self._look = self._hand_out()
        self._tidy()

    # Handing out

    def _hand_out(self) -> bool:
        """Claim the runs whose turn it is and give them to the workers; whether there may be more."""
        waiting = self._jobs.waiting()
        if not waiting:
            return False
        asking = {run.session for run in waiting if not is_asker(run.session)} | self._searcher.sessions
        self._visitors |= dict.fromkeys(asking, time.monotonic())
        here = self._settings
        room = Room(self._workers.room, here.max_running, self._stacks(), max(here.max_running, here.max_members))
        chosen = next_runs(waiting, self._key, self._ledger.sessions(), self._ledger.shapes(), room)
        given = [self._give(group) for group in together(chosen, self._key) if self._workers.room]
        return any(given)

    def _stacks(self) -> int:
        """How many shapes may be in training at once, on all workers together."""
        return self._settings.max_stacks * max(1, len(self._last.workers) if self._last else 1)

    def _give(self, group: list[Waiting]) -> bool:
        claims = {claim.run_id: claim for claim in self._jobs.claim([run.run_id for run in group], self.id)}
        orders = [self._order(run, claims[run.run_id]) for run in group if run.run_id in claims]
        if orders:
            self._workers.train(orders)
        return bool(orders)

    def _order(self, run: Waiting, claim: Claim) -> Order:
        fetch_table(self._database, run.experiment)
        ticket = self._ledger.enter(run, claim, self._key(run))
        return Order(ticket, run.experiment, run.probed, company(run), is_asker(run.session))

    # Signs of life, and tidying

    def _beat(self) -> None:
        """Once a second, and at once when the state has changed."""
        condition = self._workers.condition()
        if time.monotonic() < self._next_beat and self._last and condition.state == self._last.state:
            return
        self._last, self._next_beat = condition, time.monotonic() + BEAT_SECONDS
        self._share_cores()
        write_sign(self._database, self._sign(condition))
        living = self._neighbours.living()
        self._searcher.adopt(living)
        orphans = self._orphans(living)
        if orphans:
            log_event(log, "runs left behind", runs=len(orphans))
            end_sleepers(self._database)  # whoever had them may only be asleep, with their rows locked
            self._jobs.spent(orphans, MOST_CLAIMS - 1, CUT_OFF)
            self._jobs.give_back(orphans, failed=False, max_failures=0, error="")
            self._look = True

    def _share_cores(self) -> None:
        """With several visitors at once their pages need a core; a lone one wants all of them for the training."""
        since = time.monotonic() - VISIT_SECONDS
        self._visitors = {session: seen for session, seen in self._visitors.items() if seen > since}
        self._workers.share(len(self._visitors) >= SEVERAL)

    def _orphans(self, living: Collection[str]) -> list[Claim]:
        """Runs that nobody trains: of coordinators that are gone, and of our own that never got to a worker."""
        if self._ledger.outbox:
            return []
        going = set(self._ledger.claims)
        return [claim for claim in self._jobs.orphans(living) if claim not in going]

    def _sign(self, condition: Condition) -> SignOfLife:
        self._ledger.pace.trained(self._workers.epochs(), bool(self._ledger))
        stats: dict[str, Any] = {"workers": list(condition.workers), "stacks": list(condition.stacks)}
        stats |= {"lost_workers": self._ledger.lost_workers, **self._ledger.pace.figures()}
        return SignOfLife(self.id, condition.state, condition.sentence, condition.device, condition.versions, stats)

    def _tidy(self) -> None:
        """Now and then, while nothing is trained, let go of what the settings do not keep."""
        if time.monotonic() < self._next_prune or self._ledger:
            return
        self._next_prune = time.monotonic() + PRUNE_SECONDS
        gone = prune(self._database, self._settings)
        if gone.runs or gone.rooms or gone.searches:
            log_event(log, "store pruned", runs=gone.runs, rooms=gone.rooms, searches=gone.searches)

    def _end(self) -> None:
        """Give unfinished runs back, without counting it against them, and end the workers."""
        self._workers.close()
        self._changes.close()
        try:
            self._ledger.outbox.flush()
            self._ledger.give_all_back()
            self._searcher.close()
            write_sign(self._database, SignOfLife(self.id, "down", "The engine has ended."))
        except StoreUnavailable as error:
            log.warning("%s", error)
        log_event(log, "coordinator ended", coordinator=self.id)


def _stack_key(experiment: Experiment) -> Hashable:
    from regdash.training.groups import stack_key

    return stack_key(experiment)


def _cached_key(key: Callable[[Experiment], Hashable]) -> Callable[[Waiting], Hashable]:
    """The shape of a waiting run and its company; one that cannot be read has a shape of its own."""

    @lru_cache(maxsize=4_096)
    def of_text(text: str) -> Hashable:
        try:
            return key(from_json(text))
        except Exception as error:
            log.warning("a run has no shape: %s", type(error).__name__)
            return text

    return lambda run: (company(run), of_text(run.experiment))
