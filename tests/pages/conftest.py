from pathlib import Path

import pytest
from downloaded import data_folder
from fake_queue import FakeQueue
from small_lessons import LEARN, LESSON, QUESTION, SECOND, checked
from streamlit.testing.v1 import AppTest

from regdash.store.database import open_store
from regdash.ui import frame, learn_shelf, room_results

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
def classroom(monkeypatch, tmp_path):
    """A queue whose rooms lie in a store of this test, and whose results are looked up every time."""
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
        test = AppTest.from_file(ROOT / "app.py", default_timeout=30)
        if path != "app.py":
            test.switch_page(path)
        for key, text in params.items():
            test.query_params[key] = text
        return test.run()

    return opened


@pytest.fixture
def small_lessons(monkeypatch, tmp_path):
    """Three lessons, of which one cannot be read, and a question."""
    texts = {"lessons/01-does-l2-help/lesson.md": LESSON, "lessons/02-another/lesson.md": SECOND}
    texts |= {"lessons/03-broken/lesson.md": "no front matter", "questions/01-why.md": QUESTION}
    for path, text in texts.items():
        (tmp_path / "assets" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "assets" / path).write_text(text)
    monkeypatch.setattr(learn_shelf, "site", lambda: tmp_path)
    learn_shelf._of_server.cache_clear()


@pytest.fixture
def lesson(open_page, small_lessons):
    """The first lesson, opened by its address."""
    return lambda: checked(open_page(LEARN, lesson="does-l2-help"))
