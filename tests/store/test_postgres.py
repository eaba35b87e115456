"""Failures of a server are sentences that say what to do and never hold a password."""

import socket
import subprocess
import sys

import pytest
from postgres_server import SCRIPT
from sqlalchemy import make_url, text

from regdash.errors import StoreUnavailable
from regdash.store.database import open_store

PASSWORD = "s3cr3t-Pa55"


def refused(url) -> str:
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable) as caught:
        open_store(text, patience=2)
    sentence = str(caught.value)
    assert PASSWORD not in sentence
    assert "REGDASH_DATABASE_URL" in sentence
    assert "\n" not in sentence
    return sentence


def test_a_wrong_password_is_said(postgres_url):
    sentence = refused(make_url(postgres_url).set(password=PASSWORD))
    assert "does not accept this user with this password" in sentence


def test_a_password_that_is_missing_is_said(postgres_url, monkeypatch):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    password = make_url(postgres_url).password
    assert "asks for a password" in refused(postgres_url.replace(f":{password}@", "@"))


def test_a_database_that_is_not_there_is_said(postgres_url):
    assert "its server has no such database" in refused(make_url(postgres_url).set(database="nowhere"))


def test_a_server_that_does_not_answer_is_said():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"postgresql+psycopg://ann:{PASSWORD}@127.0.0.1:{port}/regdash"
    assert "no server answers there" in refused(url)
    assert "no server answers there" in refused(f"postgres://ann:{PASSWORD}@/regdash?host=/nowhere")


def test_a_password_among_the_options_is_not_shown_either():
    refused(f"postgresql://ann@/regdash?host=/nowhere&password={PASSWORD}")


def test_a_url_that_cannot_be_read_is_not_shown_when_it_may_hold_a_password():
    refused(f"postgresql//ann:{PASSWORD}@host:port/db")


def test_a_missing_driver_is_named_with_the_command_that_installs_it():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from regdash.errors import StoreUnavailable\n"
        "from regdash.store.database import open_store\n"
        "try: open_store('postgresql://host/db')\n"
        "except StoreUnavailable as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert 'pip install "regdash[postgres]"' in said


def test_a_server_that_may_only_be_read_is_said(postgres_url):
    database = open_store(postgres_url)
    name = make_url(postgres_url).database
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    database.close()
    assert "may be read but not written" in refused(postgres_url)


def test_a_table_that_another_program_has_locked_is_said(postgres_url):
    database = open_store(postgres_url)
    with database.writing() as connection:
        connection.execute(text("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreUnavailable, match="another program has locked it"):
            open_store(postgres_url, patience=0.1)
    database.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [((), "knows 'start' and 'stop URL', got ''"), (("stop", "/home"), "takes the URL that start has printed")],
)
def test_the_script_says_what_it_can_do(arguments, sentence):
    done = subprocess.run(["sh", SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr


def test_the_script_takes_only_the_programs_it_is_told_to(monkeypatch, tmp_path):
    monkeypatch.setenv("REGDASH_POSTGRES", str(tmp_path))
    done = subprocess.run(["sh", SCRIPT, "start"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "name their folder in REGDASH_POSTGRES" in done.stderr
