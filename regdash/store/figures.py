"""A few figures about the whole store, for those who run it."""

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from regdash.store.database import Database
from regdash.store.schema import records, runs, searches

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class StoreFigures:
    """How much there is."""

    kind: str
    runs: int
    records: int
    oldest_wait: float | None  # seconds for which the longest-waiting run has waited; None when none waits
    searches: int = 0  # that run


def read_figures(database: Database) -> StoreFigures:
    """Count the store's rows."""
    query = select(
        select(func.count()).select_from(runs).scalar_subquery().label("runs"),
        select(func.count()).select_from(records).scalar_subquery().label("records"),
        select(func.min(runs.c.queued)).where(runs.c.state == "waiting").scalar_subquery().label("oldest"),
        select(func.count()).where(searches.c.state == "running").scalar_subquery().label("searches"),
    )
    with database.reading() as connection:
        found = connection.execute(query).one()
    waited = None if found.oldest is None else max(0.0, time.time() - found.oldest)
    return StoreFigures(KINDS[database.engine.dialect.name], found.runs, found.records, waited, found.searches)
