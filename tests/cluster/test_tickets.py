import pytest

from regdash.jobs.tickets import Tickets
from regdash.jobs.workers import Began, Ended, Failed, Lost, Progressed

END = Ended(1, "finished", 30, b"record")


@pytest.fixture
def tickets() -> Tickets:
    found = Tickets()
    found.enter([1, 2, 3])
    return found


def test_a_run_ends_once_whoever_tells_its_end_first(tickets):
    tickets.ended([END])
    tickets.ended([END, Failed((1,), "too late")])
    tickets.lost([1])
    assert tickets.events() == [END]
    assert tickets.events() == []


def test_a_lost_run_is_heard_of_no_more(tickets):
    tickets.lost([1, 2], suspects=[2, 3])
    tickets.ended([END])
    tickets.progressed({1: (5, b""), 3: (4, b"")})
    assert tickets.events() == [Lost((2,), (1,)), Progressed({3: (4, b"")})]


def test_runs_begin_once(tickets):
    tickets.began([1])
    tickets.began([1, 2])
    assert tickets.events() == [Began((1,)), Began((2,))]


def test_epochs_are_counted_once_although_progress_and_end_tell_of_them(tickets):
    tickets.progressed({1: (10, b""), 2: (4, b"")})
    tickets.progressed({1: (10, b"")})
    assert tickets.epochs() == 14
    tickets.ended([END])
    assert tickets.epochs() == 20


def test_nothing_is_lost_where_nothing_was_open(tickets):
    tickets.lost([])
    tickets.lost([7])
    assert tickets.events() == []
