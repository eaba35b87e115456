import threading
import time

import pytest

from regdash.datasets import CIFAR10, MNIST, FashionMNIST
from regdash.errors import RegdashError
from regdash.ui.absent import megabytes, progress
from regdash.ui.fetching import Fetch, Fetches


class Download:
    """Stands in for the download: it goes on until it is released or cancelled."""

    def __init__(self, error=None):
        self.calls, self.told, self.release, self.error = [], threading.Event(), threading.Event(), error

    def __call__(self, name, tell, cancelled):
        self.calls.append(name)
        tell(0.25)
        self.told.set()
        while not self.release.wait(0.01):
            if cancelled():
                raise RegdashError("It was cancelled; nothing of it was kept.")
        if self.error:
            raise self.error


def ended(fetches, name="mnist"):
    end = time.monotonic() + 10
    while fetches.look(name).state == "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    return fetches.look(name)


def begun(download):
    fetches = Fetches(download)
    fetches.begin("mnist", "ann")
    assert download.told.wait(10)
    return fetches


def test_what_nobody_asked_for_is_unknown():
    assert Fetches().look("mnist") is None
    assert not Fetches().waits("mnist", "ann")


def test_a_download_tells_how_far_it_is_and_that_it_is_done():
    download = Download()
    fetches = begun(download)
    view = fetches.look("mnist")
    assert (view.state, view.share, view.error) == ("running", 0.25, "")
    download.release.set()
    assert ended(fetches).state == "done"


def test_two_visitors_share_one_download_and_it_goes_on_until_both_have_left():
    download = Download()
    fetches = begun(download)
    fetches.begin("mnist", "bob")
    fetches.leave("mnist", "ann")
    time.sleep(0.1)
    assert fetches.look("mnist").state == "running"
    assert (fetches.waits("mnist", "ann"), fetches.waits("mnist", "bob")) == (False, True)
    fetches.leave("mnist", "bob")
    assert ended(fetches).error == "It was cancelled; nothing of it was kept."
    assert download.calls == ["mnist"]


def test_two_data_sets_are_downloaded_at_the_same_time():
    download = Download()
    fetches = begun(download)
    fetches.begin("cifar10", "ann")
    download.release.set()
    assert ended(fetches, "cifar10").state == ended(fetches).state == "done"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RegdashError("There is no connection."), "There is no connection."),
        (ZeroDivisionError("oops"), "The download ended with an error of its own (ZeroDivisionError)."),
    ],
)
def test_a_failure_is_a_sentence_and_may_be_tried_again(error, sentence):
    download = Download(error)
    fetches = begun(download)
    download.release.set()
    view = ended(fetches)
    assert (view.state, view.error) == ("failed", sentence)
    download.error = None
    fetches.begin("mnist", "ann")
    assert ended(fetches).state == "done"
    assert download.calls == ["mnist", "mnist"]


def test_the_time_left_is_as_long_again_for_each_share_still_to_come():
    assert Fetch(share=0.25, seconds=10.0).seconds_left == pytest.approx(30.0)
    assert Fetch(share=0.001, seconds=10.0).seconds_left is None
    assert Fetch(share=0.5, seconds=0.5).seconds_left is None
    assert Fetch("done", 1.0, 10.0).seconds_left is None


def test_progress_is_said_in_words():
    assert progress(Fetch()) == "The download begins."
    assert progress(Fetch(share=0.25, seconds=10.0)) == "Downloading: 25 %, about 30 s left."
    assert progress(Fetch(share=0.25, seconds=60.0)) == "Downloading: 25 %, about 3 min left."
    assert progress(Fetch(share=0.01, seconds=60.0)) == "Downloading: 1 %."


def test_the_sizes_are_those_of_the_files():
    assert [round(megabytes(kind.name)) for kind in (MNIST, FashionMNIST, CIFAR10)] == [11, 31, 170]
