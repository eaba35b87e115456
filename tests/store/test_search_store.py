"""Searches in the store: who may do what with them, and what becomes of their runs."""

import json
import time

import pytest
from kept import LIMITS, ask, experiment, rows, run_id, train
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from regdash.codec import to_json
from regdash.errors import RegdashError
from regdash.search import Objective, Outcome, Plan, Range, Space, Trial, plan_to_json
from regdash.settings import Settings
from regdash.store.check import check_store
from regdash.store.database import open_store
from regdash.store.keeping import prune
from regdash.store.portable import export_store, import_store
from regdash.store.requests import RequestStore, Wanted
from regdash.store.runs import RunStore
from regdash.store.schema import requests, runs, searches, tables, trials
from regdash.store.search_steps import SearchSteps
from regdash.store.searches import SearchStore
from regdash.store.tables import get_table, put_table

ANN, BOB, TEACHER = "a-ann", "a-bob", "u-teacher"
PLAN = plan_to_json(Plan(Space(experiment(0), (Range("l2.l2", 0.0, 0.5),)), "grid", objective=Objective(seeds=1)))
DAY = 86_400
GOOD = Outcome((0.5, 0.25), {"loss": (0.125, 1e-7), "epoch": (3.0, 4.0)}, (0.1, -2.0))
BAD = Outcome(problem="the run diverged at epoch 3")


@pytest.fixture
def store(database):
    return SearchStore(database)


@pytest.fixture
def steps(database):
    return SearchSteps(database)


def begun(store, steps, *seeds, session=ANN):
    """A search in the hands of "one" with a trial of one run for each seed; its id."""
    (search,) = store.begin(session, [PLAN], LIMITS)
    steps.take_over(search, "", "one")
    found = [Trial(k, {"l2.l2": 0.125 * k, "network.widths": (8, k)}) for k, _ in enumerate(seeds)]
    wanted = [Wanted(run_id(seed), to_json(experiment(seed)), 3, False) for seed in seeds]
    assert steps.propose(store.get(search), found, wanted, 0.5)
    return search


def test_a_search_begins_with_its_plan_and_nothing_else(store):
    (search,) = store.begin(ANN, [PLAN], LIMITS)
    row = store.get(search)
    assert (row.session, row.plan, row.state, row.sentence) == (ANN, PLAN, "running", "")
    assert (row.spent, row.version, row.revealed, row.race, row.owner) == (0.0, 0, -1, "", "")
    assert row.asker == f"a-search-{search}"
    assert store.trials(search) == []


@pytest.mark.parametrize("odd", ["", "0" * 31, "x" * 32, "0" * 32, "' OR 1=1 --", None, 7])
def test_an_id_that_is_none_is_an_unknown_search(store, odd):
    assert store.get(odd) is None
    with pytest.raises(RegdashError, match="no such search of yours"):
        store.pause(ANN, odd)
    assert store.of_race(odd) == []


def test_trials_come_back_as_they_were_told(store, steps):
    search = begun(store, steps, 1, 2, 3)
    assert steps.tell(store.get(search), {1: GOOD, 2: BAD}, 0.25)
    first, second, third = store.trials(search)
    assert (first.outcome, second.outcome, third.outcome) == (None, GOOD, BAD)
    assert second.values == {"l2.l2": 0.125, "network.widths": (8, 1)}
    assert list(second.values) == ["l2.l2", "network.widths"]
    assert store.trials(search, 2) == [third]
    assert store.get(search).spent == 0.75


def test_a_step_that_was_thought_out_before_another_one_changes_nothing(store, steps):
    search = begun(store, steps, 1, 2)
    old = store.get(search)
    assert steps.tell(old, {0: GOOD}, 1.0)
    assert not steps.tell(old, {0: BAD, 1: BAD}, 1.0)
    assert not steps.propose(old, [Trial(2, {"l2.l2": 0.5})], [], 1.0)
    assert not steps.end(old, "done", "", 1.0)
    assert [each.outcome for each in store.trials(search)] == [GOOD, None]
    assert (store.get(search).version, store.get(search).spent) == (2, 1.5)


def test_no_trial_is_told_twice_even_with_the_right_version(store, steps):
    search = begun(store, steps, 1)
    steps.tell(store.get(search), {0: GOOD}, 0.0)
    steps.tell(store.get(search), {0: BAD}, 0.0)
    assert store.trials(search)[0].outcome == GOOD


def test_the_store_itself_refuses_a_second_trial_of_the_same_number(store, steps, database):
    search = begun(store, steps, 1)
    row = {"search": search, "number": 0, "point": "{}", "told": False, "created": 0.0}
    with pytest.raises(SQLAlchemyError), database.engine.begin() as connection:
        connection.execute(trials.insert().values(epochs=0, rung=0, bracket=0, origin=0, **row))


def test_only_one_takes_a_search_over(store, steps):
    (search,) = store.begin(ANN, [PLAN], LIMITS)
    assert steps.take_over(search, "", "one")
    assert not steps.take_over(search, "", "two")
    assert steps.take_over(search, "one", "two")
    steps.let_go("two")
    assert [row.owner for row in steps.active()] == [""]


def test_only_its_session_may_change_a_search(store, steps):
    search = begun(store, steps, 1)
    for change in (store.pause, store.resume, store.cancel, store.delete):
        with pytest.raises(RegdashError, match="no such search of yours"):
            change(BOB, search)
    with pytest.raises(RegdashError, match="no such search of yours"):
        store.reveal(BOB, search, 0, [])
    assert store.get(search).state == "running"


def test_what_a_search_cannot_do_in_its_state_is_a_sentence(store):
    (search,) = store.begin(ANN, [PLAN], LIMITS)
    with pytest.raises(RegdashError, match="This search is running, so it cannot go on"):
        store.resume(ANN, search)
    store.cancel(ANN, search)
    with pytest.raises(RegdashError, match="This search was cancelled, so it cannot be paused"):
        store.pause(ANN, search)


def test_a_session_has_a_few_unfinished_searches_only_and_others_are_not_touched(store):
    few = Settings(max_searches=2)
    first, _ = store.begin(ANN, [PLAN, PLAN], few, "f" * 32)
    with pytest.raises(RegdashError, match="at most 2 unfinished searches at once"):
        store.begin(ANN, [PLAN], few)
    store.begin(BOB, [PLAN], few)
    store.cancel(ANN, first)
    store.begin(ANN, [PLAN], few)
    assert len(store.mine([ANN])) == 3
    assert len(store.of_race("f" * 32)) == 2


def test_cancelling_ends_the_runs_that_nobody_else_wants(store, steps, database):
    search = begun(store, steps, 1, 2, 3)
    ask(database, BOB, 2)
    train(database, 3)
    store.cancel(ANN, search)
    assert rows(database, 1, 2, 3) == {2: "waiting", 3: "done"}
    assert store.unfinished(store.get(search).asker) == (0, 0.0)


def test_deleting_takes_the_runs_that_nobody_else_has_asked_for(store, steps, database):
    from kept import record

    RunStore(database).put(record(5))  # by a script, before
    search = begun(store, steps, 1, 2, 3, 4, 5)
    ask(database, BOB, 2)
    train(database, 1, 2, 3)
    with database.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id(3)).values(pinned=True))
    store.delete(ANN, search)
    assert store.get(search) is None
    assert rows(database, 1, 2, 3, 4, 5) == {2: "done", 3: "done", 5: "done"}
    with database.reading() as connection:
        assert connection.execute(select(trials)).all() == []
    assert check_store(database) == []


def test_the_owner_of_a_search_may_see_its_runs_and_nobody_else(store, steps, database):
    begun(store, steps, 1)
    pages = RequestStore(database)
    assert [pages.may_see(who, [run_id(1)]) for who in (ANN, BOB, "a-search-")] == [{run_id(1)}, set(), set()]


def test_the_test_part_is_opened_for_one_trial_only(store, steps):
    search = begun(store, steps, 1, 2)
    wanted = Wanted(run_id(9), to_json(experiment(9)), 3, False)
    store.reveal(ANN, search, 1, [wanted])
    store.reveal(ANN, search, 1, [wanted])
    with pytest.raises(RegdashError, match="has been opened for trial 1 already"):
        store.reveal(ANN, search, 0, [])
    assert store.get(search).revealed == 1
    assert store.unfinished(store.get(search).asker)[0] == 3


def test_old_searches_of_anonymous_visitors_go_with_their_trials_and_their_runs_as_all_others(store, steps, database):
    old, new, named = (begun(store, steps, seed, session=who) for seed, who in ((1, ANN), (2, BOB), (3, TEACHER)))
    train(database, 1, 2, 3)
    for search in (old, new, named):
        steps.tell(store.get(search), {0: GOOD}, 0.0)
        steps.end(store.get(search), "done", "", 0.0)
    with database.writing() as connection:
        long_ago = time.time() - 99 * DAY
        connection.execute(update(searches).where(searches.c.id != new).values(updated=long_ago))
        connection.execute(update(requests).where(requests.c.run_id != run_id(2)).values(created=long_ago))
    gone = prune(database, LIMITS)
    assert (gone.searches, gone.runs) == (1, 1)
    assert [store.get(search) is None for search in (old, new, named)] == [True, False, False]
    assert rows(database, 1, 2, 3) == {2: "done", 3: "done"}


def test_the_table_of_a_search_is_kept_with_it(store, database):
    mark = "1" * 32
    put_table(database, mark, ANN, b"rows", LIMITS)
    (search,) = store.begin(ANN, [PLAN.replace('"base":{', f'"base":{{"data":{{"table":"{mark}"}},', 1)], LIMITS)
    with database.writing() as connection:
        connection.execute(update(tables).values(created=1.0))
    prune(database, LIMITS)
    assert get_table(database, mark) == b"rows"
    store.delete(ANN, search)
    prune(database, LIMITS)
    assert get_table(database, mark) is None


def test_a_running_search_is_never_pruned(store, steps, database):
    search = begun(store, steps, 1)
    with database.writing() as connection:
        connection.execute(update(searches).values(updated=1.0))
    assert prune(database, LIMITS).searches == 0
    assert store.get(search) is not None


@pytest.fixture
def other(tmp_path):
    """A second store, a file."""
    database = open_store(f"sqlite:///{tmp_path}/other.sqlite")
    yield database
    database.close()


def test_searches_go_with_their_trials_through_a_file_and_can_be_carried_on_there(
    store, steps, database, other, tmp_path
):
    search = begun(store, steps, 1, 2)
    train(database, 1)
    steps.tell(store.get(search), {0: GOOD}, 0.0)
    export_store(database, tmp_path / "all.zip")
    for _ in range(2):  # the second time all of it is there already
        assert import_store(other, tmp_path / "all.zip").refused == ()
    there, moved = SearchStore(other), SearchSteps(other)
    assert there.trials(search) == store.trials(search)
    assert (there.get(search).plan, there.get(search).state, there.get(search).owner) == (PLAN, "running", "")
    assert check_store(other) == []
    assert moved.take_over(search, "", "two")
    assert moved.tell(there.get(search), {1: BAD}, 0.0)


def test_a_part_of_a_store_has_the_runs_of_a_sessions_searches_and_names_no_session(store, steps, database, tmp_path):
    import zipfile

    begun(store, steps, 1)
    begun(store, steps, 2, session=BOB)
    train(database, 1, 2)
    assert export_store(database, tmp_path / "ann.zip", session=ANN) == 1
    with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
        assert not any(ANN.encode() in archive.read(name) for name in archive.namelist())


def changed(file, target, name, change):
    """The same export with other rows in one of its files."""
    import zipfile

    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(target, "w") as new:
        for each in archive.namelist():
            data = archive.read(each)
            if each == name:
                rows_of = [change(json.loads(line)) for line in data.splitlines()]
                data = b"".join(json.dumps(row).encode() + b"\n" for row in rows_of)
            new.writestr(each, data)
    return target


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("searches.jsonl", {"plan": "{}"}, "nothing to search"),
        ("searches.jsonl", {"state": "odd"}, "its state is 'odd'"),
        ("searches.jsonl", {"session": "<b>"}, "its session is '<b>'"),
        ("trials.jsonl", {"number": 7}, "number 0 is missing"),
        ("trials.jsonl", {"point": "[]"}, "cannot be read"),
        ("trials.jsonl", {"point": "{}"}, "cannot be read"),
        ("trials.jsonl", {"outcome": "{"}, "cannot be read"),
    ],
)
def test_what_is_damaged_in_an_export_is_left_out_with_a_sentence(
    store, steps, database, other, tmp_path, name, change, sentence
):
    search = begun(store, steps, 1)
    steps.tell(store.get(search), {0: GOOD}, 0.0)
    export_store(database, tmp_path / "all.zip")
    spoilt = changed(tmp_path / "all.zip", tmp_path / "spoilt.zip", name, lambda row: row | change)
    refused = import_store(other, spoilt).refused
    assert any(sentence in each for each in refused), refused
    assert SearchStore(other).trials(search) == []


def test_the_check_names_plans_and_trials_that_cannot_be_read_and_trials_that_are_missing(store, steps, database):
    first, second, third = (begun(store, steps, seed, seed + 10) for seed in (1, 2, 3))
    steps.tell(store.get(second), {0: GOOD}, 0.0)
    with database.writing() as connection:
        connection.execute(update(searches).where(searches.c.id == first).values(plan="{}"))
        connection.execute(update(trials).where(trials.c.search == second, trials.c.number == 0).values(outcome="{"))
        connection.execute(trials.delete().where(trials.c.search == third, trials.c.number == 0))
    found = check_store(database)
    assert len(found) == 3
    assert f"Search {first} has a plan that cannot be read" in found[0]
    assert found[1:] == [
        f"Search {third} lacks some of its trials.",
        f"Trial 0 of search {second} cannot be read.",
    ]
