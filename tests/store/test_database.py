import os
import sqlite3

import pytest
from sqlalchemy import select, text

from regdash.errors import StoreUnavailable
from regdash.store import engines
from regdash.store.database import open_store, store_file
from regdash.store.schema import requests, runs


@pytest.fixture
def file_store(sqlite_url):
    database = open_store(sqlite_url)
    yield database
    database.close()


def test_the_folders_of_a_store_are_made(sqlite_url, file_store):
    assert store_file(sqlite_url).is_file()


def test_a_file_is_written_ahead_so_that_readers_go_on(file_store):
    with file_store.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 1  # NORMAL


def test_readers_and_a_writer_do_not_wait_for_each_other(url, database):
    other = open_store(url, patience=0.1)
    with database.writing() as writer:
        writer.execute(runs.insert().values(**row("a" * 20)))
        with other.reading() as reader:
            assert reader.execute(select(runs)).all() == []
    with other.reading() as reader:
        assert len(reader.execute(select(runs)).all()) == 1
    other.close()


def test_a_process_that_sleeps_inside_a_transaction_loses_its_locks_on_a_server(postgres_url, monkeypatch):
    monkeypatch.setattr(engines, "LONGEST_SLEEP", 0.2)
    sleeper, other = open_store(postgres_url), open_store(postgres_url)
    with other.writing() as connection:
        connection.execute(runs.insert().values(**row("a" * 20)))

    def sleep_inside():
        with sleeper.writing() as asleep:
            asleep.execute(runs.update().values(state="running"))
            with other.writing() as connection:  # waits until the server has ended the sleeper
                connection.execute(runs.update().values(state="done"))
            asleep.execute(select(runs))

    with pytest.raises(StoreUnavailable):
        sleep_inside()
    with sleeper.reading() as connection:  # it comes back with a new connection
        assert connection.scalar(select(runs.c.state)) == "done"
    sleeper.close()
    other.close()


def test_a_transaction_that_fails_leaves_nothing(database):
    def write_half() -> None:
        with database.writing() as connection:
            connection.execute(runs.insert().values(**row("a" * 20)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    with database.reading() as connection:
        assert connection.execute(select(runs)).all() == []


def test_a_request_for_a_run_that_does_not_exist_is_refused(database):
    with pytest.raises(StoreUnavailable, match=r"(?i)foreign key"), database.writing() as connection:
        connection.execute(requests.insert().values(session="ann", run_id="b" * 20, created=0.0, cancelled=False))


def test_opening_a_store_again_keeps_what_is_in_it(url, database):
    with database.writing() as connection:
        connection.execute(runs.insert().values(**row("a" * 20)))
    again = open_store(url)
    with again.reading() as connection:
        assert connection.scalar(select(runs.c.id)) == "a" * 20
    again.close()


def refused(url: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(url, patience=0.1)
    sentence = str(caught.value)
    assert "REGDASH_DATA_DIR" in sentence  # what to do
    assert "\n" not in sentence
    return sentence


def test_a_file_that_is_no_store_is_named_with_the_way_out(tmp_path):
    path = tmp_path / "regdash.sqlite"
    path.write_bytes(b"these are not the tables you are looking for" * 100)
    sentence = refused(f"sqlite:///{path}")
    assert str(path) in sentence
    assert "it is not an SQLite file, or it is damaged; move it away" in sentence
    assert path.read_bytes().startswith(b"these are not")


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    assert "cannot be opened there" in refused(f"sqlite:///{tmp_path}")


def test_a_file_in_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    sentence = refused(f"sqlite:///{tmp_path}/file/regdash.sqlite")
    assert "its folder cannot be made (" in sentence
    assert f"{tmp_path}/file/regdash.sqlite" in sentence


def test_a_store_that_may_only_be_read_is_said(sqlite_url, file_store):
    file_store.close()
    path = store_file(sqlite_url)
    assert "it may be read but not written" in refused(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    tmp_path.chmod(0o555)
    assert "cannot be opened there" in refused(f"sqlite:///{tmp_path}/regdash.sqlite")
    tmp_path.chmod(0o755)


def test_a_store_locked_by_another_program_is_said(sqlite_url, file_store):
    file_store.close()
    other = sqlite3.connect(store_file(sqlite_url), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "another program has locked it" in refused(sqlite_url)
    other.close()


def test_a_full_disk_is_said(file_store):
    def write_much() -> None:
        with file_store.writing() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # as full as a disk can be
            connection.execute(runs.insert().values(**row("a" * 20) | {"experiment": "x" * 1_000_000}))

    with pytest.raises(StoreUnavailable, match="the disk is full"):
        write_much()


@pytest.mark.parametrize(
    "url", ["nonsense", "", "://", "sqlite://", "sqlite:///:memory:", "mysql://ann:secret@host/db"]
)
def test_a_url_that_names_no_store_is_refused_without_showing_a_password(url):
    assert "secret" not in refused(url)


def row(run_id: str) -> dict[str, object]:
    return {
        "id": run_id,
        "experiment": "{}",
        "state": "waiting",
        "epochs_total": 1,
        "created": 0.0,
        "queued": 0.0,
        "updated": 0.0,
    }


def test_a_python_with_too_old_an_sqlite_is_said(sqlite_url, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 26, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.26.0")
    with pytest.raises(StoreUnavailable, match=r"SQLite 3\.35 or newer, and this Python has 3\.26\.0"):
        open_store(sqlite_url)
