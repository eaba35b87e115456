"""The tables. Times are seconds since 1970; blobs stand apart from the rows that are read and written often."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    | {"fk": "fk_%(table_name)s_%(column_0_N_name)s"}
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(20), primary_key=True),  # codec.identity of the experiment
    Column("experiment", Text, nullable=False),  # canonical JSON
    Column("state", String(8), nullable=False),  # waiting, running, done, failed
    Column("status", String(60), nullable=False, default=""),  # of the record: "diverged at epoch 12"
    Column("error", Text, nullable=False, default=""),  # a sentence, for a failed run
    Column("attempt", Integer, nullable=False, default=0),  # claims so far; only the latest one's results count
    Column("failures", Integer, nullable=False, default=0),  # workers lost with it since it was last asked for
    Column("lease_until", Double, nullable=False, default=0.0),
    Column("epochs_done", Integer, nullable=False, default=0),
    Column("epochs_total", Integer, nullable=False),
    Column("version", Integer, nullable=False, default=0),  # rises with every progress report and record
    Column("probed", Boolean, nullable=False, default=False),  # what happens on the way is (to be) recorded
    Column("pinned", Boolean, nullable=False, default=False),
    Column("created", Double, nullable=False),
    Column("queued", Double, nullable=False),  # when it last began to wait
    Column("started", Double, nullable=False, default=0.0),
    Column("updated", Double, nullable=False),
)
Index(None, runs.c.state, runs.c.queued)

requests = Table(
    "requests",
    metadata,
    Column("session", String(100), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created", Double, nullable=False),
    Column("cancelled", Boolean, nullable=False, default=False),
)

progress = Table(
    "progress",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("state", String(8), nullable=False),  # starting, ready, down
    Column("sentence", Text, nullable=False),
    Column("device", String(200), nullable=False, default=""),
    Column("versions", Text, nullable=False, default="{}"),  # JSON
    Column("beat", Double, nullable=False),
)
