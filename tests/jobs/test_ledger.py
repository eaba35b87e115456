"""Each run leaves the ledger once, and its end is written down."""

import pytest

from regdash.jobs.ledger import Ledger
from regdash.jobs.workers import Ended, Failed, Lost, Progressed
from regdash.settings import Settings
from regdash.store.counters import read_counters
from regdash.store.jobs import JobStore
from regdash.store.requests import RequestStore, Wanted

ANN = "a-" + "0" * 32
A, B, C = "a" * 20, "b" * 20, "c" * 20


@pytest.fixture
def states(database):
    pages = RequestStore(database)
    return lambda: {id_: row.state for id_, row in pages.rows([A, B, C]).items()}


@pytest.fixture
def begun(database):
    """A ledger with three runs under way under the tickets 1, 2 and 3."""
    RequestStore(database).submit(ANN, [Wanted(id_, "{}", 10, False) for id_ in (A, B, C)], Settings())
    jobs, ledger = JobStore(database), Ledger(database, Settings(max_attempts=2))
    waiting = sorted(jobs.waiting(), key=lambda run: run.run_id)
    claims = sorted(jobs.claim([A, B, C], "me"), key=lambda claim: claim.run_id)
    for run, claim in zip(waiting, claims, strict=True):
        ledger.enter(run, claim, "shape")
    return ledger


def test_runs_under_way_are_counted_by_session_and_shape(begun):
    assert (begun.sessions(), begun.shapes(), len(begun)) == ({ANN: 3}, {"shape": 3}, 3)


def test_an_end_is_written_once(begun, states, database):
    assert begun.take([Ended(1, "finished", 10, b"whole"), Ended(1, "finished", 10, b"again")]) is True
    assert states() == {A: "done", B: "running", C: "running"}
    assert RequestStore(database).records([A]) == {A: b"whole"}
    assert read_counters(database)["finished"] == 1


def test_progress_alone_takes_nobody_off(begun, database):
    assert begun.take([Progressed({2: (4, b"four"), 99: (1, b"unknown")})]) is False
    assert RequestStore(database).progress([A, B]) == {B: b"four"}


def test_an_error_in_company_sends_each_back_to_be_tried_alone(begun, states, database):
    begun.take([Failed((1, 2), "The sum does not add up.")])
    assert states() == {A: "waiting", B: "waiting", C: "running"}
    assert {run.failures for run in JobStore(database).waiting()} == {1}


def test_an_error_of_one_alone_fails_it_with_its_sentence(begun, states, database):
    begun.take([Failed((3,), "The sum does not add up.")])
    assert states()[C] == "failed"
    assert RequestStore(database).rows([C])[C].error == "The sum does not add up."


def test_only_those_whose_turn_it_was_are_blamed_for_a_lost_worker(begun, states, database):
    begun.take([Lost(suspects=(1,), others=(2, 3))])
    assert states() == {A: "waiting", B: "waiting", C: "waiting"}
    assert {run.run_id: run.failures for run in JobStore(database).waiting()} == {A: 1, B: 0, C: 0}
    assert begun.lost_workers == 1


def test_what_is_given_back_at_the_end_is_held_against_nobody(begun, states, database):
    begun.give_all_back()
    assert {run.failures for run in JobStore(database).waiting()} == {0}
    assert set(states().values()) == {"waiting"}


def test_a_run_that_is_cut_off_again_and_again_ends_with_a_sentence_after_the_tenth_time(begun, states, database):
    jobs, losses = JobStore(database), 0
    while True:
        begun.take([Lost(suspects=(), others=tuple(begun._live))])
        losses += 1
        again = [run for run in jobs.waiting() if run.run_id == A]
        if not again:
            break
        begun.enter(again[0], jobs.claim([A], "me")[0], "shape")
    assert losses == 10
    assert states()[A] == "failed"
    assert RequestStore(database).rows([A])[A].error == "The training was cut off 10 times. Try again."
