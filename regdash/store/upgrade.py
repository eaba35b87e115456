"""Bring the tables of a store to this version of Regdash, whoever made them; what is in them stays."""

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, func, inspect, select

from regdash.errors import StoreUnavailable
from regdash.store.reasons import advice
from regdash.store.schema import metadata

VERSIONS = ("0001", "0002", "0003", "0004", "0005")  # the files in migrations/versions, oldest first
FIRST, LATEST = VERSIONS[0], VERSIONS[-1]
FIRST_TABLES = frozenset(("runs", "requests", "progress", "records", "heartbeats"))  # had no note of their version
LOCK = 0x7265676461736800  # of PostgreSQL, for whoever changes the tables

noted = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def bring_up_to_date(engine: Engine, place: str) -> None:
    """Make the tables of a new store, change those of an older one, refuse those of a newer or foreign one."""
    with engine.connect().execution_options(regdash_reads=True) as connection:
        if version(connection) == LATEST:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        _change(connection, place)


def version(connection: Connection) -> str | None:
    """The version of the tables; None when there is no note of it."""
    if not inspect(connection).has_table(noted.name):
        return None
    return connection.scalar(select(noted.c.version_num))


def _change(connection: Connection, place: str) -> None:
    found, tables = version(connection), set(inspect(connection).get_table_names())
    if found is None and not tables & metadata.tables.keys():
        metadata.create_all(connection, checkfirst=False)
        _note(connection, LATEST)
    elif found is None and tables >= FIRST_TABLES:
        _note(connection, FIRST)
        _migrate(connection)
    elif found is None:
        raise StoreUnavailable(f"The store {place} holds tables of another program. {advice(place)}")
    elif found not in VERSIONS:
        raise StoreUnavailable(
            f"The store {place} was made by a newer version of Regdash (its tables are {found[:12]}, this one knows "
            f"them up to {LATEST}). Install that version: pip install --upgrade regdash. {advice(place)}"
        )
    elif found != LATEST:
        _migrate(connection)


def _note(connection: Connection, version: str) -> None:
    noted.create(connection, checkfirst=True)
    connection.execute(noted.insert().values(version_num=version))


def _migrate(connection: Connection, to: str = "head") -> None:
    from alembic import command  # takes a tenth of a second, and is seldom needed
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    command.upgrade(config, to)
