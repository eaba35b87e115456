"""Sessions of processes that sleep inside a transaction, whose locks a server would otherwise keep for them."""

from sqlalchemy import text

from regdash.store.database import Database
from regdash.store.engines import APPLICATION, LONGEST_SLEEP

# A server ends an idle transaction by itself (engines.py), but not one that has stopped in the middle of a message:
# then it counts as active, waits for its client, and has rows locked if it has a transaction's number.
_ASLEEP = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = current_user AND application_name = :application "
    "AND (state LIKE 'idle in transaction%' "
    "OR state = 'active' AND wait_event_type = 'Client' AND backend_xid IS NOT NULL) "
    "AND state_change < clock_timestamp() - make_interval(secs => :seconds) AND pid <> pg_backend_pid()"
)


def end_sleepers(database: Database, seconds: float = LONGEST_SLEEP) -> int:
    """End our own sessions that have done nothing inside a transaction for so long; how many there were.

    A file has none: its locks go with the process, and one that sleeps is waited for.
    """
    with database.reading() as connection:
        if connection.dialect.name != "postgresql":
            return 0
        return int(connection.scalar(_ASLEEP, {"application": APPLICATION, "seconds": seconds}) or 0)
