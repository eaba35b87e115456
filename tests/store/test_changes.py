import time

import pytest
from sqlalchemy import select

from regdash.errors import StoreUnavailable
from regdash.store.changes import Changes
from regdash.store.database import open_store
from regdash.store.schema import counters


def write(database, name):
    with database.writing() as connection:
        connection.execute(counters.insert().values(name=name, value=1))


@pytest.fixture
def changes(database):
    """Changes that have been told of everything so far."""
    changes = Changes(database)
    changes.any()
    while changes.any():
        pass
    yield changes
    changes.close()


def noticed(changes: Changes) -> bool:
    """PostgreSQL tells a moment after the commit."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if changes.any():
            return True
    return False


def test_a_commit_of_another_process_or_connection_is_noticed_once(url, database, changes):
    other = open_store(url)
    for writer in (other, database):
        write(writer, f"by {id(writer)}")
        assert noticed(changes)
        assert not changes.any()
    other.close()


def test_reading_is_no_change(database, changes):
    with database.reading() as connection:
        connection.execute(select(counters)).all()
    assert not changes.any()


def test_what_is_not_to_be_told_is_no_change_on_a_server(postgres_url):
    database = open_store(postgres_url)
    changes = Changes(database)
    changes.any()
    with database.writing(tell=False) as connection:
        connection.execute(counters.insert().values(name="quiet", value=1))
    write(database, "loud")
    assert noticed(changes)
    assert not changes.any()
    changes.close()
    database.close()


def test_whoever_listens_to_a_server_that_comes_back_listens_again(postgres_url, monkeypatch):
    monkeypatch.setattr("regdash.store.changes.RETRY_SECONDS", 0.0)
    database = open_store(postgres_url)
    changes = Changes(database)
    changes.any()
    with database.reading() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert noticed(changes)  # that the line is cut
    changes.any()
    write(database, "later")
    assert noticed(changes)
    changes.close()
    database.close()


def test_a_server_that_is_gone_is_said_by_the_query_that_follows(postgres_url, monkeypatch):
    database = open_store(postgres_url, patience=1)
    changes = Changes(database)
    changes.any()

    def refuse(*_args, **_more):
        raise database.engine.dialect.loaded_dbapi.OperationalError("connection failed: Connection refused")

    changes._lose()
    database.engine.dispose()
    monkeypatch.setattr(database.engine.dialect, "connect", refuse)
    assert changes.any()
    with pytest.raises(StoreUnavailable, match="no server answers there"), database.reading():
        pass
    changes.close()
