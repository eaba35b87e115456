"""Several coordinators, rooms for classes, tables that visitors brought, and counters."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Leases by the clock give way to owners; the sign of life of one coordinator to those of many."""
    op.add_column("runs", sa.Column("claims", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("owner", sa.String(40), nullable=False, server_default=""))
    op.drop_column("runs", "lease_until")
    op.drop_table("heartbeats")
    _coordinators()
    _tables()
    _rooms()


def _coordinators() -> None:
    op.create_table(
        "coordinators",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("stats", sa.Text(), nullable=False),
        sa.Column("beat", sa.Double(), nullable=False),
        sa.Column("beats", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coordinators"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def _tables() -> None:
    op.create_table(
        "tables",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tables"),
    )
    op.create_index("ix_tables_session", "tables", ["session"])


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("code", name="uq_rooms_code"),
    )
    op.create_index("ix_rooms_owner", "rooms", ["owner"])
    op.create_table(
        "pupils",
        sa.Column("room", sa.String(22), nullable=False),
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("nickname", sa.String(24), nullable=False),
        sa.Column("folded", sa.String(48), nullable=False),
        sa.Column("joined", sa.Double(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_pupils_room", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room", "session", name="pk_pupils"),
        sa.UniqueConstraint("room", "folded", name="uq_pupils_room_folded"),
    )
    op.create_index("ix_pupils_session", "pupils", ["session"])
    op.create_table(
        "contributions",
        sa.Column("room", sa.String(22), nullable=False),
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("run_id", sa.String(20), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], name="fk_contributions_room", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_contributions_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room", "session", "run_id", name="pk_contributions"),
    )
    op.create_index("ix_contributions_run_id", "contributions", ["run_id"])
