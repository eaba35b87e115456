"""The side of the store by which a coordinator carries searches on: take them over, tell, propose, end."""

import json
import time
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, false, select, update

from regdash.search import Outcome, Trial
from regdash.store.database import Database, upsert
from regdash.store.ids import run_ids_among
from regdash.store.requests import Wanted, enter_requests
from regdash.store.schema import runs, searches, trials
from regdash.store.searches import ACTIVE, COLUMNS, SearchRow, trial_row


class SearchSteps:
    """What a coordinator may do with searches.

    Each step holds only if the search is still as it was when the step was thought out, and is made wholly or not at
    all; one that was overtaken changes nothing and says False.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def active(self) -> list[SearchRow]:
        """All searches that run or are paused, the oldest first."""
        query = select(*COLUMNS).where(searches.c.state.in_(ACTIVE)).order_by(searches.c.created, searches.c.id)
        with self._database.reading() as connection:
            return [SearchRow(*row) for row in connection.execute(query)]

    def take_over(self, search_id: str, before: str, owner: str) -> bool:
        """Carry a search on in place of another coordinator; False when somebody else was faster."""
        here = update(searches).where(searches.c.id == search_id, searches.c.owner == before)
        with self._database.writing() as connection:
            return connection.execute(here.values(owner=owner)).rowcount == 1

    def let_go(self, owner: str) -> None:
        """Leave all searches of this coordinator to others."""
        here = update(searches).where(searches.c.owner == owner, searches.c.state.in_(ACTIVE))
        with self._database.writing() as connection:
            connection.execute(here.values(owner=""))

    def ends(self, run_ids: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """The state of these runs, and the sentence of those that failed; unknown ones are left out."""
        query = select(runs.c.id, runs.c.state, runs.c.error).where(runs.c.id.in_(run_ids_among(run_ids)))
        with self._database.reading() as connection:
            return {row.id: (row.state, row.error) for row in connection.execute(query)}

    def tell(self, row: SearchRow, outcomes: Mapping[int, Outcome], seconds: float) -> bool:
        """Write down what trials have come to; `seconds` have been spent since that was last said."""
        now = time.time()
        statement = (
            update(trials)
            .where(trials.c.search == row.id, trials.c.number == bindparam("key"), trials.c.told == false())
            .values(told=True, outcome=bindparam("text"), told_at=now)
        )
        rows = [{"key": number, "text": json.dumps(outcome.to_dict())} for number, outcome in outcomes.items()]
        with self._database.writing() as connection:
            if not _advance(connection, row, seconds):
                return False
            connection.execute(statement, rows)
        return True

    def propose(self, row: SearchRow, proposed: Sequence[Trial], wanted: Sequence[Wanted], seconds: float) -> bool:
        """Write down new trials and ask for their runs."""
        now = time.time()
        started = {} if proposed[0].number else {"started": now}
        with self._database.writing() as connection:
            if not _advance(connection, row, seconds, **started):
                return False
            upsert(connection, trials, [trial_row(row.id, trial, now) for trial in proposed], keep=True)
            if wanted:
                enter_requests(connection, row.asker, {each.run_id: each for each in wanted})
        return True

    def ask_again(self, row: SearchRow, wanted: Sequence[Wanted]) -> None:
        """Ask for runs that are no longer in the store."""
        here = select(searches.c.id).where(searches.c.id == row.id, searches.c.state.in_(ACTIVE)).with_for_update()
        with self._database.writing() as connection:
            if connection.scalar(here) is not None:
                enter_requests(connection, row.asker, {each.run_id: each for each in wanted})

    def end(self, row: SearchRow, state: str, sentence: str, seconds: float) -> bool:
        """Note that a search has ended."""
        with self._database.writing() as connection:
            return _advance(connection, row, seconds, state=state, sentence=sentence, owner="")

    def spend(self, seconds: Mapping[str, float]) -> None:
        """Add to the seconds that searches have been running; of this alone nobody is told."""
        statement = (
            update(searches).where(searches.c.id == bindparam("key")).values(spent=searches.c.spent + bindparam("more"))
        )
        with self._database.writing(tell=False) as connection:
            connection.execute(statement, [{"key": id_, "more": more} for id_, more in seconds.items()])


def _advance(connection: Connection, row: SearchRow, seconds: float, **values: object) -> bool:
    """Make the next version of a search, unless it is another one already."""
    same = searches.c.version == row.version, searches.c.owner == row.owner, searches.c.state == row.state
    values |= {"version": row.version + 1, "spent": searches.c.spent + seconds, "updated": time.time()}
    return connection.execute(update(searches).where(searches.c.id == row.id, *same).values(**values)).rowcount == 1
