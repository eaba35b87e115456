import fake_engine
from waiting import ended, experiment, until


def start(queue, sessions, epochs=1_000):
    for session in sessions:
        (run,) = queue.submit(session, [experiment(epochs=epochs)])
    until(lambda: queue.watch([run])[0].epochs_done > 0)
    return run


def test_cancelling_keeps_what_has_been_trained(queue):
    run = start(queue, ["ann"])
    queue.cancel("ann", [run])
    until(lambda: ended(queue, [run]))
    (view,) = queue.watch([run])
    assert view.record.status == f"cancelled at epoch {view.epochs_done}"
    assert 0 < len(view.history.epochs) == view.epochs_done < 1_000


def test_a_run_ends_only_when_everybody_who_asked_has_cancelled(queue):
    run = start(queue, ["ann", "bob"])
    queue.cancel("ann", [run])
    before = queue.watch([run])[0].epochs_done
    until(lambda: queue.watch([run])[0].epochs_done > before + 20)
    queue.cancel("bob", [run])
    until(lambda: ended(queue, [run]))
    assert queue.watch([run])[0].record.status.startswith("cancelled at epoch")


def test_a_session_that_did_not_ask_cannot_cancel(queue):
    run = start(queue, ["ann"], epochs=100)
    queue.cancel("mallory", [run, "' OR 1=1 --"])
    until(lambda: ended(queue, [run]))
    assert queue.watch([run])[0].record.status == "finished"


def test_one_member_leaves_and_the_rest_of_its_stack_goes_on(queue):
    ids = queue.submit("ann", [experiment(seed, epochs=300) for seed in range(3)])
    until(lambda: all(view.epochs_done > 0 for view in queue.watch(ids)))
    queue.cancel("ann", ids[:1])
    until(lambda: ended(queue, ids))
    assert [view.record.status.split()[0] for view in queue.watch(ids)] == ["cancelled", "finished", "finished"]


def test_a_run_cancelled_before_it_began_leaves_the_queue(open_queue):
    queue = open_queue(embedded=False)
    (run,) = queue.submit("ann", [experiment()])
    queue.submit("bob", [experiment()])
    queue.cancel("ann", [run])
    assert queue.watch([run])[0].state == "waiting"
    queue.cancel("bob", [run])
    assert queue.watch([run]) == [None]


def test_a_cancelled_run_is_trained_anew_when_it_is_asked_for_again(queue):
    run = start(queue, ["ann"], epochs=200)
    queue.cancel("ann", [run])
    until(lambda: ended(queue, [run]))
    queue.submit("ann", [experiment(epochs=200)])
    until(lambda: queue.watch([run])[0].state == "done" and queue.watch([run])[0].record.status == "finished")
    assert fake_engine.stacks() == [[run], [run]]


def test_a_run_asked_for_again_while_its_cancel_is_under_way_is_trained_to_the_end(queue):
    run = start(queue, ["ann"], epochs=200)
    queue.cancel("ann", [run])
    queue.submit("bob", [experiment(epochs=200)])
    until(lambda: ended(queue, [run]))
    assert queue.watch([run])[0].record.status == "finished"
