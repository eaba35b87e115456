"""Which runs are in the hands of the workers, and the writing down of what comes back."""

import logging
from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass

from regdash.jobs.logs import log_event
from regdash.jobs.outbox import Outbox
from regdash.jobs.pace import Pace
from regdash.jobs.workers import Began, Ended, Event, Failed, Lost, Progressed
from regdash.settings import Settings
from regdash.store.counters import count
from regdash.store.database import Database
from regdash.store.jobs import Claim, JobStore, Report, Result, Waiting

log = logging.getLogger("regdash.coordinator")

MOST_CLAIMS = 10  # of one run since it was last asked for, whoever was to blame that it never ended
CUT_OFF = f"The training was cut off {MOST_CLAIMS} times. Try again."


@dataclass(frozen=True)
class Live:
    """A run in the hands of a worker."""

    claim: Claim
    session: str
    shape: Hashable
    alone: bool  # it has failed in small company already


class Ledger:
    """The runs by the tickets under which they were given away; each leaves it once, with its end written down."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.outbox = Outbox()
        self.pace = Pace()
        self.lost_workers = 0
        self._database = database
        self._jobs = JobStore(database)
        self._settings = settings
        self._live: dict[int, Live] = {}
        self._cancelled: set[int] = set()
        self._ticket = 0

    def __len__(self) -> int:
        return len(self._live)

    @property
    def claims(self) -> list[Claim]:
        """Of the runs that are under way."""
        return [live.claim for live in self._live.values()]

    def sessions(self) -> Counter[str]:
        """How many runs each session has under way."""
        return Counter(live.session for live in self._live.values())

    def shapes(self) -> Counter[Hashable]:
        """How many runs of each shape are under way."""
        return Counter(live.shape for live in self._live.values())

    def enter(self, run: Waiting, claim: Claim, shape: Hashable) -> int:
        """Note a run that is given to a worker; returns its ticket."""
        self._ticket += 1
        self._live[self._ticket] = Live(claim, run.session, shape, run.failures > 1)
        log_event(log, "run claimed", run=run.run_id, attempt=claim.attempt)
        return self._ticket

    def unwanted(self) -> set[int]:
        """The tickets of runs that nobody wants any more and that have not been told so yet."""
        going = {live.claim.run_id: ticket for ticket, live in self._live.items() if ticket not in self._cancelled}
        found = {going[run_id] for run_id in self._jobs.unwanted(list(going))} if going else set()
        self._cancelled |= found
        return found

    def take(self, events: Collection[Event]) -> bool:
        """Write down what the workers have said, all of it at once; whether any run has left their hands."""
        before = len(self._live)
        reports: list[Report] = []
        ends: list[Ended] = []
        for event in events:
            if isinstance(event, Progressed):
                members = event.members.items()
                reports += [Report(self._live[t].claim, *told) for t, told in members if t in self._live]
            elif isinstance(event, Began):
                self._began(event)
            elif isinstance(event, Ended):
                ends.append(event)
            elif isinstance(event, Failed):
                self._failed(event)
            else:
                self._lost(event)
        if ends:
            self._finish(ends)
        if reports:
            self._jobs.report(reports)
        return len(self._live) < before

    def give_all_back(self) -> None:
        """Let all runs wait again, without counting it against them."""
        self._jobs.give_back(self.claims, failed=False, max_failures=0, error="")

    def _began(self, event: Began) -> None:
        for live in self._known(event.tickets):
            log_event(log, "run began", run=live.claim.run_id)

    def _finish(self, ends: list[Ended]) -> None:
        known = [(self._forget(end.ticket), end) for end in ends if end.ticket in self._live]
        results = [Result(live.claim, end.status, end.epochs_done, end.data) for live, end in known]
        for result in results:
            event = "run cancelled" if result.status.startswith("cancelled") else "run finished"
            log_event(log, event, run=result.claim.run_id, status=result.status, epochs=result.epochs_done)
        self.pace.ended(len(results))
        self.outbox.put(lambda: self._jobs.finish(results))
        self._count("finished", len(results))

    def _failed(self, event: Failed) -> None:
        """An error of the engine: a run that was in company is tried alone, one that was alone has failed."""
        lives = self._taken(event.tickets)
        alone = [live.claim for live in lives if live.alone or len(event.tickets) == 1]
        others = [live.claim for live in lives if live.claim not in alone]
        if alone:
            for claim in alone:
                log_event(log, "run failed", run=claim.run_id, attempt=claim.attempt)
            self.outbox.put(lambda: self._jobs.fail(alone, event.sentence))
            self._count("failed", len(alone))
        self._give_back(others, blamed=True)

    def _lost(self, event: Lost) -> None:
        self.lost_workers += 1
        self._count("lost_workers", 1)
        log_event(log, "worker lost", runs=len(event.suspects) + len(event.others))
        self._give_back([live.claim for live in self._taken(event.suspects)], blamed=True)
        self._give_back([live.claim for live in self._taken(event.others)], blamed=False)

    def _give_back(self, claims: list[Claim], blamed: bool) -> None:
        if not claims:
            return
        most = self._settings.max_attempts
        error = (
            f"The training process died {most} times with this run, most likely for want of memory. "
            "Make the network or the data smaller, or try again."
        )
        for claim in claims:
            log_event(log, "run given back", run=claim.run_id, attempt=claim.attempt)
        self.outbox.put(lambda: self._jobs.spent(claims, MOST_CLAIMS - 1, CUT_OFF))
        self.outbox.put(lambda: self._jobs.give_back(claims, failed=blamed, max_failures=most, error=error))

    def _known(self, tickets: Collection[int]) -> list[Live]:
        return [self._live[ticket] for ticket in tickets if ticket in self._live]

    def _taken(self, tickets: Collection[int]) -> list[Live]:
        return [self._forget(ticket) for ticket in tickets if ticket in self._live]

    def _forget(self, ticket: int) -> Live:
        self._cancelled.discard(ticket)
        return self._live.pop(ticket)

    def _count(self, name: str, by: int) -> None:
        self.outbox.put(lambda: count(self._database, name, by))
