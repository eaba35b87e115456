"""A store of each test's own, and the fixtures of conftest_jobs, which the tests of faults use as well."""

import pytest
from conftest_jobs import here, open_queue, queue  # noqa: F401

from regdash.store.database import open_store


@pytest.fixture
def database(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield database
    database.close()
