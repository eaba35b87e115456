"""Notice cheaply that somebody else has written to the store."""

import sqlite3
from typing import Any

from regdash.store.database import Database


class Changes:
    """SQLite counts the commits of other connections, which costs microseconds to ask; other stores cannot tell."""

    def __init__(self, database: Database) -> None:
        self._connection: Any = None
        self._seen: Any = None
        if database.engine.dialect.name == "sqlite":
            self._connection = database.engine.raw_connection()

    def any(self) -> bool:
        """Whether there may have been a commit since the last call."""
        if self._connection is None:
            return True
        try:
            count = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return True  # the query that follows will say what is wrong
        changed = bool(count != self._seen)
        self._seen = count
        return changed

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
