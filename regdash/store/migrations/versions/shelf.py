"""What visitors keep about their settings, curves they brought, and which setting a run belongs to."""

import sqlalchemy as sa
from alembic import op

from regdash.repeats import setting_of

revision = "0004"
down_revision = "0003"

CHUNK = 500  # runs in memory at once


def upgrade() -> None:
    """Make the shelf and the imported curves; say of every run to which setting it belongs."""
    op.add_column("runs", sa.Column("setting", sa.String(20), nullable=False, server_default=""))
    _fill_settings()
    op.create_index("ix_runs_setting", "runs", ["setting"])
    op.create_table(
        "shelf",
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("setting", sa.String(20), nullable=False),
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("picked", sa.Double(), nullable=False),
        sa.Column("deleted", sa.Double(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session", "setting", name="pk_shelf"),
    )
    op.create_index("ix_shelf_setting", "shelf", ["setting"])
    op.create_table(
        "imported",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imported"),
    )
    op.create_index("ix_imported_session", "imported", ["session"])


def _fill_settings() -> None:
    runs = sa.table(
        "runs", sa.column("id", sa.String), sa.column("experiment", sa.Text), sa.column("setting", sa.String)
    )
    connection = op.get_bind()
    last = ""
    query = sa.select(runs.c.id, runs.c.experiment).order_by(runs.c.id).limit(CHUNK)
    while found := connection.execute(query.where(runs.c.id > last)).all():
        keys = [{"run": row.id, "key": setting_of(row.experiment) or row.id} for row in found]
        change = runs.update().where(runs.c.id == sa.bindparam("run")).values(setting=sa.bindparam("key"))
        connection.execute(change, keys)
        last = found[-1].id
