import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from first_store import DONE, RUNNING, WAITING, make_first_store
from postgres_server import drop_database, new_database
from sqlalchemy import create_engine, inspect, make_url, select, update

from regdash.errors import StoreUnavailable
from regdash.experiment import Experiment
from regdash.repeats import setting_key
from regdash.settings import Settings
from regdash.store import upgrade
from regdash.store.database import open_store
from regdash.store.jobs import Claim, JobStore
from regdash.store.requests import RequestStore, Wanted
from regdash.store.schema import metadata, requests, runs

FOLDER = upgrade.__file__.replace("upgrade.py", "migrations")


def described(database):
    """The tables as the store itself describes them."""
    found = {}
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        columns = {(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)}
        keys = inspector.get_pk_constraint(table)
        foreign = {
            (k["name"], *k["constrained_columns"], k["referred_table"], k["options"].get("ondelete"))
            for k in inspector.get_foreign_keys(table)
        }
        indexes = {(i["name"], *i["column_names"], i["unique"] in (1, True)) for i in inspector.get_indexes(table)}
        unique = {(u["name"], *u["column_names"]) for u in inspector.get_unique_constraints(table)}
        found[table] = columns, (keys["name"], *keys["constrained_columns"]), foreign, indexes, unique
    return found


def version(database):
    with database.reading() as connection:
        return upgrade.version(connection)


def test_the_versions_are_those_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", FOLDER)
    scripts = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(scripts[::-1]) == upgrade.VERSIONS


def test_a_new_store_has_the_tables_of_the_schema(url):
    database = open_store(url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert version(database) == upgrade.LATEST
    database.close()


def test_an_upgraded_store_has_the_same_tables_as_a_new_one(url, tmp_path, request):
    make_first_store(url)
    old = open_store(url)
    with old.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    kind = old.engine.dialect.name
    other = f"sqlite:///{tmp_path}/new.sqlite" if kind == "sqlite" else _second_database(request)
    new = open_store(other)
    assert described(old) == described(new)
    assert version(old) == version(new)
    old.close()
    new.close()


def _second_database(request):
    url = new_database()
    request.addfinalizer(lambda: drop_database(url))
    return url


def test_the_first_migration_makes_the_tables_of_the_first_version(url, monkeypatch):
    make_first_store(url, rows=False)
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        for table in ("heartbeats", "progress", "records", "requests", "runs"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO old_{table}")
        for index in inspect(connection).get_indexes("old_runs") + inspect(connection).get_indexes("old_requests"):
            connection.exec_driver_sql(f"DROP INDEX {index['name']}")
        if connection.dialect.name == "postgresql":
            for table in ("heartbeats", "progress", "records", "requests", "runs"):
                connection.exec_driver_sql(f"ALTER TABLE old_{table} RENAME CONSTRAINT pk_{table} TO old_pk_{table}")
        upgrade._migrate(connection, upgrade.FIRST)
        inspector = inspect(connection)
        for table in ("heartbeats", "progress", "records", "requests", "runs"):
            old, new = inspector.get_columns(f"old_{table}"), inspector.get_columns(table)
            assert [(c["name"], str(c["type"]), c["nullable"]) for c in old] == [
                (c["name"], str(c["type"]), c["nullable"]) for c in new
            ]
    engine.dispose()


def test_upgrading_keeps_every_run_record_and_request(url):
    make_first_store(url)
    database = open_store(url)
    pages, jobs = RequestStore(database), JobStore(database)
    rows = pages.rows([DONE, RUNNING, WAITING])
    assert {id_: (row.state, row.attempt, row.epochs_done) for id_, row in rows.items()} == {
        DONE: ("done", 1, 30),
        RUNNING: ("running", 2, 5),
        WAITING: ("waiting", 0, 0),
    }
    assert rows[DONE].experiment == '{"d":1}'
    assert pages.records([DONE]) == {DONE: b"record of a run"}
    assert pages.progress([RUNNING]) == {RUNNING: b"five epochs"}
    with database.reading() as connection:
        asked = {
            tuple(row)
            for row in connection.execute(select(requests.c.session, requests.c.run_id, requests.c.cancelled))
        }
        kept = connection.execute(select(runs.c.pinned, runs.c.probed, runs.c.updated).where(runs.c.id == DONE)).one()
        settings = {row.id: row.setting for row in connection.execute(select(runs.c.id, runs.c.setting))}
    assert asked == {
        ("ann", DONE, False),
        ("ann", RUNNING, False),
        ("bob", WAITING, False),
        ("ann", WAITING, True),
    }
    assert kept == (True, True, 4.0)
    default = setting_key(Experiment())
    assert settings == {DONE: DONE, RUNNING: default, WAITING: default}  # what cannot be read stays by itself
    assert jobs.orphans([]) == [Claim(RUNNING, 2)]  # whoever trained it is gone
    assert [run.run_id for run in jobs.waiting()] == [WAITING]
    pages.submit("bob", [Wanted("1" * 20, "{}", 3, False)], Settings())
    database.close()


def test_an_upgraded_store_opens_again_without_being_touched(url):
    make_first_store(url)
    open_store(url).close()
    again = open_store(url)
    assert version(again) == upgrade.LATEST
    again.close()


def test_a_store_of_a_newer_version_is_refused_with_a_sentence(url, database):
    with database.writing() as connection:
        connection.execute(update(upgrade.noted).values(version_num="0107"))
    with pytest.raises(StoreUnavailable, match=r"newer version of Regdash .its tables are 0107.*pip install --upgrade"):
        open_store(url)
    assert version(database) == "0107"


def test_tables_of_another_program_are_left_alone(url):
    make_first_store(url)
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeats")
    with pytest.raises(StoreUnavailable, match="tables of another program"):
        open_store(url)
    assert "lease_until" in {column["name"] for column in inspect(engine).get_columns("runs")}
    engine.dispose()


def test_a_migration_that_fails_leaves_the_store_as_it_was(url, monkeypatch):
    make_first_store(url)

    def fail(connection):
        upgrade._note(connection, "half")
        connection.exec_driver_sql("DROP TABLE heartbeats")
        connection.exec_driver_sql("SELECT * FROM nowhere")

    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "_migrate", fail)
        with pytest.raises(StoreUnavailable):
            open_store(url)
    engine = create_engine(make_url(url))
    assert {"heartbeats", "runs"} <= set(inspect(engine).get_table_names())
    assert "alembic_version" not in inspect(engine).get_table_names()
    engine.dispose()
    open_store(url).close()


@pytest.mark.parametrize("old", [False, True])
def test_several_processes_may_open_a_store_at_once(url, old):
    if old:
        make_first_store(url)
    code = (
        "import sys; from regdash.store.database import open_store; print('here', flush=True); sys.stdin.read();"
        "open_store(sys.argv[1], 20.0).close()"
    )
    command = [sys.executable, "-c", code, url]
    opening = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in opening:
        process.stdout.readline()
    for process in opening:
        process.stdin.close()
    for process in opening:
        error = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert (process.wait(60), error) == (0, "")
    database = open_store(url)
    assert version(database) == upgrade.LATEST
    database.close()


def test_opening_a_store_that_is_up_to_date_takes_few_milliseconds_and_no_alembic(sqlite_url):
    code = (
        "import sys, time; from regdash.store.database import open_store\n"
        "open_store(sys.argv[1]).close(); times = []\n"
        "for _ in range(5):\n"
        "    begin = time.process_time(); open_store(sys.argv[1]).close(); times.append(time.process_time() - begin)\n"
        "print(min(times), 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, sqlite_url], capture_output=True, text=True, check=True)
    seconds, loaded = done.stdout.split()
    assert float(seconds) < 0.02
    assert loaded == "False"
