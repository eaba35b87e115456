from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.counters import read_counters
from regdash.store.jobs import JobStore, Result
from regdash.store.order import QueueState
from regdash.store.requests import RequestStore, Wanted
from regdash.store.rooms import RoomStore
from regdash.store.schema import requests, runs
from regdash.store.trained import TrainedStore

LIMITS = Settings()
ANN, BOB, EVE, TEACHER = "a-ann", "a-bob", "a-eve", "u-teacher"


def run(number: int) -> str:
    return f"{number:020x}"


def ask(pages, session, *numbers, limits=LIMITS, room="", probed=False):
    pages.submit(session, [Wanted(run(n), f'{{"seed":{n}}}', 10, probed) for n in numbers], limits, room)


@pytest.fixture
def pages(database):
    return RequestStore(database)


@pytest.fixture
def jobs(database):
    return JobStore(database)


@pytest.fixture
def rooms(database):
    return RoomStore(database)


def finish(jobs, *numbers, status="finished"):
    jobs.finish([Result(claim, status, 10, b"record") for claim in jobs.claim([run(n) for n in numbers], "me")])


def places(pages, *numbers):
    found = pages.places([run(n) for n in numbers])
    return [found.get(run(n), 0) for n in numbers]


# The fair order


def test_a_newcomer_is_not_behind_all_the_runs_of_another(pages, jobs):
    ask(pages, ANN, 1, 2, 3)
    ask(pages, BOB, 11, 12)
    ask(pages, EVE, 21)
    assert places(pages, 1, 11, 21, 2, 12, 3) == [1, 2, 3, 4, 5, 6]
    assert [each.run_id for each in jobs.waiting()] == [run(n) for n in (1, 11, 21, 2, 12, 3)]
    assert [each.run_id for each in jobs.waiting(most=2)] == [run(1), run(11)]


def test_whoever_has_nothing_in_training_comes_before_whoever_has(pages, jobs):
    ask(pages, ANN, 1, 2, 3)
    jobs.claim([run(1), run(2)], "me")
    ask(pages, BOB, 11, 12, 13)
    assert [each.run_id for each in jobs.waiting()] == [run(n) for n in (11, 12, 3, 13)]


def test_a_run_wanted_by_two_has_the_better_of_both_places(pages, jobs):
    ask(pages, ANN, 1, 2, 3)
    ask(pages, BOB, 3)
    assert places(pages, 1, 2, 3) == [1, 3, 2]
    assert jobs.waiting()[1].session == ANN  # who asked first


def test_runs_that_do_not_wait_have_no_place(pages, jobs):
    ask(pages, ANN, 1, 2)
    jobs.claim([run(1)], "me")
    assert places(pages, 1, 2, 3) == [0, 1, 0]


def test_the_queue_is_counted(pages, jobs):
    assert pages.queue() == QueueState()
    ask(pages, ANN, 1, 2, 3)
    ask(pages, BOB, 3, 4)
    jobs.claim([run(1)], "me")
    assert pages.queue() == QueueState(waiting=3, running=1, sessions=2, epochs_waiting=30)


# Limits


def test_a_session_may_have_so_many_unfinished_runs_and_no_more(pages, jobs):
    few = Settings(max_waiting=2)
    ask(pages, ANN, 1, 2, limits=few)
    with pytest.raises(RegdashError, match="at most 2 unfinished runs at once, and this would make 3"):
        ask(pages, ANN, 3, limits=few)
    assert pages.rows([run(3)]) == {}
    ask(pages, ANN, 1, 2, limits=few)  # the same ones again
    ask(pages, BOB, 3, limits=few)
    finish(jobs, 1)
    ask(pages, ANN, 4, limits=few)


def test_finished_runs_may_be_asked_for_however_full_the_server_is(pages, jobs):
    ask(pages, ANN, 1, 2)
    finish(jobs, 1, 2)
    full = Settings(max_waiting=1, max_queue=1)
    ask(pages, BOB, 3, limits=full)
    ask(pages, BOB, 1, 2, limits=full)
    assert pages.may_see(BOB, [run(1), run(2)]) == {run(1), run(2)}


def test_a_full_server_says_so(pages):
    full = Settings(max_queue=12)
    ask(pages, ANN, *range(1, 12), limits=full)
    with pytest.raises(RegdashError, match="at most 12 runs may wait at once, and this would make 13"):
        ask(pages, ANN, 12, 13, limits=full)
    assert places(pages, 11, 12) == [11, 0]


def test_who_asks_for_a_few_runs_finds_room_on_a_full_server_up_to_as_many_again(pages):
    full = Settings(max_queue=6)
    ask(pages, ANN, 1, 2, 3, 4, 5, 6, limits=full)
    ask(pages, BOB, 7, 8, 9, 10, 11, 12, limits=full)
    with pytest.raises(RegdashError, match="The server is full"):
        ask(pages, EVE, 13, limits=full)


def test_a_class_may_have_so_many_unfinished_runs(pages, rooms):
    small = Settings(max_room_waiting=3)
    room = rooms.open(TEACHER, "", "", 1, small)
    rooms.join(room.code, ANN, "Ann")
    rooms.join(room.code, BOB, "Bob")
    ask(pages, ANN, 1, 2, limits=small, room=room.id)
    with pytest.raises(RegdashError, match="A class may have at most 3 unfinished runs at once, and this would make 4"):
        ask(pages, BOB, 3, 4, limits=small, room=room.id)
    ask(pages, BOB, 3, 4, limits=small)


def test_requests_made_at_the_same_moment_cannot_pass_a_limit_together(pages, database):
    few = Settings(max_waiting=5)

    def try_to(number: int) -> int:
        try:
            ask(pages, ANN, number, limits=few)
        except RegdashError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to, range(20))) == 5
    with database.reading() as connection:
        assert len(connection.execute(select(runs.c.id)).all()) == 5


def test_a_run_that_many_ask_for_at_the_same_moment_is_one_run(pages, jobs, database):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ask(pages, f"a-{number}", 1, 2, 3), range(16)))
    with database.reading() as connection:
        assert len(connection.execute(select(requests.c.run_id)).all()) == 3 * 16
    assert sorted(each.run_id for each in jobs.waiting()) == [run(1), run(2), run(3)]


def test_asking_while_another_withdraws_loses_no_run(pages, jobs):
    for number in range(12):
        ask(pages, ANN, number)
        with ThreadPoolExecutor(2) as pool:
            withdrawn = pool.submit(pages.cancel, ANN, [run(number)])
            asked = pool.submit(ask, pages, BOB, number)
        assert (withdrawn.result(), asked.result()) == (None, None)
        assert pages.may_see(BOB, [run(number)]) == {run(number)}
    assert {each.session for each in jobs.waiting()} == {BOB}


# What is counted


def test_runs_that_were_finished_already_are_counted_as_hits(pages, jobs, database):
    ask(pages, ANN, 1, 2)
    finish(jobs, 1)
    finish(jobs, 2, status="cancelled at epoch 3")
    ask(pages, BOB, 1, 2, 3)
    assert read_counters(database) == {"asked": 5, "cache_hits": 1}


# Who may see what


def test_a_session_sees_what_it_asked_for_and_nothing_else(pages):
    ask(pages, ANN, 1)
    ask(pages, BOB, 2)
    everything = [run(1), run(2), run(3), "nonsense"]
    assert pages.may_see(ANN, everything) == {run(1)}
    assert pages.may_see(BOB, everything) == {run(2)}
    assert pages.may_see(EVE, everything) == set()
    assert pages.may_see("", everything) == set()


def test_a_class_and_its_teacher_see_what_is_contributed_and_others_do_not(pages, rooms):
    room = rooms.open(TEACHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    rooms.join(room.code, BOB, "Bob")
    ask(pages, ANN, 1, room=room.id)
    ask(pages, ANN, 2)  # at home
    both = [run(1), run(2)]
    assert pages.may_see(BOB, both) == pages.may_see(TEACHER, both) == {run(1)}
    assert pages.may_see(EVE, both) == set()
    rooms.leave(BOB)
    assert pages.may_see(BOB, both) == set()


def test_a_pupil_who_was_removed_sees_the_others_no_more_and_is_not_seen(pages, rooms):
    room = rooms.open(TEACHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    rooms.join(room.code, BOB, "Bob")
    ask(pages, ANN, 1, room=room.id)
    ask(pages, BOB, 2, room=room.id)
    rooms.remove(room.id, TEACHER, "Ann")
    both = [run(1), run(2)]
    assert pages.may_see(ANN, both) == {run(1)}  # her own
    assert pages.may_see(BOB, both) == pages.may_see(TEACHER, both) == {run(2)}


def test_runs_are_asked_for_in_a_room_only_by_those_in_it(pages, rooms):
    room = rooms.open(TEACHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    ask(pages, TEACHER, 1, room=room.id)
    for session, id_ in ((BOB, room.id), (ANN, "x" * 22), (ANN, room.code), (ANN, "'; --")):
        with pytest.raises(RegdashError, match="You are not in this class"):
            ask(pages, session, 2, room=id_)
    rooms.close(room.id, TEACHER)
    with pytest.raises(RegdashError, match="You are not in this class, or it has ended"):
        ask(pages, ANN, 2, room=room.id)
    assert pages.rows([run(2)]) == {}


def test_the_coordinator_hears_in_which_room_a_run_was_asked_for(pages, jobs, rooms):
    room = rooms.open(TEACHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    ask(pages, ANN, 1, room=room.id)
    ask(pages, BOB, 2)
    assert {each.run_id: each.room for each in jobs.waiting()} == {run(1): room.id, run(2): ""}


def test_a_run_counts_as_asked_for_unless_one_has_stopped_it_while_it_goes_on_for_others(database, pages):
    ask(pages, ANN, 1, 2, 3)
    ask(pages, BOB, 1, 2, 3, 4)
    jobs = JobStore(database)
    jobs.finish([Result(claim, "finished", 10, b"x") for claim in jobs.claim([run(1)], "me")])
    pages.cancel(ANN, [run(1), run(2)])
    asked, every = TrainedStore(database).asked, [run(number) for number in (1, 2, 3, 4)]
    assert asked([ANN], every) == {run(1), run(3)}
    assert asked([EVE, BOB], every) == set(every)
    assert asked([EVE, "' OR 1=1"], every) == asked([ANN], ["' OR 1=1"]) == set()
