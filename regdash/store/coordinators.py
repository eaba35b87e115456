"""Signs of life that coordinators leave in the store, for pages and for each other.

No two clocks are compared: a coordinator lives while its `beats` rise, and how long they have not risen is measured by
the clock of whoever looks.
"""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from regdash.store.database import INSERTS, Database
from regdash.store.schema import coordinators


@dataclass(frozen=True)
class SignOfLife:
    """How a coordinator is: state "starting", "ready" or "down", and a sentence for people."""

    id: str
    state: str
    sentence: str
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    stats: Mapping[str, Any] = field(default_factory=dict)
    beat: float = 0.0  # seconds since 1970, for people
    beats: int = 0  # signs of life so far

    @property
    def age(self) -> float:
        """Seconds since it was written, as far as the clocks agree."""
        return time.time() - self.beat


def write_sign(database: Database, sign: SignOfLife) -> None:
    """Leave a sign of life now."""
    row = {
        "id": sign.id,
        "state": sign.state,
        "sentence": sign.sentence,
        "device": sign.device[:200],
        "versions": json.dumps(dict(sign.versions)),
        "stats": json.dumps(dict(sign.stats)),
        "beat": time.time(),
        "beats": 1,
    }
    insert = INSERTS[database.engine.dialect.name](coordinators).values(row)
    replaced = {name: insert.excluded[name] for name in row if name not in ("id", "beats")}
    statement = insert.on_conflict_do_update(index_elements=["id"], set_=replaced | {"beats": coordinators.c.beats + 1})
    with database.writing(tell=False) as connection:
        connection.execute(statement)


def read_signs(database: Database) -> list[SignOfLife]:
    """The last sign of every coordinator, the newest first."""
    with database.reading() as connection:
        rows = connection.execute(select(coordinators).order_by(coordinators.c.beat.desc(), coordinators.c.id)).all()
    return [
        SignOfLife(
            row.id, row.state, row.sentence, row.device, _tree(row.versions), _tree(row.stats), row.beat, row.beats
        )
        for row in rows
    ]


def forget_signs(database: Database, ids: Collection[str]) -> None:
    """Take coordinators that are gone out of the store."""
    with database.writing(tell=False) as connection:
        connection.execute(delete(coordinators).where(coordinators.c.id.in_(sorted(ids))))


def _tree(text: str) -> dict[str, Any]:
    tree = json.loads(text)
    return tree if isinstance(tree, dict) else {}
