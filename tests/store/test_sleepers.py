"""A process that sleeps inside a transaction loses its locks on a server, and nobody else does."""

import time

import pytest
from postgres_server import drop_database, new_database
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from regdash.store.database import open_store
from regdash.store.sleepers import end_sleepers


@pytest.fixture
def server():
    url = new_database()
    database = open_store(url)
    yield database
    database.close()
    drop_database(url)


def test_a_session_that_sleeps_inside_a_transaction_is_ended(server):
    with server.engine.connect() as sleeper:
        sleeper.execute(text("SELECT 1"))
        assert end_sleepers(server, 0.0) == 1
        with pytest.raises(DBAPIError, match=r"terminating connection|closed"):
            sleeper.execute(text("SELECT 1"))
        sleeper.invalidate()


def stopped(connection, statement):
    """A process that is stopped after a message of several, as psycopg sends them for many rows at once."""
    raw = connection.connection.driver_connection.pgconn
    raw.enter_pipeline_mode()
    raw.send_query_params(statement, None)
    raw.send_flush_request()
    raw.flush()


def state(server):
    """What the server says of its other session: whether it is active, and what it waits for."""
    found = text(
        "SELECT state, wait_event_type FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with server.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(found)]


@pytest.mark.parametrize(
    ("statement", "ended"),
    [(b"UPDATE alembic_version SET version_num = version_num", 1), (b"SELECT version_num FROM alembic_version", 0)],
)
def test_one_that_stops_in_the_middle_of_a_message_is_ended_if_it_has_rows_locked(server, statement, ended):
    with server.engine.connect() as sleeper:
        stopped(sleeper, statement)
        deadline = time.monotonic() + 10
        while state(server) != [("active", "Client")] and time.monotonic() < deadline:
            time.sleep(0.01)
        assert state(server) == [("active", "Client")]
        assert end_sleepers(server, 0.0) == ended
        sleeper.invalidate()


def test_one_that_has_just_done_something_goes_on(server):
    with server.engine.connect() as busy:
        busy.execute(text("SELECT 1"))
        assert end_sleepers(server) == 0
        assert busy.scalar(text("SELECT 2")) == 2


def test_a_session_of_another_program_is_left_alone(server):
    with server.engine.connect() as other:
        other.execute(text("SET application_name = 'psql'"))
        assert end_sleepers(server, 0.0) == 0
        assert other.scalar(text("SELECT 2")) == 2


def test_a_file_has_no_sleepers(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert end_sleepers(database, 0.0) == 0
    database.close()
