"""ImportedStore: curves that visitors have brought, each under an id that nobody guesses."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, delete, func, select, update

from regdash.comparison.imported import Imported, from_bytes, to_bytes
from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.database import Database, one_at_a_time, upsert
from regdash.store.ids import ANONYMOUS, SEARCH_ID, check_session, is_session
from regdash.store.schema import imported
from regdash.store.shelf_texts import plain_name

MB = 2**20
NOT_YOURS = "There are no such imported curves of yours. They may have been deleted."


@dataclass(frozen=True)
class Brought:
    """What a list says of imported curves."""

    id: str
    name: str
    source: str
    size: int  # bytes
    created: float


class ImportedStore:
    """The imported curves of every session. Whoever has an id may look; only who brought them may change them."""

    def __init__(self, database: Database, limits: Settings) -> None:
        self._database = database
        self._limits = limits

    def put(self, session: str, brought: Imported) -> str:
        """Keep curves and return their id; the same curves brought again by the same session keep theirs, and its name.

        Raises RegdashError with a sentence when the session has brought too much.
        """
        check_session(session)
        data = to_bytes(brought)
        id_ = sha256(session.encode() + b"\n" + data).hexdigest()[:32]
        name = plain_name(brought.name) or "Imported"
        facts = {"name": name, "source": brought.source, "size": len(data), "created": time.time()}
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            if connection.scalar(select(imported.c.id).where(imported.c.id == id_)) is not None:
                return id_
            mine = imported.c.session == session
            query = select(func.count(), func.coalesce(func.sum(imported.c.size), 0)).where(mine)
            number, size = connection.execute(query).one()
            self._check_limits(number + 1, int(size) + len(data))
            upsert(connection, imported, [{"id": id_, "session": session, "data": data} | facts], keep=True)
        return id_

    def get(self, ids: Sequence[str]) -> Mapping[str, Imported]:
        """The curves by id; those that are not here, or damaged, are left out."""
        wanted = _among(ids)
        query = select(imported.c.id, imported.c.name, imported.c.source, imported.c.data)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(imported.c.id.in_(wanted))).all() if wanted else []
        found = {}
        for id_, name, source, data in rows:
            try:
                found[id_] = _read(name, source, data)
            except RegdashError:
                continue
        return found

    def list(self, sessions: Sequence[str]) -> tuple[Brought, ...]:
        """What a visitor has brought, the latest first."""
        known = [each for each in sessions if is_session(each)]
        columns = (imported.c.id, imported.c.name, imported.c.source, imported.c.size, imported.c.created)
        query = select(*columns).where(imported.c.session.in_(known))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(imported.c.created.desc(), imported.c.id)).all()
        return tuple(Brought(*row) for row in rows)

    def rename(self, sessions: Sequence[str], id_: str, name: str) -> None:
        """Give one's own curves another name."""
        plain = plain_name(name)
        if not plain:
            raise RegdashError("A name must have at least one letter.")
        self._change(update(imported).values(name=plain), sessions, id_)

    def delete(self, sessions: Sequence[str], id_: str) -> None:
        """Take one's own curves out of the store; comparisons that name them then say that they are gone."""
        self._change(delete(imported), sessions, id_)

    def _change(self, statement: Any, sessions: Sequence[str], id_: str) -> None:
        known = [each for each in sessions if is_session(each)]
        mine = and_(imported.c.id.in_(_among([id_])), imported.c.session.in_(known))
        with self._database.writing() as connection:
            if not connection.execute(statement.where(mine)).rowcount:
                raise RegdashError(NOT_YOURS)

    def _check_limits(self, number: int, size: int) -> None:
        if number > self._limits.max_imports:
            raise RegdashError(
                f"You may keep at most {self._limits.max_imports} imported settings, and this would be number "
                f"{number}. Delete some first, or group curves as seeds of one setting."
            )
        if size > self._limits.max_import_mb * MB:
            raise RegdashError(
                f"Your imported curves may take at most {self._limits.max_import_mb:g} MB together, and this would "
                f"make {size / MB:.1f} MB. Delete some first, or bring fewer epochs."
            )


def prune_imported(database: Database, before: float) -> None:
    """Delete what anonymous visitors brought before that moment."""
    old = and_(imported.c.created < before, imported.c.session.startswith(ANONYMOUS))
    with database.reading() as connection:
        if connection.scalar(select(imported.c.id).where(old).limit(1)) is None:
            return
    with database.writing() as connection:
        connection.execute(delete(imported).where(old))


@lru_cache(maxsize=32)
def _read(name: str, source: str, data: bytes) -> Imported:
    return from_bytes(name, source, data)


def _among(ids: Sequence[str]) -> list[str]:
    return sorted({each for each in ids if isinstance(each, str) and SEARCH_ID.fullmatch(each)})
