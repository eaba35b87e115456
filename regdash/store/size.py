"""How much room the store takes."""

from sqlalchemy import func, select, text

from regdash.store.database import Database
from regdash.store.schema import metadata


def store_size(database: Database) -> int:
    """Bytes that its tables take; what SQLite keeps free for later in its file is not counted."""
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            pages, free, size = (
                connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * size)
        sizes = [func.pg_total_relation_size(name) for name in metadata.tables]
        return sum(connection.execute(select(*sizes)).one())
