import os
import subprocess
import sys
from dataclasses import replace

import fake_engine
import pytest
from waiting import COORDINATOR, ended, experiment, kill, until

from regdash.codec import identity
from regdash.errors import RegdashError, StoreUnavailable
from regdash.jobs.queue import connect
from regdash.record import RunRecord


def test_a_submitted_experiment_waits_trains_and_ends_with_its_record(queue):
    (run,) = queue.submit("ann", [experiment()])
    assert queue.watch([run])[0].state == "waiting"
    assert queue.watch([run])[0].place == 1
    until(lambda: ended(queue, [run]))
    (view,) = queue.watch([run])
    assert (view.state, view.epochs_done, view.epochs_total, view.place) == ("done", 20, 20, 0)
    assert isinstance(view.record, RunRecord)
    assert view.record.experiment == experiment()
    assert list(view.history["loss"]) == pytest.approx([1 / e for e in range(1, 21)])
    assert run == identity(experiment())


def test_curves_so_far_are_seen_while_a_run_trains(queue):
    (run,) = queue.submit("ann", [experiment(epochs=200)], probed=[0])
    until(lambda: (view := queue.watch([run])[0]).state == "running" and view.epochs_done > 0)
    view = queue.watch([run])[0]
    assert 0 < view.epochs_done <= len(view.history.epochs) < 200  # the curves are read after the row
    assert view.probe.answers.shape == (1, 4, 4, 1)
    assert view.seconds_left > 0
    assert view.record is None


def test_the_same_experiment_is_trained_once_for_everybody(queue):
    (first,) = queue.submit("ann", [experiment()])
    (second,) = queue.submit("bob", [experiment()])
    assert first == second
    until(lambda: ended(queue, [first]))
    assert queue.submit("cleo", [experiment()]) == [first]
    assert queue.watch([first])[0].state == "done"
    assert fake_engine.stacks() == [[first]]


def test_an_experiment_given_twice_at_once_is_one_run(queue):
    ids = queue.submit("ann", [experiment(), experiment(seed=1), experiment()])
    assert ids[0] == ids[2] != ids[1]
    until(lambda: ended(queue, ids))
    assert sum(stack.count(ids[0]) for stack in fake_engine.stacks()) == 1


def test_a_finished_run_is_trained_again_only_to_record_its_decision_grid(queue):
    (run,) = queue.submit("ann", [experiment()])
    until(lambda: ended(queue, [run]))
    assert queue.watch([run])[0].probe is None
    for _ in range(2):
        queue.submit("ann", [experiment()], probed=[0])
        until(lambda: ended(queue, [run]))
        assert queue.watch([run])[0].probe is not None
    assert fake_engine.stacks() == [[run], [run]]


def test_runs_of_one_shape_train_together_across_sessions_and_others_apart(queue):
    alike = [experiment(seed) for seed in range(4)]
    other = experiment(**{"training.batch_size": 8})
    until(lambda: queue.engine().state == "ready")
    (busy,) = queue.submit("zoe", [experiment(epochs=250, **{"training.batch_size": 16})])
    until(lambda: queue.watch([busy])[0].state == "running")
    ids = [queue.submit(session, [each])[0] for session, each in zip("abcd", alike, strict=True)]
    ids += queue.submit("eve", [other])
    until(lambda: ended(queue, ids))
    stacks = [set(stack) for stack in fake_engine.stacks()]
    assert set(ids[:4]) in stacks
    shapes = [{busy}, set(ids[:4]), {ids[4]}]
    assert all(any(stack <= shape for shape in shapes) for stack in stacks)


def test_a_run_joins_the_stack_of_its_shape_while_that_trains(queue):
    (first,) = queue.submit("ann", [experiment(epochs=500)])
    until(lambda: queue.watch([first])[0].epochs_done > 0)
    (second,) = queue.submit("bob", [experiment(seed=1)])
    until(lambda: ended(queue, [second]))
    assert queue.watch([first])[0].state == "running"
    assert fake_engine.stacks() == [[first], [first, second]]
    queue.cancel("ann", [first])


def test_a_short_run_of_another_shape_does_not_wait_for_the_end_of_a_long_one(queue):
    (long,) = queue.submit("ann", [experiment(epochs=500)])
    until(lambda: queue.watch([long])[0].epochs_done > 0)
    (short,) = queue.submit("bob", [experiment(**{"training.batch_size": 8})])
    until(lambda: ended(queue, [short]))
    assert queue.watch([long])[0].state == "running"
    queue.cancel("ann", [long])


def test_one_session_alone_has_as_many_runs_in_training_at_once_as_a_stack_may_have(open_queue):
    queue = open_queue(max_running=2, max_members=3)
    ids = queue.submit("ann", [experiment(seed) for seed in range(7)])
    most = 0
    while not ended(queue, ids):
        most = max(most, sum(view.state == "running" for view in queue.watch(ids)))
    assert most == 3


def test_the_place_in_the_queue_counts_those_before_in_the_fair_order(open_queue):
    queue = open_queue(embedded=False)
    ids = queue.submit("ann", [experiment(seed) for seed in (1, 2, 3)])
    (late,) = queue.submit("bob", [experiment(4)])
    assert sorted(view.place for view in queue.watch(ids)) == [1, 3, 4]
    assert queue.watch([late])[0].place == 2
    assert [view.seconds_left for view in queue.watch(ids)] == [None, None, None]
    assert (queue.load().waiting, queue.load().sessions, queue.load().seconds) == (4, 2, None)


def test_watching_unknown_or_hostile_ids_finds_nothing(queue):
    ids = ["0" * 20, "", "' OR 1=1 --", "a" * 100_000, "\x00", "\ud800", "../../etc/passwd"]
    assert queue.watch(ids) == [None] * len(ids)


@pytest.mark.parametrize("session", ["", "a b", "x" * 101, "ann\n", "'; DROP TABLE runs; --", "\x00", "<b>"])
def test_a_session_id_that_is_none_is_refused_with_a_sentence(queue, session):
    with pytest.raises(RegdashError, match="A session's id must be 1 to 100 letters"):
        queue.submit(session, [experiment()])
    assert queue.watch([identity(experiment())]) == [None]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"max_epochs": 19}, "at most 19 epochs, got 20"),
        ({"max_rows": 499}, "at most 499 rows, got 500"),
        ({"max_parameters": 4_416}, "at most 4416 weights, got 4417"),  # 2*64+64 + 64*64+64 + 64+1
    ],
)
def test_an_experiment_beyond_a_limit_is_refused_with_a_sentence(open_queue, limits, sentence):
    queue = open_queue(embedded=False, **limits)
    with pytest.raises(RegdashError, match=sentence):
        queue.submit("ann", [experiment(**{"network.widths": (64, 64), "data.samples": 500})])


def test_a_session_may_have_only_so_many_unfinished_runs_and_others_are_not_concerned(open_queue):
    queue = open_queue(embedded=False, max_waiting=3)
    queue.submit("ann", [experiment(seed) for seed in range(3)])
    with pytest.raises(RegdashError, match="at most 3 unfinished runs at once, and this would make 4"):
        queue.submit("ann", [experiment(3)])
    assert queue.watch([identity(experiment(3))]) == [None]
    queue.submit("ann", [experiment(0)])
    queue.submit("bob", [experiment(3)])
    queue.cancel("ann", [identity(experiment(0))])
    queue.submit("ann", [experiment(4)])


def test_the_engine_is_starting_and_then_ready_on_its_device(queue):
    assert queue.engine().state == "starting"
    assert "runs wait in the queue" in queue.engine().sentence
    until(lambda: queue.engine().state == "ready")
    assert queue.engine().device == "a fake device"


def test_an_engine_that_cannot_be_loaded_is_down_with_the_reason(open_queue):
    queue = open_queue((*COORDINATOR, "--no-engine"))
    until(lambda: queue.engine().state == "down")
    assert "ImportError: No module named 'tensorflow'" in queue.engine().sentence
    (run,) = queue.submit("ann", [experiment()])
    assert queue.watch([run])[0].state == "waiting"


def test_a_coordinator_that_cannot_be_started_is_down_with_a_sentence(open_queue):
    assert "cannot be started" in open_queue(("/nowhere/python",)).engine().sentence
    queue = open_queue((sys.executable, "-c", "raise SystemExit(3)"))
    until(lambda: queue.engine().state == "down")
    assert "ended with status 3" in queue.engine().sentence


def test_a_second_dashboard_uses_the_coordinator_of_the_first_and_takes_over_when_it_is_gone(open_queue):
    first = open_queue()
    until(lambda: first.engine().state == "ready")
    second = open_queue()
    assert second.engine().state == "ready"
    assert second._embedded.pid is None
    first.close()
    until(lambda: second.engine().state == "ready" and second._embedded.pid is not None)
    (run,) = second.submit("ann", [experiment()])
    until(lambda: ended(second, [run]))


def test_a_second_coordinator_leaves_at_once_with_a_message(queue, here):
    until(lambda: queue.engine().state == "ready")
    done = subprocess.run(COORDINATOR, env=queue._embedded._environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "Another coordinator already serves this store.\n")


def test_a_store_that_cannot_be_written_gives_way_to_a_temporary_one_that_works(open_queue, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    queue = open_queue(data_dir=tmp_path / "file")
    assert str(tmp_path / "file") in queue.warning
    assert "are lost when the dashboard ends" in queue.warning
    (run,) = queue.submit("ann", [experiment()])
    until(lambda: ended(queue, [run]))
    assert queue.watch([run])[0].record is not None


def test_where_the_coordinator_is_a_service_a_store_that_cannot_be_opened_is_an_error(here, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        connect(replace(here, embedded=False, data_dir=tmp_path / "file"))


def test_pages_load_neither_tensorflow_nor_keras():
    code = (
        "import sys, regdash.jobs.queue, regdash.jobs.coordinator, regdash.cli;"
        "sys.exit(bool({'tensorflow', 'keras', 'streamlit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="processes cannot be kept off a core here")
@pytest.mark.parametrize("pin", [False, True])
def test_a_pinned_worker_leaves_a_core_to_the_pages_where_there_are_several(open_queue, pin):
    queue = open_queue(pin_worker=pin)
    (run,) = queue.submit("ann", [experiment()])
    until(lambda: ended(queue, [run]))
    every = len(os.sched_getaffinity(0))
    assert fake_engine.last("cores") == (max(1, every - 1) if pin else every)


def test_the_coordinator_and_its_worker_end_with_the_dashboard(open_queue):
    queue = open_queue()
    (run,) = queue.submit("ann", [experiment(epochs=2_000)])
    until(lambda: queue.watch([run])[0].epochs_done > 0)
    worker = fake_engine.worker_pid()
    queue.close()
    with pytest.raises(ProcessLookupError):
        until(lambda: os.kill(worker, 0))
    again = open_queue()
    assert again.watch([run])[0].state in ("waiting", "running")


def test_a_worker_ends_when_its_coordinator_is_killed(open_queue):
    queue = open_queue()
    (run,) = queue.submit("ann", [experiment(epochs=2_000)])
    until(lambda: queue.watch([run])[0].epochs_done > 0)
    worker, coordinator = fake_engine.worker_pid(), queue._embedded.pid
    kill(coordinator)
    with pytest.raises(ProcessLookupError):
        until(lambda: os.kill(worker, 0))


def test_a_lock_that_cannot_be_opened_is_said_and_pages_go_on(open_queue, here):
    (here.data_dir / "regdash.sqlite.lock").mkdir(parents=True)
    queue = open_queue()
    assert queue.watch(["a" * 20]) == [None]
    assert queue.engine().state == "down"
    assert "regdash.sqlite.lock" in queue.engine().sentence
