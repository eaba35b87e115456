import numpy as np
import pytest
from sqlalchemy import update

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.record import History, RunRecord
from regdash.store.runs import RunStore
from regdash.store.schema import records


def record(seed: int, status: str = "finished") -> RunRecord:
    losses = np.array([3.0, 1.0, 2.0]) + seed
    weights = (np.eye(2), np.zeros(2))
    experiment = Experiment().with_values({"training.seed": seed})
    return RunRecord(experiment, status, History({"loss": losses, "val_loss": losses}), weights, losses, losses)


def test_a_record_comes_back_as_it_was_put(database):
    store = RunStore(database)
    back = store.get(store.put(record(7)))
    assert back.experiment == record(7).experiment
    assert list(back.history["val_loss"]) == [10.0, 8.0, 9.0]
    assert np.array_equal(back.weights[0], np.eye(2))


def test_runs_are_listed_newest_first_and_each_once(database):
    store = RunStore(database)
    ids = [store.put(record(seed)) for seed in range(3)]
    assert store.ids() == ids[::-1]
    store.put(record(0, "stopped early at epoch 3"))
    assert store.ids() == [ids[0], ids[2], ids[1]]
    assert store.get(ids[0]).status == "stopped early at epoch 3"
    assert store.ids(most=1) == ids[:1]


def test_an_unknown_run_is_none(database):
    assert RunStore(database).get("0" * 20) is None


def test_a_damaged_record_is_an_error_with_a_sentence(database):
    store = RunStore(database)
    run_id = store.put(record(0))
    with database.writing() as connection:
        connection.execute(update(records).values(data=b"PK\x03\x04 nonsense"))
    with pytest.raises(RegdashError, match="damaged"):
        store.get(run_id)


def test_a_store_opens_by_its_url(url):
    store = RunStore.open(url)
    assert store.ids() == []
    store.close()
