"""Runs in the hands of others, by their tickets: each of them ends once, whatever is told twice."""

from collections.abc import Collection, Mapping, Sequence

from regdash.jobs.workers import Began, Ended, Event, Failed, Lost, Progressed


class Tickets:
    """Lets through only news of runs that have not ended yet."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}  # ticket -> epochs done
        self._fresh: set[int] = set()  # those that have not begun
        self._epochs = 0
        self._events: list[Event] = []

    @property
    def open(self) -> Collection[int]:
        """The runs that have not ended."""
        return self._open.keys()

    def enter(self, tickets: Collection[int]) -> None:
        """Runs that are given away."""
        self._open |= dict.fromkeys(tickets, 0)
        self._fresh.update(tickets)

    def began(self, tickets: Collection[int]) -> None:
        """Runs are in training; new for some of them, perhaps."""
        fresh = self._fresh & set(tickets)
        if fresh:
            self._fresh -= fresh
            self._events.append(Began(tuple(sorted(fresh))))

    def progressed(self, members: Mapping[int, tuple[int, bytes]]) -> None:
        """How far runs are."""
        known = {ticket: told for ticket, told in members.items() if ticket in self._open}
        for ticket, (epochs, _) in known.items():
            self._count(ticket, epochs)
        if known:
            self._events.append(Progressed(known))

    def ended(self, ends: Sequence[Ended | Failed]) -> None:
        """How runs have ended, those that are still open."""
        for end in ends:
            if isinstance(end, Ended) and end.ticket in self._open:
                self._count(end.ticket, end.epochs_done)
                self._close([end.ticket])
                self._events.append(end)
            elif isinstance(end, Failed) and self._open.keys() >= set(end.tickets):
                self._close(end.tickets)
                self._events.append(end)

    def lost(self, tickets: Collection[int], suspects: Collection[int] = ()) -> None:
        """Runs whose worker has died, some of them perhaps by their own fault."""
        gone = set(tickets) & self._open.keys()
        blamed = gone & set(suspects)
        if gone:
            self._close(gone)
            self._events.append(Lost(tuple(sorted(blamed)), tuple(sorted(gone - blamed))))

    def events(self) -> list[Event]:
        """What there is to tell since the last call."""
        found, self._events = self._events, []
        return found

    def epochs(self) -> int:
        """Epochs trained since the last call, summed over runs."""
        found, self._epochs = self._epochs, 0
        return found

    def _count(self, ticket: int, epochs: int) -> None:
        self._epochs += max(0, epochs - self._open[ticket])
        self._open[ticket] = max(epochs, self._open[ticket])

    def _close(self, tickets: Collection[int]) -> None:
        self._fresh -= set(tickets)
        for ticket in tickets:
            del self._open[ticket]
