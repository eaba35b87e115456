"""The sign of life that the coordinator leaves in the store, so that pages can say how the engine is."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from regdash.store.database import Database, upsert
from regdash.store.schema import heartbeats

NAME = "coordinator"


@dataclass(frozen=True)
class Heartbeat:
    """How the engine is: state "starting", "ready" or "down", and a sentence for people."""

    state: str
    sentence: str
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    beat: float = 0.0  # seconds since 1970

    @property
    def age(self) -> float:
        """Seconds since it was written."""
        return time.time() - self.beat


def write_heartbeat(database: Database, heartbeat: Heartbeat) -> None:
    """Leave a sign of life now."""
    row = {
        "name": NAME,
        "state": heartbeat.state,
        "sentence": heartbeat.sentence,
        "device": heartbeat.device[:200],
        "versions": json.dumps(dict(heartbeat.versions)),
        "beat": time.time(),
    }
    with database.writing() as connection:
        upsert(connection, heartbeats, [row])


def read_heartbeat(database: Database) -> Heartbeat | None:
    """The last sign of life; None when there never was one."""
    with database.reading() as connection:
        row = connection.execute(select(heartbeats).where(heartbeats.c.name == NAME)).first()
    if row is None:
        return None
    return Heartbeat(row.state, row.sentence, row.device, json.loads(row.versions), row.beat)
