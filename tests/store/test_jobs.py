from concurrent.futures import ThreadPoolExecutor

import pytest

from regdash.settings import Settings
from regdash.store import order
from regdash.store.jobs import Claim, JobStore, Report, Result
from regdash.store.requests import RequestStore, Wanted
from regdash.store.schema import runs

A, B, C = "a" * 20, "b" * 20, "c" * 20
ME = "this coordinator"


@pytest.fixture
def pages(database):
    return RequestStore(database)


@pytest.fixture
def jobs(database):
    return JobStore(database)


def ask(pages, session, *ids, probed=False):
    pages.submit(session, [Wanted(id_, "{}", 10, probed) for id_ in ids], Settings(max_waiting=100))


def test_the_queue_is_oldest_first_with_the_session_that_asked_first(pages, jobs):
    ask(pages, "bob", B)
    ask(pages, "ann", A, B)
    assert [(run.run_id, run.session) for run in jobs.waiting()] == [(B, "bob"), (A, "ann")]


def test_a_run_is_claimed_once(pages, jobs):
    ask(pages, "ann", A, B)
    assert jobs.claim([A], ME) == [Claim(A, 1)]
    assert jobs.claim([A, B], ME) == [Claim(B, 1)]
    assert jobs.waiting() == []


def test_what_an_older_attempt_brings_is_not_accepted(pages, jobs):
    ask(pages, "ann", A)
    (old,) = jobs.claim([A], ME)
    jobs.give_back([old], failed=True, max_failures=3, error="")
    (new,) = jobs.claim([A], ME)
    assert (old.attempt, new.attempt) == (1, 2)
    jobs.report([Report(old, 9, b"old")])
    jobs.finish([Result(old, "finished", 10, b"old")])
    assert pages.rows([A])[A].state == "running"
    assert pages.progress([A]) == {}
    jobs.finish([Result(new, "finished", 10, b"new")])
    jobs.finish([Result(old, "finished", 10, b"old")])
    assert pages.records([A]) == {A: b"new"}


def test_a_report_moves_the_version_and_a_record_ends_the_progress(pages, jobs):
    ask(pages, "ann", A)
    (claim,) = jobs.claim([A], ME)
    versions = [pages.rows([A])[A].version]
    jobs.report([Report(claim, 4, b"four")])
    versions.append(pages.rows([A])[A].version)
    assert (pages.rows([A])[A].epochs_done, pages.progress([A])) == (4, {A: b"four"})
    jobs.finish([Result(claim, "finished", 10, b"all")])
    versions.append(pages.rows([A])[A].version)
    assert versions == sorted(set(versions))
    assert (pages.progress([A]), pages.records([A])) == ({}, {A: b"all"})


def test_a_run_given_back_without_fault_is_not_counted_against_it(pages, jobs):
    ask(pages, "ann", A)
    for _ in range(5):
        jobs.give_back(jobs.claim([A], ME), failed=False, max_failures=3, error="")
    assert jobs.waiting()[0].failures == 0


def test_a_run_lost_three_times_fails_with_its_sentence_and_may_be_asked_for_again(pages, jobs):
    ask(pages, "ann", A)
    for _ in range(3):
        jobs.give_back(jobs.claim([A], ME), failed=True, max_failures=3, error="It died.")
    assert (pages.rows([A])[A].state, pages.rows([A])[A].error) == ("failed", "It died.")
    ask(pages, "ann", A)
    assert (pages.rows([A])[A].state, pages.rows([A])[A].error) == ("waiting", "")
    assert jobs.waiting()[0].failures == 0


def test_a_lost_run_that_nobody_wants_any_more_leaves_the_queue(pages, jobs):
    ask(pages, "ann", A)
    claims = jobs.claim([A], ME)
    pages.cancel("ann", [A])
    assert jobs.unwanted([A]) == {A}
    jobs.give_back(claims, failed=True, max_failures=3, error="")
    assert pages.rows([A]) == {}


def test_a_finished_record_is_not_replaced_by_a_cancelled_one(pages, jobs):
    ask(pages, "ann", A)
    jobs.finish([Result(*jobs.claim([A], ME), "finished", 10, b"whole")])
    ask(pages, "ann", A, probed=True)  # once more, for the decision grid
    claims = jobs.claim([A], ME)
    pages.cancel("ann", [A])
    jobs.finish([Result(*claims, "cancelled at epoch 4", 4, b"part")])
    row = pages.rows([A])[A]
    assert (row.state, row.epochs_done, pages.records([A])) == ("done", 10, {A: b"whole"})


def test_a_waiting_run_with_a_record_keeps_it_when_it_is_cancelled(pages, jobs):
    ask(pages, "ann", A)
    claims = jobs.claim([A], ME)
    pages.cancel("ann", [A])
    jobs.finish([Result(*claims, "cancelled at epoch 4", 4, b"part")])
    ask(pages, "ann", A)
    assert pages.rows([A])[A].state == "waiting"
    pages.cancel("ann", [A])
    assert (pages.rows([A])[A].state, pages.records([A])) == ("done", {A: b"part"})


def test_a_diverged_run_is_done_and_not_trained_again(pages, jobs):
    ask(pages, "ann", A)
    jobs.finish([Result(*jobs.claim([A], ME), "diverged at epoch 3", 2, b"nan")])
    ask(pages, "bob", A)
    assert pages.rows([A])[A].state == "done"


def test_running_runs_are_orphans_when_their_coordinator_is_none_of_the_living(pages, jobs):
    ask(pages, "ann", A, B, C)
    mine, theirs = jobs.claim([A], ME), jobs.claim([B], "another")
    assert jobs.orphans([]) == mine + theirs
    assert jobs.orphans([ME]) == theirs
    assert jobs.orphans([ME, "another"]) == []


def test_coordinators_that_claim_at_the_same_moment_never_get_the_same_run(pages, jobs):
    ids = [f"{number:020x}" for number in range(60)]
    ask(pages, "ann", *ids)
    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(lambda owner: jobs.claim(ids, f"c{owner}"), range(6)))
    everything = [claim.run_id for claims in claimed for claim in claims]
    assert len(everything) == len(set(everything))
    everything += [claim.run_id for claim in jobs.claim(ids, "last")]  # what the others held each other up at
    assert sorted(everything) == ids


def test_many_runs_that_end_together_end_each_in_its_own_way(pages, jobs):
    ids = [f"{number:020x}" for number in range(6)]
    ask(pages, "ann", *ids)
    claims = jobs.claim(ids, ME)
    pages.cancel("ann", ids[3:])
    ask(pages, "bob", ids[5])
    ways = ["finished", "diverged at epoch 3", "stopped early at epoch 9", *["cancelled at epoch 4"] * 3]
    jobs.finish([Result(claim, way, 4, way.encode()) for claim, way in zip(claims, ways, strict=True)])
    rows = pages.rows(ids)
    assert [rows[id_].state for id_ in ids] == ["done"] * 5 + ["waiting"]
    assert [pages.records(ids).get(id_) for id_ in ids] == [way.encode() for way in ways[:5]] + [None]
    assert jobs.orphans([]) == []


def test_what_an_end_brings_twice_is_kept_once(pages, jobs):
    ask(pages, "ann", A)
    claims = jobs.claim([A], ME)
    jobs.finish([Result(*claims, "finished", 10, b"first")])
    jobs.finish([Result(*claims, "finished", 10, b"second")])
    assert pages.records([A]) == {A: b"first"}


def test_a_run_that_is_cut_off_for_ever_ends_with_its_sentence(pages, jobs):
    ask(pages, "ann", A, B)
    for _ in range(3):
        claims = jobs.claim([A], ME)
        jobs.spent(claims, 3, "It was cut off.")
        jobs.give_back(claims, failed=False, max_failures=3, error="")
    (claim,) = jobs.claim([A], ME)
    jobs.spent([claim, *jobs.claim([B], ME)], 3, "It was cut off.")
    assert (pages.rows([A])[A].state, pages.rows([A])[A].error) == ("failed", "It was cut off.")
    assert pages.rows([B])[B].state == "running"
    ask(pages, "ann", A)
    (again,) = jobs.claim([A], ME)
    jobs.spent([again], 3, "It was cut off.")
    assert (again.attempt, pages.rows([A])[A].state) == (5, "running")  # counted anew since it was asked for


def test_runs_that_are_no_longer_in_the_store_are_unwanted(pages, jobs, database):
    ask(pages, "ann", A, B)
    jobs.claim([A, B], ME)
    with database.writing() as connection:
        connection.execute(runs.delete().where(runs.c.id == A))
    assert jobs.unwanted([A, B]) == {A}
    assert jobs.unwanted([]) == set()


def test_nothing_is_done_for_nobody(jobs):
    jobs.report([])
    jobs.finish([])
    jobs.fail([], "")
    jobs.spent([], 1, "")
    jobs.give_back([], failed=True, max_failures=1, error="")
    assert jobs.claim([], ME) == []


def test_the_order_of_a_long_queue_is_read_once_and_claimed_runs_are_passed_over(pages, jobs, monkeypatch):
    monkeypatch.setattr(order, "LONG", 3)
    monkeypatch.setattr(order, "FRONT_SHARE", 1e-6)
    monkeypatch.setattr(order, "LONGEST", 1e9)
    ids = [f"{number:020x}" for number in range(6)]
    ask(pages, "ann", *ids)
    assert [run.run_id for run in jobs.waiting(most=2)] == ids[:2]
    ask(pages, "bob", A)
    jobs.claim(ids[:3], ME)
    assert [run.run_id for run in jobs.waiting(most=2)] == ids[3:5]  # the next ones; the newcomer later
    jobs.claim(ids[3:], ME)
    assert [run.run_id for run in jobs.waiting(most=2)] == [A]
