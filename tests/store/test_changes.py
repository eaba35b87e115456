from sqlalchemy import select

from regdash.store.changes import Changes
from regdash.store.database import open_store
from regdash.store.schema import heartbeats


def write(database, name):
    with database.writing() as connection:
        connection.execute(heartbeats.insert().values(name=name, state="ready", sentence="", beat=0.0))


def test_a_commit_of_another_process_or_connection_is_noticed_once(url, database):
    other = open_store(url)
    changes = Changes(database)
    changes.any()
    assert not changes.any()
    for writer in (other, database):
        write(writer, f"by {id(writer)}")
        assert changes.any()
        assert not changes.any()
    changes.close()
    other.close()


def test_reading_is_no_change(database):
    changes = Changes(database)
    changes.any()
    with database.reading() as connection:
        connection.execute(select(heartbeats)).all()
    assert not changes.any()
    changes.close()
