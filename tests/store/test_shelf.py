import time

import pytest
from kept import LIMITS, ask, experiment, rows, run_id, train
from sqlalchemy import select, update

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.repeats import Setting, setting_key
from regdash.settings import Settings
from regdash.store.keeping import prune
from regdash.store.schema import requests, runs, shelf
from regdash.store.searches import SearchStore
from regdash.store.shelf import ShelfStore
from regdash.store.trained import TrainedStore

DAY = 86_400
ANN, ANN_TOO = "u-ann", "a-ann"


def setting(l2: float, seeds: int = 1) -> Setting:
    return Setting(Experiment().with_values({"l2.l2": l2}), seeds)


def key(l2: float) -> str:
    return setting_key(setting(l2).experiment)


@pytest.fixture
def store(database):
    return ShelfStore(database, LIMITS)


def ages(database, days):
    """As if what lies in the bin had been put there some days ago."""
    with database.writing() as connection:
        connection.execute(update(shelf).where(shelf.c.deleted > 0).values(deleted=time.time() - DAY * days))
        connection.execute(update(requests).values(created=time.time() - DAY * (days + 1)))


def test_what_is_picked_comes_back_in_its_order(store):
    store.pick(ANN, setting(0.2).experiment, 3)
    store.pick_all(ANN, [setting(0.1), setting(0.3)])
    store.pick(ANN, setting(0.2).experiment, 5)  # once more, now with five seeds
    found = store.picked([ANN])
    assert [each.experiment.values["l2.l2"] for each in found] == [0.2, 0.1, 0.3]
    assert [each.seeds for each in found] == [5, 1, 1]
    store.unpick(ANN, key(0.1))
    assert [each.key for each in store.picked([ANN])] == [key(0.2), key(0.3)]
    assert store.picked(["a-bob"]) == ()


def test_the_seed_and_the_fold_make_no_other_setting(store):
    folded = Experiment().with_values({"split.folds": 5})
    store.pick(ANN, folded.with_values({"split.fold": 3, "training.seed": 7}), 2)
    store.pick(ANN, folded, 1)
    assert len(store.picked([ANN])) == 1
    assert setting_key(folded) != setting_key(Experiment())


def test_words_survive_a_change_of_something_else(store):
    store.describe(ANN, setting(0.1), " <b>Mine</b>  ", "first\r\nsecond", ["Report", "report", "b,c"])
    store.pin(ANN, [setting(0.1), setting(0.2)])
    store.tag(ANN, [setting(0.1)], ["later"])
    mine = store.kept([ANN])[key(0.1)]
    assert (mine.name, mine.note, mine.tags) == ("<b>Mine</b>", "first\nsecond", ("Report", "b c", "later"))
    assert mine.pinned
    store.unpin([ANN], [key(0.1), key(0.2)])
    assert set(store.kept([ANN])) == {key(0.1)}  # of the other there is nothing left to keep


def test_a_visitor_with_two_ids_has_one_shelf(store):
    store.describe(ANN_TOO, setting(0.1), "of the browser", "", [])
    store.pick(ANN_TOO, setting(0.2).experiment, 1)
    store.describe(ANN, setting(0.1), "of the account", "", [])
    both = store.kept([ANN, ANN_TOO])
    assert (both[key(0.1)].name, set(both)) == ("of the account", {key(0.1), key(0.2)})
    store.delete(ANN, [setting(0.2)])
    assert store.picked([ANN, ANN_TOO]) == ()
    store.restore([ANN, ANN_TOO], [key(0.2)])
    assert [each.key for each in store.picked([ANN, ANN_TOO])] == [key(0.2)]


@pytest.mark.parametrize(
    ("name", "note", "tags", "sentence"),
    [
        ("n" * 81, "", [], "at most 80 letters, got 81"),
        ("", "n" * 2_001, [], "at most 2,000 letters, got 2,001"),
        ("", "", ["t" * 31], "at most 30 letters, got 31"),
        ("", "", [f"tag {n}" for n in range(11)], "at most 10 tags, got 11"),
    ],
)
def test_texts_that_are_too_long_are_refused_and_change_nothing(store, name, note, tags, sentence):
    store.describe(ANN, setting(0.1), "before", "", [])
    with pytest.raises(RegdashError, match=sentence):
        store.describe(ANN, setting(0.1), name, note, tags)
    assert store.kept([ANN])[key(0.1)].name == "before"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # shown as it stands, so it need not be refused
        ("a\u202eb\x00c\u200bd\ue000", "abcd"),
        ("e" + "\u0301" * 40, "é" + "\u0301" * 3),
        ("'; DROP TABLE shelf; --", "'; DROP TABLE shelf; --"),
        ("\ud800", ""),
        (" \t\n ", ""),
    ],
)
def test_names_are_made_of_visible_letters(store, text, kept):
    store.describe(ANN, setting(0.1), text, "", ["tag"])
    assert store.kept([ANN])[key(0.1)].name == kept


def test_foreign_keys_and_sessions_are_nobodys(store):
    store.pick(ANN, setting(0.1).experiment, 1)
    for wrong in ("", "x", "' OR 1=1 --", key(0.1).upper() + "\n", None):
        store.unpick(ANN, wrong)
        store.restore([ANN], [wrong])
    assert len(store.picked([ANN])) == 1
    assert store.kept(["' OR 1=1 --", ""]) == {}
    with pytest.raises(RegdashError, match="session"):
        store.pick("no session", setting(0.1).experiment, 1)


def test_the_shelf_and_the_tray_have_an_end(database):
    store = ShelfStore(database, Settings(max_shelf=21, max_pinned=2))
    for number in range(20):
        store.pick(ANN, setting(0.01 * (number + 1)).experiment, 1)
    with pytest.raises(RegdashError, match="at most 20 settings, and this would make 21"):
        store.pick(ANN, setting(0.9).experiment, 1)
    with pytest.raises(RegdashError, match="pin at most 2 settings, and this would make 3"):
        store.pin(ANN, [setting(0.1), setting(0.2), setting(0.8)])
    store.describe(ANN, setting(0.5), "one more", "", [])
    with pytest.raises(RegdashError, match="at most 21 settings, and this would make 22"):
        store.describe(ANN, setting(0.6), "too many", "", [])
    store.delete(ANN, [setting(0.6)])  # deleting is always possible
    assert len(store.picked([ANN])) == 20


def test_deleting_hides_and_undo_brings_everything_back(store):
    store.describe(ANN, setting(0.1), "mine", "why", ["a"])
    store.pin(ANN, [setting(0.1)])
    before = store.kept([ANN])[key(0.1)]
    store.delete(ANN, [setting(0.1), setting(0.2)])
    assert all(each.deleted for each in store.kept([ANN]).values())
    store.restore([ANN], [key(0.1), key(0.2)])
    assert store.kept([ANN]) == {key(0.1): before}


def test_what_is_a_day_in_the_bin_goes_unless_somebody_else_wants_it(database, store):
    for seed, others in ((1, ()), (2, ("a-bob",)), (3, ())):
        ask(database, ANN, seed)
        for other in others:
            ask(database, other, seed)
    train(database, 1, 2, 3)
    store.delete(ANN, [Setting(experiment(1), 1)])  # all three are one setting
    prune(database, LIMITS)
    assert rows(database, 1, 2, 3) == {1: "done", 2: "done", 3: "done"}  # for a day it can be had back
    ages(database, 2)
    done = prune(database, LIMITS)
    assert (done.runs, rows(database, 1, 2, 3)) == (2, {2: "done"})
    assert done.bytes > 0
    assert store.kept([ANN]) == {}
    assert TrainedStore(database).by([ANN]) == []
    assert [each.run_id for each in TrainedStore(database).by(["a-bob"])] == [run_id(2)]


def test_what_was_asked_for_again_after_it_was_deleted_stays(database, store):
    ask(database, ANN, 1)
    train(database, 1)
    store.delete(ANN, [Setting(experiment(1), 1)])
    ages(database, 2)
    ask(database, ANN, 1)
    assert prune(database, LIMITS).runs == 0
    assert rows(database, 1) == {1: "done"}


def test_a_pinned_setting_is_never_pruned(database, store):
    for seed in (1, 2):
        ask(database, ANN_TOO, seed)
    train(database, 1, 2)
    store.pin(ANN_TOO, [Setting(experiment(1), 1)])
    with database.writing() as connection:
        connection.execute(update(requests).values(created=1.0))
    nothing = Settings(keep_days=1e-6, keep_runs=1, max_store_mb=1e-6)
    assert prune(database, nothing).runs == 0
    store.unpin([ANN_TOO], [setting_key(experiment(1))])
    assert prune(database, nothing).runs == 2


def test_a_shelf_without_runs_is_forgotten_as_its_visitor_is(database, store):
    for session in (ANN, ANN_TOO):
        store.describe(session, setting(0.1), "old", "", [])
    with database.writing() as connection:
        connection.execute(update(shelf).values(created=1.0))
    prune(database, LIMITS)
    with database.reading() as connection:
        assert list(connection.scalars(select(shelf.c.session))) == [ANN]  # who has signed in is not forgotten


def test_what_a_visitor_has_trained_is_listed_with_its_setting(database):
    ask(database, ANN, 1, 2)
    ask(database, ANN_TOO, 2)
    ask(database, "a-bob", 3)
    train(database, 1)
    found = {each.run_id: each for each in TrainedStore(database).by([ANN, ANN_TOO])}
    assert set(found) == {run_id(1), run_id(2)}
    assert {each.setting for each in found.values()} == {setting_key(experiment(0))}
    assert (found[run_id(1)].state, found[run_id(2)].state) == ("done", "waiting")
    assert found[run_id(1)].size > 0 == found[run_id(2)].size
    assert set(TrainedStore(database).experiments([run_id(1), "x"])) == {run_id(1)}
    assert SearchStore(database) is not None
    with database.reading() as connection:
        assert connection.scalar(select(runs.c.setting).where(runs.c.id == run_id(3))) == setting_key(experiment(0))
