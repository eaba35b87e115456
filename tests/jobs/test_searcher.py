"""A search goes from its plan to its end through the store alone, whoever carries it on."""

from dataclasses import replace
from itertools import product
from threading import Event

import numpy as np
import pytest
from search_rig import ANN, BASE, BOB, DROPOUT, L2, LIMITS, RATE, Rig, bowl, plan
from sqlalchemy import delete, event, update

from regdash.jobs.searcher import Searcher
from regdash.search import Choice, next_trials
from regdash.store.requests import RequestStore
from regdash.store.schema import requests, runs, searches


@pytest.fixture
def rig(database):
    return Rig(database)


def queries(database):
    """The statements that the store is sent from now on."""
    found = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: found.append(args[2]))
    return found


def test_a_grid_is_proposed_whole_told_and_done(rig):
    (search,) = rig.begin(plan(seeds=2))
    rig.turn()
    points = [{"dropout.rate": rate, "l2.l2": strength} for strength, rate in product((1e-5, 1e-3, 1e-1), (0.0, 0.8))]
    assert rig.values(search) == points
    assert rig.train() == 12
    rig.turn()
    for trial, point in zip(rig.trials(search), points, strict=True):
        alone = bowl(BASE.with_values(point))
        assert trial.outcome.scores == pytest.approx((alone, alone + 0.01))
        assert trial.outcome.figures["epoch"] == (2.0, 2.0)
    assert (rig.row(search).state, rig.row(search).sentence, rig.row(search).owner) == ("done", "", "")


def test_several_searches_of_one_visitor_are_one_visitor(rig):
    rig.begin(plan(), plan("random", trials=3))
    rig.begin(plan(seeds=2), session=BOB)
    assert rig.searcher.sessions == set()
    rig.turn()
    assert rig.searcher.sessions == {ANN, BOB}


def test_runs_that_are_known_already_are_told_without_being_trained_again(rig):
    (first,) = rig.begin(plan())
    rig.finish(first)
    (again,) = rig.begin(plan(), session=BOB)
    rig.turn(3)
    assert rig.row(again).state == "done"
    assert [each.score for each in rig.trials(again)] == [each.score for each in rig.trials(first)]
    assert rig.train() == 0


def test_a_trial_is_told_when_the_last_of_its_runs_has_ended(rig):
    (search,) = rig.begin(plan(seeds=2))
    rig.turn()
    rig.train(most=3)
    rig.turn()
    assert [each.told for each in rig.trials(search)] == [True] + 5 * [False]


def test_a_run_that_failed_ends_its_trial_with_the_reason_and_the_search_goes_on(rig):
    (search,) = rig.begin(plan())
    rig.turn()
    rig.train(most=1, fail="The engine has lost its way.")
    rig.finish(search)
    problems = [each.outcome.problem for each in rig.trials(search)]
    assert problems == ["The engine has lost its way.", *5 * [""]]
    assert rig.row(search).state == "done"


def test_a_point_beyond_the_limits_of_the_server_is_told_at_once_and_never_trained(database):
    rig = Rig(database, settings=replace(LIMITS, max_epochs=10))
    (search,) = rig.begin(plan(dimensions=(Choice("training.epochs", (3, 20)),)))
    rig.turn()
    first, second = rig.trials(search)
    assert (first.told, second.outcome.problem) == (
        False,
        "This server trains at most 10 epochs, got 20. Choose fewer epochs.",
    )
    assert rig.train() == 1


def test_a_search_whose_every_trial_diverges_says_so_and_gives_up_early(rig):
    hopeless = Choice("optimizer.learning_rate", (5.0, 6.0, 7.0))
    few, many = rig.begin(plan(dimensions=(hopeless,)), plan("tpe", (hopeless, L2, DROPOUT), trials=200))
    rig.finish(few)
    rig.finish(many)
    advice = "diverged; try a smaller learning rate or smaller strengths."
    assert (rig.row(few).state, rig.row(few).sentence) == ("failed", f"Every one of the 3 trials {advice}")
    assert (rig.row(many).state, rig.row(many).sentence) == ("failed", f"Every one of the 32 trials {advice}")


def test_one_success_is_enough_to_go_on(rig):
    (search,) = rig.begin(plan(dimensions=(RATE,)))
    rig.finish(search)
    assert rig.row(search).state == "done"
    assert [np.isfinite(each.score) for each in rig.trials(search)] == [True, False]


@pytest.mark.parametrize("strategy", ["random", "tpe"])
def test_the_proposals_are_those_of_the_plan_however_the_runs_end(rig, strategy):
    chosen = plan(strategy, trials=20, seed=3)
    (search,) = rig.begin(chosen)
    rig.finish(search, most=3)
    known = []
    while new := next_trials(chosen, known):
        known += [each.ended(rig.trials(search)[each.number].outcome) for each in new]
    assert rig.trials(search) == known


def test_a_paused_search_finishes_what_has_begun_and_proposes_nothing(rig):
    (search,) = rig.begin(plan("tpe", trials=16))
    rig.turn()
    rig.store.pause(ANN, search)
    rig.train()
    rig.turn(3)
    assert [each.told for each in rig.trials(search)] == 8 * [True]
    assert rig.row(search).state == "paused"
    rig.store.resume(ANN, search)
    rig.finish(search)
    (other,) = rig.begin(plan("tpe", trials=16))
    rig.finish(other)
    assert rig.values(search) == rig.values(other)


def test_a_cancelled_search_takes_its_runs_out_of_the_queue_and_takes_no_further_step(rig):
    (search,) = rig.begin(plan())
    rig.turn()
    rig.train(most=2)
    rig.turn()
    rig.store.cancel(ANN, search)
    assert rig.train() == 0
    before = rig.row(search)
    rig.turn(3)
    assert (rig.row(search), rig.row(search).state) == (before, "cancelled")
    assert sum(each.told for each in rig.trials(search)) == 2


def test_a_search_that_has_ended_runs_on_when_it_is_extended(rig):
    (search,) = rig.begin(plan("random", trials=5))
    rig.finish(search)
    first, row = rig.values(search), rig.row(search)
    larger = row.plan.replace('"trials":5', '"trials":9')
    rig.store.extend(ANN, search, row.plan, larger, LIMITS)
    rig.finish(search)
    assert rig.values(search)[:5] == first
    assert len(rig.values(search)) == 9


def test_the_time_counts_while_it_runs_and_the_workers_are_ready_and_outlives_the_coordinator(rig, database):
    (search,) = rig.begin(plan("tpe", trials=500, seconds=60.0))
    rig.turn()
    rig.turn(seconds=100.0, at_work=False)
    rig.store.pause(ANN, search)
    rig.turn()
    rig.turn(seconds=100.0)
    rig.store.resume(ANN, search)
    rig.turn()
    rig.turn(4, seconds=10.0)
    rig.searcher.close()
    assert rig.row(search).spent == pytest.approx(40.0)
    later = Rig(database, "two")
    later.turn()
    later.train()
    later.turn(2, seconds=12.0)
    later.train()
    later.turn()
    row = later.row(search)
    assert (row.state, row.sentence) == ("done", "The time of 60 s was up after 16 trials.")
    assert row.spent == pytest.approx(64.0)


def test_runs_that_vanish_from_the_store_are_asked_for_again(rig, database):
    (search,) = rig.begin(plan())
    rig.turn()
    with database.writing() as connection:
        connection.execute(delete(runs))
    assert rig.train() == 0
    rig.turn()
    assert rig.train() == 6
    rig.turn()
    assert rig.row(search).state == "done"


def test_several_searches_go_on_side_by_side(rig):
    found = rig.begin(*[plan("tpe", trials=16, seed=seed) for seed in range(4)])
    for _ in range(2):
        rig.turn()
        assert len({len(rig.trials(search)) for search in found}) == 1
        rig.train()
    rig.turn()
    assert {rig.row(search).state for search in found} == {"done"}


def test_a_search_that_takes_long_to_propose_lets_the_others_go_first_in_the_next_turn(rig, monkeypatch):
    order = []

    def slowly(search_plan, trials):
        rig.now += 1.0
        order.append(search_plan.seed)
        return next_trials(search_plan, trials)

    monkeypatch.setattr("regdash.jobs.one_search.next_trials", slowly)
    rig.begin(*[plan("tpe", trials=500, seed=seed) for seed in range(3)])
    for _ in range(6):
        rig.turn()
        rig.train()
    assert order[:3] == [0, 1, 2]
    assert {order.count(seed) for seed in range(3)} == {2}


def test_a_strategy_that_thinks_long_keeps_neither_the_coordinator_nor_other_searches(database, monkeypatch):
    done = Event()

    def slowly(search_plan, trials):
        if search_plan.strategy == "tpe":
            assert done.wait(20.0)
        return next_trials(search_plan, trials)

    monkeypatch.setattr("regdash.jobs.one_search.next_trials", slowly)
    rig = Rig(database)
    rig.searcher = Searcher(database, rig.owner, LIMITS, lambda: rig.now, moment=0.01)
    quick, slow = rig.begin(plan(), plan("tpe", trials=8))
    while not rig.trials(quick):
        rig.turn()
    rig.train()
    rig.turn(3)
    assert (rig.row(quick).state, rig.trials(slow)) == ("done", [])
    done.set()
    rig.finish(slow)
    assert len(rig.trials(slow)) == 8


def test_what_was_thought_out_before_a_pause_is_thought_out_anew_after_it(rig):
    expected, search = rig.begin(plan("tpe", trials=12), plan("tpe", trials=12))
    rig.turn()
    rig.store.pause(ANN, search)
    rig.train()
    rig.turn()
    rig.store.resume(ANN, search)
    rig.finish(search)
    rig.finish(expected)
    assert rig.values(search) == rig.values(expected)


def test_a_search_that_fails_of_itself_says_so_and_disturbs_no_other(rig, monkeypatch):
    def wrong(search_plan, trials):
        if search_plan.seed == 1:
            raise ZeroDivisionError("division by zero")
        return next_trials(search_plan, trials)

    monkeypatch.setattr("regdash.jobs.one_search.next_trials", wrong)
    bad, good = rig.begin(plan(seed=1), plan(seed=2))
    rig.finish(good)
    assert (rig.row(good).state, rig.row(bad).state) == ("done", "failed")
    assert rig.row(bad).sentence == (
        "This search stopped with an error of its own (ZeroDivisionError: division by zero)."
    )


def test_a_plan_that_cannot_be_read_ends_with_a_sentence(rig, database):
    bad, good = rig.begin(plan(), plan())
    with database.writing() as connection:
        connection.execute(update(searches).where(searches.c.id == bad).values(plan='{"schema":99}'))
    rig.finish(good)
    assert rig.row(bad).state == "failed"
    assert "schema must be 1, got 99" in rig.row(bad).sentence


def test_nothing_new_is_proposed_while_the_server_is_full(database):
    rig = Rig(database, settings=replace(LIMITS, max_queue=6))
    first, second = rig.begin(plan(), plan(seeds=3))
    rig.turn()
    assert (len(rig.trials(first)), len(rig.trials(second))) in ((6, 0), (6, 6))  # the queue is counted now and then
    rig.finish(first)
    rig.finish(second)


def test_without_a_search_a_change_costs_one_query_and_no_change_none(rig, database):
    rig.turn()
    sent = queries(database)
    rig.turn(50, news=False, ended=False)
    assert sent == []
    rig.turn(news=True, ended=False)
    assert len([each for each in sent if each.startswith("SELECT")]) == 1


@pytest.mark.parametrize(("living", "seconds"), [(set(), 1.0), ({"two"}, 0.25)])
def test_what_others_may_have_ended_is_looked_at_now_and_then(rig, database, living, seconds):
    rig.begin(plan())
    rig.searcher.adopt(living)
    rig.turn()
    rig.turn(ended=False)
    rig.train()
    sent = queries(database)
    rig.turn(10, ended=False, seconds=seconds / 20)
    assert not any("records" in each for each in sent)
    rig.turn(ended=False, news=False, seconds=seconds)
    assert sum("records" in each for each in sent) == 1


def test_the_runs_of_a_search_are_its_owners_to_see_and_nobody_elses(rig, database):
    rig.begin(plan())
    rig.turn()
    with database.reading() as connection:
        ids = set(connection.scalars(requests.select().with_only_columns(requests.c.run_id)))
    pages = RequestStore(database)
    assert (pages.may_see(ANN, ids), pages.may_see(BOB, ids)) == (ids, set())
    pages.cancel(ANN, ids)  # as Train does for all that it shows
    assert rig.train() == len(ids) == 6
