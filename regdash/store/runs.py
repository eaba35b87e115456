"""RunStore: finished runs by their id, for notebooks, scripts and pages alike."""

import time

from sqlalchemy import select

from regdash.codec import identity, to_json
from regdash.record import RunRecord, pack, unpack
from regdash.repeats import setting_key
from regdash.store.database import Database, open_store, upsert
from regdash.store.schema import records, runs


class RunStore:
    """Records by the identity of their experiment, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> "RunStore":
        """The runs of the store at an SQLAlchemy URL; raises StoreUnavailable with a sentence."""
        return cls(open_store(url))

    def get(self, run_id: str) -> RunRecord | None:
        """The record of a run; None when there is none."""
        with self._database.reading() as connection:
            data = connection.scalar(select(records.c.data).where(records.c.run_id == run_id))
        return None if data is None else unpack(data)

    def put(self, record: RunRecord) -> str:
        """Keep a record, in place of an older one of the same experiment; returns its id."""
        run_id, now = identity(record.experiment), time.time()
        row = {
            "id": run_id,
            "experiment": to_json(record.experiment),
            "setting": setting_key(record.experiment),
            "state": "done",
            "status": record.status,
            "error": "",
            "owner": "",
            "epochs_done": len(record.history.epochs),
            "epochs_total": record.experiment.training.epochs,
            "probed": record.probe is not None or record.snapshots is not None,
            "created": now,
            "queued": now,
            "updated": now,
        }
        with self._database.writing() as connection:
            upsert(connection, runs, [row])
            upsert(connection, records, [{"run_id": run_id, "data": pack(record)}])
        return run_id

    def ids(self, most: int = 1_000) -> list[str]:
        """The ids of the runs that have a record, newest first."""
        query = select(runs.c.id).join(records).order_by(runs.c.updated.desc(), runs.c.id).limit(most)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def close(self) -> None:
        """Give the store back."""
        self._database.close()
