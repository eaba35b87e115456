"""Attacks go through what visitors go through: pages on a real store, and the real server."""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from regdash.store.database import open_store
from regdash.ui import frame, room_results

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / folder) for folder in ("pages", "browser", "ui")]

from downloaded import data_folder  # noqa: E402
from fake_queue import FakeQueue  # noqa: E402
from served import serving  # noqa: E402


@pytest.fixture(autouse=True)
def own_folder(tmp_path):
    """A machine on which nothing was uploaded yet."""
    with data_folder(tmp_path):
        yield


@pytest.fixture
def queue(monkeypatch, tmp_path):
    """A queue whose rooms lie in a real store and whose runs are done at once."""
    database = open_store(f"sqlite:///{tmp_path / 'rooms.sqlite'}")
    fake = FakeQueue(database=database)
    monkeypatch.setattr(frame, "connect", lambda: fake)
    monkeypatch.setattr(room_results, "FRESH_SECONDS", 0.0)
    yield fake
    database.close()


@pytest.fixture
def open_page(queue):
    """Open a page with query parameters, as a browser would."""

    def opened(path="app.py", **params):
        test = AppTest.from_file(TESTS.parent / "app.py", default_timeout=30)
        if path != "app.py":
            test.switch_page(path)
        for key, text in params.items():
            test.query_params[key] = text
        return test.run()

    return opened


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The real server without an engine: its address, its store and its log."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, REGDASH_EMBEDDED="0") as address:
        database = open_store(f"sqlite:///{folder / 'regdash.sqlite'}")
        yield address, database, folder / "log"
        database.close()
