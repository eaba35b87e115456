"""What visitors predict and finish in lessons, lessons that they brought, and the lesson of a class."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let rooms have a lesson; make the tables of answers, of finished lessons and of visitors' own ones."""
    op.add_column("rooms", sa.Column("course", sa.String(80), nullable=False, server_default=""))
    op.add_column("rooms", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    _answers()
    op.create_table(
        "lessons_done",
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("lesson", sa.String(80), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session", "lesson", name="pk_lessons_done"),
    )
    op.create_table(
        "lesson_files",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_files"),
    )
    op.create_table(
        "lesson_holders",
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["lesson_files.id"], name="fk_lesson_holders_file", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session", "file", name="pk_lesson_holders"),
    )
    op.create_index("ix_lesson_holders_file", "lesson_holders", ["file"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("session", sa.String(100), nullable=False),
        sa.Column("lesson", sa.String(80), nullable=False),
        sa.Column("prediction", sa.String(40), nullable=False),
        sa.Column("room", sa.String(22), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session", "lesson", "prediction", "room", name="pk_answers"),
    )
    op.create_index("ix_answers_room_lesson", "answers", ["room", "lesson"])
