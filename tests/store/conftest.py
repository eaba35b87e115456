"""A store of its own for every test, once of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import drop_database, new_database

from regdash.store.database import Database, open_store


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'down' / 'regdash.sqlite'}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    opened = "database" in request.fixturenames
    url = new_database(with_tables=opened)
    yield url
    drop_database(url, with_tables=opened)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a store that is not there yet, or of the store `database` where a test has that as well."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_store(url)
    yield database
    database.close()
