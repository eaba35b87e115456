"""Imported curves: who may look, who may change, how much may be kept and for how long."""

import time

import numpy as np
import pytest

from regdash.comparison.imported import Imported
from regdash.errors import RegdashError
from regdash.record import History
from regdash.settings import Settings
from regdash.store.imported import ImportedStore
from regdash.store.keeping import DAY, prune
from regdash.store.schema import imported

ANN, BOB = "a-ann", "a-bob"


def curves(name="run", loss=1.0, epochs=3):
    return Imported(name, "CSV of curves", (History({"val_loss": np.full(epochs, loss)}),))


@pytest.fixture
def store(database):
    return ImportedStore(database, Settings())


def test_curves_come_back_to_whoever_has_their_id(store):
    one, two = store.put(ANN, curves("one")), store.put(ANN, curves("two", 2.0))
    found = store.get([one, two, "f" * 32])
    assert {each.name for each in found.values()} == {"one", "two"}
    assert found[two].histories[0]["val_loss"].tolist() == [2.0] * 3
    assert [each.name for each in store.list([BOB, ANN])] == ["two", "one"]
    assert store.list([BOB]) == store.list([]) == ()


def test_the_same_curves_brought_again_keep_their_id_and_name(store):
    first = store.put(ANN, curves("first"))
    assert store.put(ANN, curves("second")) == first
    assert [each.name for each in store.list([ANN])] == ["first"]


def test_two_visitors_who_bring_the_same_have_their_own(store):
    hers, his = store.put(ANN, curves()), store.put(BOB, curves())
    assert hers != his
    store.delete([BOB], his)
    assert list(store.get([hers, his])) == [hers]


def test_only_who_brought_them_may_rename_and_delete(store):
    mine = store.put(ANN, curves())
    for change in (lambda: store.rename([BOB], mine, "his"), lambda: store.delete([BOB, "'; --"], mine)):
        with pytest.raises(RegdashError, match="no such imported curves of yours"):
            change()
    store.rename(["u-ann", ANN], mine, "  <b>mine</b>\n ")
    assert store.list([ANN])[0].name == "<b>mine</b>"
    store.delete([ANN], mine)
    assert store.get([mine]) == {}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_that_is_none_changes_nothing(store, name):
    mine = store.put(ANN, curves("kept"))
    with pytest.raises(RegdashError, match="name"):
        store.rename([ANN], mine, name)
    assert store.list([ANN])[0].name == "kept"


def test_a_session_keeps_so_many_of_such_a_size(database):
    few = ImportedStore(database, Settings(max_imports=1))
    few.put(ANN, curves("one"))
    few.put(ANN, curves("one"))
    few.put(BOB, curves("one"))
    with pytest.raises(RegdashError, match="at most 1 imported settings, and this would be number 2"):
        few.put(ANN, curves("two", 2.0))
    small = ImportedStore(database, Settings(max_import_mb=0.0001))
    with pytest.raises(RegdashError, match=r"at most 0.0001 MB together"):
        small.put(ANN, Imported("r", "CSV", (History({"val_loss": np.random.default_rng(0).random(100)}),)))


@pytest.mark.parametrize("id_", ["", "'; drop table imported; --", "../../etc", "A" * 32, None, 3])
def test_what_is_no_id_finds_nothing(store, id_):
    assert store.get([id_]) == {}
    with pytest.raises(RegdashError, match="no such imported curves"):
        store.delete([ANN], id_)


def test_damaged_curves_are_left_out(store, database):
    mine = store.put(ANN, curves())
    with database.writing() as connection:
        connection.execute(imported.update().values(data=b"damaged"))
    assert store.get([mine]) == {}
    assert [each.id for each in store.list([ANN])] == [mine]


def test_what_anonymous_visitors_brought_goes_after_its_time(store, database, tmp_path):
    for session in (ANN, "u-eve"):
        store.put(session, curves())
    with database.writing() as connection:
        connection.execute(imported.update().values(created=time.time() - 61 * DAY))
    fresh = store.put(ANN, curves("fresh", 5.0))
    prune(database, Settings(data_dir=tmp_path))
    assert [each.id for each in store.list([ANN])] == [fresh]
    assert len(store.list(["u-eve"])) == 1
