"""A store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from regdash.store.database import Database, open_store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'down' / 'regdash.sqlite'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_store(url)
    yield database
    database.close()
