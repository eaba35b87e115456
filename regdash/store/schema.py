"""The tables. Times are seconds since 1970; blobs stand apart from the rows that are read and written often."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    | {"fk": "fk_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(20), primary_key=True),  # codec.identity of the experiment
    Column("experiment", Text, nullable=False),  # canonical JSON
    Column("setting", String(20), nullable=False, default="", server_default="", index=True),  # repeats.setting_key
    Column("state", String(8), nullable=False),  # waiting, running, done, failed
    Column("status", String(60), nullable=False, default=""),  # of the record: "diverged at epoch 12"
    Column("error", Text, nullable=False, default=""),  # a sentence, for a failed run
    Column("attempt", Integer, nullable=False, default=0),  # claims so far; only the latest one's results count
    Column("failures", Integer, nullable=False, default=0),  # workers lost with it since it was last asked for
    Column("claims", Integer, nullable=False, default=0, server_default="0"),  # since it was last asked for
    Column("owner", String(40), nullable=False, default="", server_default=""),  # the coordinator that trains it
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

coordinators = Table(
    "coordinators",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(8), nullable=False),  # starting, ready, down
    Column("sentence", Text, nullable=False),
    Column("device", String(200), nullable=False, default=""),
    Column("versions", Text, nullable=False, default="{}"),  # JSON
    Column("stats", Text, nullable=False, default="{}"),  # JSON: workers, stacks in flight, throughput
    Column("beat", Double, nullable=False),  # for people; whether it lives is told by `beats`, which no clock disturbs
    Column("beats", BigInteger, nullable=False, default=0),  # signs of life so far
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),  # such as cache_hits
    Column("value", BigInteger, nullable=False, default=0),
)

tables = Table(  # what visitors brought; the file in the data folder is only a copy
    "tables",
    metadata,
    Column("id", String(64), primary_key=True),  # the value of data.table
    Column("session", String(100), nullable=False, index=True),  # who brought it first
    Column("size", Integer, nullable=False),  # bytes
    Column("created", Double, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String(22), primary_key=True),  # unguessable
    Column("code", String(12), nullable=False, unique=True),  # what pupils type
    Column("owner", String(100), nullable=False, index=True),  # the session that opened it
    Column("title", String(80), nullable=False),
    Column("lesson", Text, nullable=False, default=""),  # query string of a link: settings, locked, hidden
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("course", String(80), nullable=False, default="", server_default=""),  # a lesson of the Learn page
    Column("held", Boolean, nullable=False, default=False, server_default=false()),  # its results wait for the teacher
)

pupils = Table(
    "pupils",
    metadata,
    Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("session", String(100), primary_key=True, index=True),
    Column("nickname", String(24), nullable=False),
    Column("folded", String(48), nullable=False),  # the nickname without case, for comparison
    Column("joined", Double, nullable=False),
    Column("present", Boolean, nullable=False, default=True),  # has not left
    Column("removed", Boolean, nullable=False, default=False),  # by the teacher
    UniqueConstraint("room", "folded"),
)

contributions = Table(  # runs that were asked for in a room
    "contributions",
    metadata,
    Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("session", String(100), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created", Double, nullable=False),
)

searches = Table(
    "searches",
    metadata,
    Column("id", String(32), primary_key=True),  # unguessable
    Column("session", String(100), nullable=False, index=True),  # who began it
    Column("asker", String(100), nullable=False, unique=True),  # in whose name its runs are asked for
    Column("plan", Text, nullable=False),  # canonical JSON
    Column("state", String(9), nullable=False, index=True),  # running, paused, done, cancelled, failed
    Column("sentence", Text, nullable=False, default=""),  # why it ended, where that has to be said
    Column("owner", String(40), nullable=False, default=""),  # the coordinator that carries it on
    Column("spent", Double, nullable=False, default=0.0),  # seconds of running
    Column("race", String(32), nullable=False, default="", index=True),
    Column("revealed", Integer, nullable=False, default=-1),  # the trial whose test part was opened
    Column("version", Integer, nullable=False, default=0),  # rises with every change but `owner` and `spent`
    Column("created", Double, nullable=False),
    Column("started", Double, nullable=False, default=0.0),  # when its first trials were proposed
    Column("updated", Double, nullable=False),
)

trials = Table(
    "trials",
    metadata,
    Column("search", ForeignKey("searches.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 0, in the order of proposals
    Column("point", Text, nullable=False),  # JSON: path -> value
    Column("epochs", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("bracket", Integer, nullable=False),
    Column("origin", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("outcome", Text, nullable=False, default=""),  # JSON, when told
    Column("created", Double, nullable=False),
    Column("told_at", Double, nullable=False, default=0.0),
)

shelf = Table(  # what a visitor keeps about a setting: an experiment without its seed and fold
    "shelf",
    metadata,
    Column("session", String(100), primary_key=True),
    Column("setting", String(20), primary_key=True, index=True),
    Column("experiment", Text, nullable=False),  # canonical JSON of the first member
    Column("seeds", Integer, nullable=False),
    Column("name", String(80), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("tags", Text, nullable=False, default="[]"),  # JSON
    Column("pinned", Boolean, nullable=False, default=False),
    Column("picked", Double, nullable=False, default=0.0),  # since when it is in the comparison; 0 when it is not
    Column("deleted", Double, nullable=False, default=0.0),  # when it was put into the bin; 0 when it was not
    Column("created", Double, nullable=False),
)

imported = Table(  # curves that visitors brought
    "imported",
    metadata,
    Column("id", String(32), primary_key=True),  # of their content
    Column("session", String(100), nullable=False, index=True),  # who brought them first
    Column("name", String(80), nullable=False),
    Column("source", String(20), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("created", Double, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

answers = Table(  # what visitors predicted in lessons
    "answers",
    metadata,
    Column("session", String(100), primary_key=True),
    Column("lesson", String(80), primary_key=True),
    Column("prediction", String(40), primary_key=True),
    Column("room", String(22), primary_key=True, default=""),  # empty: the visitor's own; else seen by the teacher
    Column("answer", Text, nullable=False),  # JSON
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Index(None, "room", "lesson"),
)

lessons_done = Table(  # lessons that visitors have gone through
    "lessons_done",
    metadata,
    Column("session", String(100), primary_key=True),
    Column("lesson", String(80), primary_key=True),
    Column("created", Double, nullable=False),
)

lesson_files = Table(  # lessons that visitors brought, each once for all who hold it
    "lesson_files",
    metadata,
    Column("id", String(32), primary_key=True),  # of its text
    Column("title", String(80), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("created", Double, nullable=False),
    Column("data", LargeBinary, nullable=False),  # UTF-8
)

lesson_holders = Table(
    "lesson_holders",
    metadata,
    Column("session", String(100), primary_key=True),
    Column("file", ForeignKey("lesson_files.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created", Double, nullable=False),
)
