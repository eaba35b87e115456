"""Notice cheaply that somebody has written to the store, so that nobody has to ask it again and again."""

import time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from regdash.store.database import CHANNEL, Database

RETRY_SECONDS = 1.0  # between two attempts to listen to a server again


class Changes:
    """SQLite counts the commits of other connections, PostgreSQL tells of them; either is asked in microseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sqlite = database.engine.dialect.name == "sqlite"
        self._failures: Any = database.engine.dialect.loaded_dbapi.Error
        self._seen: Any = None
        self._next = 0.0
        self._connection: Any = database.engine.raw_connection() if self._sqlite else None

    def any(self) -> bool:
        """Whether there may have been a commit since the last call."""
        try:
            return self._counted() if self._sqlite else self._told()
        except self._failures:
            self._lose()
            return True  # the query that follows will say what is wrong

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _counted(self) -> bool:
        count = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        changed = bool(count != self._seen)
        self._seen = count
        return changed

    def _told(self) -> bool:
        if self._connection is None:
            self._listen()
            return True
        return len(list(self._connection.notifies(timeout=0))) > 0

    def _listen(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + RETRY_SECONDS
        try:
            lent = self._database.engine.raw_connection()
        except SQLAlchemyError:
            return
        connection: Any = lent.driver_connection
        lent.detach()
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        self._connection = connection

    def _lose(self) -> None:
        if not self._sqlite and self._connection is not None:
            self._connection.close()
            self._connection = None
