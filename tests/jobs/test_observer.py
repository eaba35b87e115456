from dataclasses import replace

import pytest

from regdash.errors import StoreUnavailable
from regdash.jobs.observer import Observer
from regdash.jobs.overview import CoordinatorView, Overview, ProcessView, QueueView, StoreView, Totals


def seen(epochs=0.0, waiting=0):
    coordinator = CoordinatorView("ab12", True, "ready", "", "CPU", 0.1, {}, (), (), epochs / 100, epochs, None)
    queue, store = QueueView(waiting, 0, 0, None), StoreView("SQLite", 1, 10, 0, 0)
    return Overview((coordinator,), queue, Totals(0, 0, 0, 0, 0), store, ProcessView(1.0, None), {})


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_all_who_look_within_a_second_share_one_look(clock):
    looks = []
    observer = Observer(lambda: looks.append(0) or seen(len(looks)), clock)
    assert observer.look() is observer.look()
    clock.now += 1.1
    assert observer.look().epochs_per_s == 2.0
    assert len(looks) == 2


def test_what_was_seen_is_remembered_for_ten_minutes(clock):
    paces = iter(range(1_000))
    observer = Observer(lambda: seen(float(next(paces)), waiting=3), clock)
    for _ in range(400):
        observer.look()
        clock.now += 2.0
    now, moments = observer.moments()
    assert now == clock.now
    assert [moment.epochs_per_s for moment in moments] == [float(pace) for pace in range(100, 400)]
    assert moments[0].at == now - 600.0
    assert {moment.waiting for moment in moments} == {3}


def test_a_store_that_cannot_be_read_is_an_error_every_time_and_leaves_no_figure(clock):
    def broken():
        raise StoreUnavailable("The store cannot be used.")

    observer = Observer(broken, clock)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            observer.look()
    assert observer.moments() == (clock.now, [])


def test_coordinators_that_do_not_live_do_not_count():
    found = seen(50.0)
    gone = replace(found.coordinators[0], alive=False)
    assert replace(found, coordinators=(gone, *found.coordinators)).epochs_per_s == 50.0
