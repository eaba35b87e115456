from dataclasses import replace

import pytest
from fake_runs import history

from regdash.experiment import Experiment
from regdash.jobs.queue import EngineView, Load, RunView
from regdash.record import RunRecord
from regdash.ui.members import Runs, Setting
from regdash.ui.status import draw, sentence, share, state, waits

READY = EngineView("ready", "The engine is ready.", "CPU")
STARTING = EngineView("starting", "The engine is starting.")
DOWN = EngineView("down", "The engine is not running.")


def view(word, done=0, total=100, left=None, place=0, error=""):
    return RunView("id", Experiment(), word, done, total, left, place, None, None, None, error)


def ended(status, epochs=100, seconds=0.5):
    record = RunRecord(Experiment(), status, history(epochs), (), None, None, seconds=seconds)
    return replace(view("done", epochs), record=record)


def runs(*views):
    return Runs(Setting(Experiment(), len(views)), views)


def said(*views, engine=READY, pending=False):
    return sentence(runs(*views), engine, pending)


def test_before_any_run_it_says_so_or_how_the_engine_is():
    assert sentence(None, READY, False) == "Nothing has been trained yet."
    assert sentence(None, STARTING, False) == STARTING.sentence
    assert sentence(None, DOWN, True) == DOWN.sentence
    assert [state(None, engine) for engine in (READY, STARTING, DOWN)] == ["idle", "starting", "down"]


def test_a_starting_engine_without_words_asks_for_patience():
    assert "you can already choose settings" in sentence(None, EngineView("starting", ""), False)


def test_a_waiting_run_knows_its_place():
    assert said(view("waiting", place=3)) == "Waiting: place 3 in the queue."
    assert said(view("waiting", place=7), view("waiting", place=4)) == "Waiting: place 4 in the queue."
    assert said(view("waiting", place=1)) == "Waiting for the engine."


def test_a_waiting_run_says_among_how_many_and_how_long_its_turn_takes():
    waiting = runs(view("waiting", place=12))

    def with_load(count, seconds):
        return sentence(waiting, READY, False, Load(count, 3, 5, seconds))

    assert with_load(60, 15.0) == "Waiting: place 12 of 60, about 3 s."  # a fifth of all that waits
    assert with_load(60, None) == "Waiting: place 12 of 60."
    assert with_load(60, 0.5) == "Waiting: place 12 of 60."
    assert with_load(4, 15.0) == "Waiting: place 12 in the queue."  # seen a moment apart
    assert sentence(runs(view("waiting", place=1)), READY, False, Load(60, 3, 5, 15.0)) == "Waiting for the engine."


def test_runs_wait_until_one_of_them_has_begun():
    assert waits(runs(view("waiting"), view("waiting")))
    assert not waits(runs(view("waiting"), view("running", 1)))
    assert not waits(runs(ended("finished")))
    assert not waits(None)


def test_runs_that_wait_for_an_engine_say_how_the_engine_is():
    assert said(view("waiting", place=1), engine=STARTING) == STARTING.sentence
    assert said(view("running", 5), engine=DOWN) == DOWN.sentence


def test_a_running_run_says_its_epoch_and_the_time_left():
    assert said(view("running", 40, left=12.4)) == "Training: epoch 40 of 100, about 12 s left."
    assert said(view("running", 99, left=0.3)) == "Training: epoch 99 of 100."


def test_several_seeds_are_as_far_as_the_slowest_and_last_as_long_as_the_longest():
    words = said(view("running", 40, left=3.0), view("running", 20, left=8.0), ended("finished"))
    assert words == "Training: epoch 20 of 100 (3 seeds), about 8 s left."


def test_changed_settings_are_said_only_when_nothing_moves():
    assert said(ended("finished"), pending=True) == "The settings have changed. Press Train to see what they do."
    assert said(view("running", 5), pending=True) == "Training: epoch 5 of 100."


@pytest.mark.parametrize(
    ("status", "epochs", "words"),
    [
        ("finished", 150, "Finished: 150 epochs in 0.5 s."),
        ("finished", 1, "Finished: 1 epoch in 0.5 s."),
        ("stopped early at epoch 31", 31, "Stopped early at epoch 31 in 0.5 s."),
        ("diverged at epoch 3", 3, "Diverged at epoch 3 in 0.5 s."),
        ("cancelled at epoch 40", 40, "Cancelled at epoch 40 in 0.5 s."),
    ],
)
def test_one_run_says_how_it_ended(status, epochs, words):
    assert said(ended(status, epochs)) == words


def test_a_time_that_rounds_to_nothing_is_left_out():
    assert said(ended("finished", seconds=0.01)) == "Finished: 100 epochs."


def test_the_time_of_several_seeds_is_the_sum_of_their_shares():
    assert said(*[ended("finished", seconds=0.5)] * 3) == "3 seeds: 3 finished in 1.5 s."


def test_every_seed_is_counted_however_many_epochs_they_stopped_at():
    early = [ended(f"stopped early at epoch {20 + place}", 20 + place, 0.0) for place in range(8)]
    words = said(*early, ended("finished", seconds=0.0), ended("diverged at epoch 4", 4, 0.0))
    assert words == "10 seeds: 8 stopped early, 1 finished, 1 diverged."


def test_a_failure_is_said_before_everything_else():
    failed = runs(view("failed", error="The engine ran out of memory."), view("running", 5))
    assert sentence(failed, READY, True) == "The engine ran out of memory."
    assert state(failed, READY) == "failed"


@pytest.mark.parametrize(
    ("views", "part"),
    [
        ([view("waiting")], 0.0),
        ([view("running", 25)], 0.25),
        ([view("running", 25), view("running", 75)], 0.5),
        ([view("running", 50), ended("stopped early at epoch 10", 10)], 0.75),
        ([ended("stopped early at epoch 10", 10)], 1.0),
        ([], 0.0),
    ],
)
def test_the_bar_is_the_mean_share_of_epochs_and_full_for_what_has_ended(views, part):
    assert share(runs(*views)) == pytest.approx(part)


def test_without_runs_the_bar_is_empty():
    assert share(None) == 0.0


def test_the_word_for_programs_follows_the_run():
    views = [view("waiting"), view("running", 5), ended("finished")]
    assert [state(runs(each), READY) for each in views] == ["waiting", "running", "done"]
    assert state(runs(view("waiting"), view("running", 5)), READY) == "running"


def test_the_line_carries_its_state_as_data_and_escapes_the_words():
    drawn = draw(runs(view("running", 25)), READY, True)
    marks = ('data-state="running"', 'data-pending="true"', 'data-busy="true"', 'aria-valuenow="25"', "width:25%")
    assert all(mark in drawn for mark in marks)
    assert f'data-run="{runs(view("running")).id}"' in drawn
    hostile = draw(runs(view("failed", error="<script>alert(1)</script>")), READY, False)
    assert "<script>" not in hostile
    assert "&lt;script&gt;" in hostile
