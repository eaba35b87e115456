"""What pages see of searches, and what is refused before one begins."""

import numpy as np
import pytest
from search_rig import ANN, BOB, DROPOUT, L2, Rig, plan, trained
from sqlalchemy import event

from regdash.codec import identity
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.metrics import as_prometheus
from regdash.jobs.overview import overview
from regdash.jobs.search_limits import corners
from regdash.jobs.searches import Searches
from regdash.regularizers import EarlyStopping
from regdash.search import Choice, Plan, Range, Space
from regdash.settings import Settings
from regdash.store.jobs import Report
from regdash.store.requests import RequestStore
from regdash.store.runs import RunStore
from regdash.store.schema import runs


@pytest.fixture
def rig(database):
    return Rig(database)


class Impatient(Searches):
    """Searches that look anew at every question."""

    def view(self, search_id):
        self._forget(search_id)
        return Searches.view(self, search_id)


@pytest.fixture
def searches(database):
    return Impatient(database, Settings())


def test_a_view_follows_a_search_from_its_beginning_to_its_end(searches, rig):
    search = searches.begin(ANN, plan(seeds=2))
    view = searches.view(search)
    assert (view.id, view.session, view.plan, view.state) == (search, ANN, plan(seeds=2), "running")
    assert (view.trials, view.runs_done, view.runs_total, view.seconds_left) == ((), 0, 12, None)
    rig.turn()
    rig.train(most=5)
    rig.turn(seconds=4.0)
    view = searches.view(search)
    assert [each.told for each in view.trials] == [True, True, False, False, False, False]
    assert (view.runs_done, view.runs_total, view.trials_per_second) == (5, 12, 0.5)
    assert view.seconds_left == pytest.approx(7 / (5 / 4.0))
    rig.finish(search)
    view = searches.view(search)
    assert (view.state, view.runs_done, view.runs_total, view.seconds_left) == ("done", 12, 12, None)
    assert list(view.trials) == rig.trials(search)


def test_epochs_of_runs_under_way_count_for_the_share_and_the_time_left(searches, rig):
    search = searches.begin(ANN, plan())
    rig.turn()
    waiting = rig.jobs.waiting()[:3]
    claims = rig.jobs.claim([run.run_id for run in waiting], rig.owner)
    rig.jobs.report([Report(claim, 1, b"") for claim in claims])
    rig.turn(seconds=4.0)
    view = searches.view(search)
    assert (view.runs_done, view.runs_total) == (0, 6)
    assert view.share == pytest.approx(3 * (1 / 3) / 6)
    assert view.seconds_left == pytest.approx(4.0 * 5)


def test_a_test_part_that_cannot_tell_says_why(searches, rig):
    search = searches.begin(ANN, plan())
    rig.finish(search)
    assert searches.opened([ANN]) == frozenset()
    searches.reveal(ANN, search, 1)
    view = searches.view(search)
    opened = {identity(member) for member in plan().members(view.trials[1].values)}
    assert searches.opened([ANN]) == opened
    assert searches.opened([BOB]) == frozenset()
    assert view.optimism is None
    assert "trained before they were kept" in view.unopened  # the fake records hold no answers on test rows


def test_the_time_left_is_never_longer_than_the_time_that_is_allowed(searches, rig):
    search = searches.begin(ANN, plan("random", trials=500, seconds=10.0))
    rig.turn()
    rig.train(most=2)
    rig.turn(seconds=4.0)
    assert searches.view(search).seconds_left == pytest.approx(6.0)


def test_a_view_has_another_version_whenever_something_is_newer_and_the_same_while_nothing_is(searches, rig):
    search = searches.begin(ANN, plan())
    seen = [searches.view(search).version]
    for step in (rig.turn, lambda: rig.train(most=2), rig.turn, lambda: searches.pause(ANN, search)):
        step()
        seen += [searches.view(search).version]
        assert searches.view(search).version == seen[-1]
    assert len(set(seen)) >= 4


def test_many_looks_at_once_are_one_look_at_the_store_and_told_trials_are_read_once(database, rig):
    searches = Searches(database, Settings())
    search = searches.begin(ANN, plan())
    rig.turn()
    rig.train(most=4)
    rig.turn()
    searches.view(search)
    sent = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: sent.append((args[2], args[3])))
    for _ in range(1_000):
        searches.view(search)
    assert len(sent) < 500
    rig.finish(search)
    sent.clear()
    searches._forget(search)
    assert searches.view(search).state == "done"
    (parameters,) = [values for text, values in sent if "FROM trials" in text]
    assert parameters == (search, 4)


def test_an_unknown_search_has_no_view(searches):
    assert [searches.view(odd) for odd in ("", "x", "0" * 32)] == [None, None, None]


def test_a_list_has_the_newest_first_and_those_of_nobody_else(searches, rig):
    first, _, last = searches.begin(ANN, plan()), searches.begin(BOB, plan()), searches.begin(ANN, plan(seeds=2))
    rig.turn()
    rig.train(most=6)
    rig.turn()
    found = searches.mine([ANN])
    assert [each.id for each in found] == [last, first]
    assert [(each.told, each.total) for each in found] == [(0, 6), (6, 6)]  # of each of its trials one run is new
    assert len(searches.mine([ANN, BOB, "not a session!"])) == 3


def test_the_searches_of_a_race_begin_together_or_not_at_all(searches, database):
    plans = [plan(), plan("random", trials=6), plan("tpe", trials=6)]
    found = searches.race(ANN, plans)
    race = searches.view(found[0]).race
    assert searches.race_of(race) == found
    assert [searches.view(each).plan for each in found] == plans
    with pytest.raises(RegdashError, match="at most 3 unfinished searches at once"):
        searches.race(BOB, [*plans, plan()])
    assert searches.mine([BOB]) == []


@pytest.mark.parametrize(
    ("chosen", "limits", "sentence"),
    [
        (plan(), {"max_trials": 5}, "at most 5 points on this server, and this one would try 6. Take fewer steps"),
        (plan("random", trials=9), {"max_trials": 5}, "this one would try 9. Take fewer trials."),
        (plan(seeds=3), {"max_search_runs": 17}, "at most 17 runs on this server, and this one would train 18"),
        (plan(), {"max_epochs": 2}, "at most 2 epochs, got 3"),
        (plan(dimensions=(Choice("training.epochs", (1, 30)),)), {"max_epochs": 9}, "at most 9 epochs, got 30"),
        (plan("tpe", (Range("data.samples", 100, 900),)), {"max_rows": 800}, "at most 800 rows, got 900"),
    ],
)
def test_what_a_search_may_not_ask_for_is_a_sentence_before_it_begins(database, chosen, limits, sentence):
    searches = Searches(database, Settings(**limits))
    with pytest.raises(RegdashError, match=sentence):
        searches.begin(ANN, chosen)
    assert searches.mine([ANN]) == []


def test_the_corners_of_a_space_are_the_ends_of_its_ranges_and_all_choices():
    sizes = Choice("training.batch_size", (8, 16, 32))
    found = [
        (each.values["l2.l2"], each.values["dropout.rate"], each.values["training.batch_size"])
        for each in corners(plan("tpe", (L2, DROPOUT, sizes)))
    ]
    assert set(found) == {(l2, rate, size) for l2 in (1e-5, 0.1) for rate in (0.0, 0.8) for size in (8, 16, 32)}


def test_a_search_is_extended_by_so_many_trials_more(searches, rig):
    search = searches.begin(ANN, plan("random", trials=4))
    rig.finish(search)
    searches.extend(ANN, search, 3)
    assert (searches.view(search).state, searches.view(search).plan.trials) == ("running", 7)
    rig.finish(search)
    assert len(searches.view(search).trials) == 7


def test_a_search_whose_time_was_up_runs_on_without_a_limit_of_time(searches, rig):
    search = searches.begin(ANN, plan("random", trials=64, seconds=5.0))
    rig.turn()
    rig.train()
    rig.turn(seconds=6.0)
    rig.turn()
    assert searches.view(search).state == "done"
    searches.extend(ANN, search, 2)
    rig.finish(search)
    assert (len(searches.view(search).trials), searches.view(search).plan.seconds) == (66, 0.0)


@pytest.mark.parametrize(
    ("chosen", "more", "sentence"),
    [
        (plan(), 3, "A grid tries each of its points once, so it cannot be extended"),
        (plan("random", trials=4), 0, "must be extended by at least 1 trial, got 0"),
        (plan("random", trials=4), 10**6, "The budget must be between 1 and 10,000 trials"),
        (plan("random", trials=4), 5_000, "A search may try at most 1000 points"),
    ],
)
def test_an_extension_that_cannot_be_is_a_sentence(searches, chosen, more, sentence):
    search = searches.begin(ANN, chosen)
    with pytest.raises(RegdashError, match=sentence):
        searches.extend(ANN, search, more)


def test_nobody_else_may_change_a_search(searches):
    search = searches.begin(ANN, plan("random", trials=4))
    for change in (searches.pause, searches.resume, searches.cancel, searches.delete):
        with pytest.raises(RegdashError, match="no such search of yours"):
            change(BOB, search)
    for change in (searches.extend, searches.reveal):
        with pytest.raises(RegdashError, match="no such search of yours"):
            change(BOB, search, 1)
    assert searches.view(search).state == "running"


def test_what_is_deleted_is_gone_with_its_runs(searches, rig, database):
    search = searches.begin(ANN, plan())
    rig.finish(search)
    searches.delete(ANN, search)
    assert searches.view(search) is None
    with database.reading() as connection:
        assert connection.execute(runs.select()).all() == []


def test_the_test_part_is_opened_when_its_owner_asks_and_says_how_much_too_good_the_figure_was(database, rig):
    base = (
        Experiment().with_values({"training.epochs": 3}).with_part("early_stopping", EarlyStopping(2, "val_accuracy"))
    )
    chosen = Plan(Space(base, (Choice("l2.l2", (0.0, 1e-3)),)), "grid")  # so the run has to end where it was judged
    searches = Impatient(database, Settings())
    search = searches.begin(ANN, chosen)
    rig.finish(search)
    with pytest.raises(RegdashError, match="can be opened for a trial that has ended; number 9 has not"):
        searches.reveal(ANN, search, 9)
    searches.reveal(ANN, search, 1)
    view = searches.view(search)
    assert (view.revealed, view.optimism) == (1, None)
    record = revealed(chosen, view.trials[1])
    assert RequestStore(database).rows([identity(record.experiment)])  # it was asked for
    RunStore(database).put(record)
    view = searches.view(search)
    assert view.optimism.test.mean != view.optimism.validation.mean
    with pytest.raises(RegdashError, match="opened for trial 1 already"):
        searches.reveal(ANN, search, 0)
    assert RequestStore(database).may_see(ANN, [record.id]) == {record.id}


def revealed(chosen, trial):
    """The record of the one run that answers for a trial: right on the validation rows, wrong on the test rows."""
    from dataclasses import replace

    from regdash.datasets import samples
    from regdash.search.reveal import reveal_members

    (experiment,) = reveal_members(chosen, trial)
    rows = samples(experiment.data, experiment.split)
    sure = 8.0 * (2 * np.asarray(rows.validation.y, np.float32).reshape(-1, 1) - 1)
    unsure = np.zeros((len(rows.test.y), 1), np.float32)
    right = dict.fromkeys(("val_outputs", "best_outputs"), sure)
    return replace(trained(experiment), **right, **dict.fromkeys(("test_outputs", "best_test_outputs"), unsure))


def test_the_plans_of_another_version_are_left_out(searches, database):
    from sqlalchemy import update

    from regdash.store.schema import searches as table

    search = searches.begin(ANN, plan())
    with database.writing() as connection:
        connection.execute(update(table).values(plan='{"schema":2}'))
    assert (searches.view(search), searches.mine([ANN])) == (None, [])


def test_operators_see_how_many_searches_run(searches, database):
    first, _ = searches.begin(ANN, plan()), searches.begin(BOB, plan())
    searches.pause(ANN, first)
    found = overview(database, Settings())
    assert found.queue.searches == 1
    assert b"regdash_searches_running 1.0" in as_prometheus(found)
