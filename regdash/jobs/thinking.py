"""Strategies that learn think in threads of their own: some take seconds, and the coordinator has more to do."""

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait

from regdash.jobs.one_search import OneSearch, Proposal, proposals
from regdash.settings import Settings

THREADS = 2
MOMENT = 0.1  # seconds for which the coordinator waits; most proposals are there before


class Thinking:
    """What is being thought of for each search."""

    def __init__(self, settings: Settings, moment: float = MOMENT) -> None:
        self._settings, self._moment = settings, moment
        self._threads = ThreadPoolExecutor(THREADS, "proposals")
        self._thoughts: dict[str, tuple[int, Future[list[Proposal]]]] = {}

    def about(self, search: OneSearch) -> list[Proposal] | None:
        """The next trials of a search as it is now; None while they are being thought out."""
        if not search.plan.proposer.adaptive:
            return proposals(search.plan, search.trials, self._settings)
        row = search.row
        version, thought = self._thoughts.get(row.id, (-1, None))
        patience = 0.0
        if thought is None or version != row.version:
            self.forget([row.id])
            thought = self._threads.submit(proposals, search.plan, tuple(search.trials), self._settings)
            self._thoughts[row.id], patience = (row.version, thought), self._moment
        if not wait([thought], patience).done:
            return None
        del self._thoughts[row.id]
        return thought.result()

    def forget(self, search_ids: Collection[str]) -> None:
        """Nobody wants to know these any more."""
        for id_ in search_ids:
            if id_ in self._thoughts:
                self._thoughts.pop(id_)[1].cancel()

    def keep(self, search_ids: Collection[str]) -> None:
        """Nobody wants to know any others than these."""
        self.forget(self._thoughts.keys() - set(search_ids))

    def close(self) -> None:
        """Think no further."""
        self._threads.shutdown(wait=False, cancel_futures=True)
