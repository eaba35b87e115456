import fake_engine
from fake_engine import HANGER, KILLER, KILLER_ONCE, RAISER
from waiting import ended, experiment, kill, until

from regdash.settings import Settings
from regdash.store.requests import RequestStore, Wanted


def statuses(queue, ids):
    return [view.record.status if view.record else view.state for view in queue.watch(ids)]


def test_a_run_whose_worker_was_killed_is_finished_by_the_next_one(queue):
    ids = queue.submit("ann", [experiment(seed, epochs=200) for seed in range(2)])
    until(lambda: all(view.epochs_done > 0 for view in queue.watch(ids)))
    kill(fake_engine.worker_pid())
    until(lambda: ended(queue, ids))
    assert statuses(queue, ids) == ["finished", "finished"]
    assert all(len(view.history.epochs) == 200 for view in queue.watch(ids))


def test_a_worker_killed_while_idle_is_replaced(queue):
    (run,) = queue.submit("ann", [experiment()])
    until(lambda: ended(queue, [run]))
    kill(fake_engine.worker_pid())
    (run,) = queue.submit("ann", [experiment(1)])
    until(lambda: ended(queue, [run]))
    assert statuses(queue, [run]) == ["finished"]


def test_runs_of_a_killed_coordinator_are_finished_by_a_new_one(queue):
    ids = queue.submit("ann", [experiment(epochs=200), experiment(**{"training.batch_size": 8})])
    until(lambda: queue.watch(ids)[0].epochs_done > 0)
    kill(queue._embedded.pid)
    until(lambda: ended(queue, ids))
    assert statuses(queue, ids) == ["finished", "finished"]


def test_a_run_that_always_kills_its_worker_fails_after_three_attempts_and_harms_nobody(queue):
    ids = queue.submit("ann", [experiment(1), experiment(KILLER), experiment(2)])
    ids += queue.submit("bob", [experiment(3)])
    until(lambda: ended(queue, ids))
    assert statuses(queue, ids) == ["finished", "failed", "finished", "finished"]
    assert "died 3 times with this run" in queue.watch(ids)[1].error
    assert sum(ids[1] in stack for stack in fake_engine.stacks()) == 3


def test_a_run_that_kills_its_worker_once_is_finished(queue):
    (run,) = queue.submit("ann", [experiment(KILLER_ONCE)])
    until(lambda: ended(queue, [run]))
    assert statuses(queue, [run]) == ["finished"]


def test_an_error_in_the_engine_fails_its_run_with_a_sentence_and_no_other(queue):
    ids = queue.submit("ann", [experiment(1), experiment(RAISER)])
    until(lambda: ended(queue, ids))
    assert statuses(queue, ids) == ["finished", "failed"]
    assert queue.watch(ids)[1].error == (
        "The training stopped with an error of its own (ArithmeticError: the sum does not add up)."
    )


def test_a_row_that_this_version_cannot_read_fails_alone_and_is_unknown_to_pages(queue):
    foreign = "f" * 20
    requests = RequestStore(queue._database)
    requests.submit("old", [Wanted(foreign, '{"schema":99}', 10, False)], Settings())
    ids = queue.submit("ann", [experiment(1)])
    until(lambda: ended(queue, ids) and requests.rows([foreign])[foreign].state == "failed")
    assert "newer ones need a newer Regdash" in requests.rows([foreign])[foreign].error
    assert queue.watch([foreign]) == [None]


def test_a_failed_run_is_tried_again_when_it_is_asked_for_again(queue):
    (run,) = queue.submit("ann", [experiment(RAISER)])
    until(lambda: ended(queue, [run]))
    queue.submit("ann", [experiment(RAISER)])
    until(lambda: len(fake_engine.stacks()) == 2)
    until(lambda: ended(queue, [run]))


def test_a_worker_that_reports_nothing_until_its_lease_is_over_is_replaced(open_queue):
    queue = open_queue(lease_seconds=0.5, max_attempts=2)
    ids = queue.submit("ann", [experiment(HANGER), experiment(1)])
    until(lambda: ended(queue, ids))
    assert statuses(queue, ids) == ["failed", "finished"]


def test_a_worker_is_replaced_after_its_programs_without_a_run_being_lost(open_queue):
    queue = open_queue(worker_programs=2)
    workers = set()
    for seed in range(30):
        (run,) = queue.submit("ann", [experiment(seed)])
        until(lambda: ended(queue, [run]))  # noqa: B023
        assert statuses(queue, [run]) == ["finished"]
        workers.add(fake_engine.worker_pid())
        if len(workers) > 1:
            break
    assert len(workers) == 2
