from pathlib import Path

import pytest
from downloaded import data_folder
from fake_queue import FakeQueue
from streamlit.testing.v1 import AppTest

from regdash.ui import frame

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_folder(tmp_path):
    """A machine on which nothing was downloaded or uploaded yet."""
    with data_folder(tmp_path):
        yield


@pytest.fixture
def queue(monkeypatch):
    """A queue whose runs are done at once."""
    fake = FakeQueue()
    monkeypatch.setattr(frame, "connect", lambda: fake)
    return fake


@pytest.fixture
def open_page(queue):
    """Open a page with query parameters, as a browser would."""

    def opened(path="app.py", **params):
        test = AppTest.from_file(ROOT / "app.py", default_timeout=30)
        if path != "app.py":
            test.switch_page(path)
        for key, text in params.items():
            test.query_params[key] = text
        return test.run()

    return opened
