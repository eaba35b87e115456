"""The first tables: runs, who asked for them, their progress and records, and the engine's sign of life."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Double(), nullable=False),
        sa.Column("epochs_done", sa.Integer(), nullable=False),
        sa.Column("epochs_total", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("probed", sa.Boolean(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("queued", sa.Double(), nullable=False),
        sa.Column("started", sa.Double(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_state_queued", "runs", ["state", "queued"])
    op.create_table(
        "requests",
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("run_id", sa.String(20), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_requests_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "run_id", name="pk_requests"),
    )
    op.create_index("ix_requests_run_id", "requests", ["run_id"])
    for table in ("progress", "records"):
        op.create_table(
            table,
            sa.Column("run_id", sa.String(20), nullable=False),
            sa.Column("data", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=f"fk_{table}_run_id", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("run_id", name=f"pk_{table}"),
        )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("beat", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )
