"""Data sets whose rows are not on this machine yet."""

import pytest
from downloaded import put_in_place
from test_train import button, draft, words

from regdash.datasets.sources import place_of
from regdash.errors import RegdashError
from regdash.ui import absent, fetching
from regdash.ui.fetching import Fetch


class Fetches:
    """Downloads that stand still; the data come when the test says so."""

    def __init__(self):
        self.view, self.asked, self.left = None, [], []

    def look(self, name):
        return self.view

    def begin(self, name, visitor):
        self.asked.append(name)
        self.view = Fetch("running", 0.25, 10.0)

    def leave(self, name, visitor):
        self.left.append(name)
        self.view = Fetch("failed", error="The download of MNIST was cancelled; nothing of it was kept.")

    def waits(self, name, visitor):
        return name in self.asked


@pytest.fixture
def fetches(monkeypatch):
    fake = Fetches()
    monkeypatch.setattr(absent, "fetches", lambda: fake)
    return fake


@pytest.mark.parametrize(("name", "size"), [("mnist", "11 MB"), ("fashion_mnist", "31 MB"), ("cifar10", "170 MB")])
def test_a_data_set_that_is_not_here_is_described_in_place_of_the_charts(open_page, queue, fetches, name, size):
    page = open_page(data=name)
    assert not page.exception
    assert queue.asked == []
    assert "is not on this machine yet" in words(page)
    assert size in words(page)
    assert len(page.get("bidi_component")) == 1  # no chart, only the keeper of the visitor's name
    assert button(page, "Download")


def test_a_download_shows_its_progress_and_can_be_cancelled_and_begun_again(open_page, fetches):
    page = open_page(data="mnist")
    button(page, "Download").click().run()
    assert fetches.asked == ["mnist"]
    assert "Downloading: 25 %, about 30 s left." in words(page)
    assert 'aria-valuenow="25"' in words(page)
    button(page, "Cancel").click().run()
    assert fetches.left == ["mnist"]
    assert "was cancelled; nothing of it was kept" in words(page)
    button(page, "Download again").click().run()
    assert fetches.asked == ["mnist", "mnist"]


def test_another_visitor_sees_the_progress_and_cannot_cancel_it(open_page, fetches):
    fetches.view = Fetch("running", 0.5, 10.0)
    page = open_page(data="mnist")
    assert "Downloading: 50 %" in words(page)
    assert "Cancel" not in {each.label for each in page.button}


def test_a_failure_is_its_sentence_escaped(open_page, fetches):
    fetches.view = Fetch("failed", error="<b>MNIST</b> could not be downloaded.")
    page = open_page(data="mnist")
    assert "&lt;b&gt;MNIST&lt;/b&gt; could not be downloaded." in words(page)
    assert 'data-state="failed"' in words(page)


def test_once_the_rows_have_come_the_run_starts(open_page, queue, fetches):
    page = open_page(data="mnist", **{"data.rows": "200"})
    button(page, "Download").click().run()
    put_in_place("mnist", 400)
    fetches.view = Fetch("done", 1.0)
    page.run()
    assert [each.data.name for each in queue.asked] == ["mnist"]
    assert 'data-state="done"' in words(page)


def test_a_damaged_file_is_said_and_may_be_replaced(open_page, queue, fetches):
    place_of("mnist").parent.mkdir(parents=True)
    place_of("mnist").write_bytes(b"no images")
    page = open_page(data="mnist")
    assert not page.exception
    assert queue.asked == []
    assert button(page, "Download")


def test_digits_need_no_download(open_page, queue, fetches):
    page = open_page(data="cifar10", network="convolutional", **{"training.epochs": "3"})
    button(page, "Use Digits instead").click().run()
    assert not page.exception
    assert (draft(page).data.name, draft(page).network.name) == ("digits", "convolutional")
    assert [each.data.name for each in queue.asked] == ["digits"]


def test_the_way_back_to_other_data_trains_again(open_page, queue, fetches):
    page = open_page()
    page.selectbox(key="data").set_value("mnist").run()
    assert "is not on this machine yet" in words(page)
    page.selectbox(key="data").set_value("moons").run()
    assert 'data-state="done"' in words(page)
    assert len(queue.asked) == 1


def test_a_baseline_whose_rows_are_not_here_is_left_out(open_page, queue, fetches):
    page = open_page(**{"base.data": "mnist", "base.v": "1"})
    assert not page.exception
    assert [each.data.name for each in queue.asked] == ["moons"]
    assert "was trained on other data (MNIST)" in words(page)


def test_an_own_table_has_its_section_and_says_what_to_do(open_page, queue):
    page = open_page(data="own")
    assert not page.exception
    assert queue.asked == []
    assert len(page.file_uploader) == 1
    assert "Own table cannot be trained on yet" in words(page)
    assert "No table has been uploaded yet. Choose a CSV or Parquet file." in words(page)
    assert "Download" not in {each.label for each in page.button}


def test_an_own_table_is_trained_on_once_it_is_in_use(open_page, queue):
    page = open_page(data="own")
    rows = "\n".join(["x,label", *(f"{i / 2},{'yes' if i % 2 else 'no'}" for i in range(60))])
    page.file_uploader[0].set_value(("people.csv", rows.encode(), "text/csv")).run()
    button(page, "Use this table").click().run()
    assert not page.exception
    assert [each.data.name for each in queue.asked] == ["own"]
    assert 'data-state="done"' in words(page)


@pytest.mark.parametrize("data", ["mnist", "own"])
def test_the_guide_says_why_it_has_no_numbers(open_page, data):
    page = open_page("pages/guide.py", data=data)
    assert not page.exception
    assert "rd-notice" in words(page)


def test_the_downloads_of_a_server_are_shared(monkeypatch):
    fetching.fetches.clear()
    assert fetching.fetches() is fetching.fetches()
    fetching.fetches.clear()


def test_a_refusal_of_the_queue_is_still_a_sentence(open_page, monkeypatch, fetches):
    from fake_queue import FakeQueue

    from regdash.ui import frame

    monkeypatch.setattr(frame, "connect", lambda: FakeQueue(refusal=RegdashError("Too many.")))
    assert "Too many." in words(open_page())
