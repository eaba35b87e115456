"""A visitor's table reaches the worker although the two share no folder."""

import numpy as np
import pytest
from downloaded import data_folder

from regdash.codec import to_json
from regdash.datasets import OwnTable
from regdash.datasets.own import tables_folder
from regdash.datasets.table_files import load_table, path_of, save_table
from regdash.datasets.table_prepare import Prepared
from regdash.errors import DataMissing
from regdash.experiment import Experiment
from regdash.jobs.own_tables import fetch_table, keep_table, share_tables, table_of
from regdash.settings import Settings

ANN = "a-" + "0" * 32


def own_experiment(tmp_path) -> Experiment:
    """An experiment on a table that was brought to the machine in this folder."""
    chance = np.random.default_rng(0)
    table = Prepared(chance.normal(size=(30, 2)), chance.normal(size=30), ("a", "b"), (), "c")
    with data_folder(tmp_path / "pages"):
        return Experiment(data=OwnTable(table=save_table(table, tables_folder())))


def test_a_table_goes_through_the_store_to_a_machine_that_has_never_seen_it(tmp_path, database):
    experiment = own_experiment(tmp_path)
    with data_folder(tmp_path / "pages"):
        share_tables(database, ANN, [experiment], Settings())
        original = load_table(tables_folder(), experiment.data.table)
    with data_folder(tmp_path / "trainer"):
        fetch_table(database, to_json(experiment))
        found = load_table(tables_folder(), experiment.data.table)
    assert np.array_equal(found.inputs, original.inputs)


def test_a_table_travels_with_an_order_to_a_cluster(tmp_path):
    experiment = own_experiment(tmp_path)
    with data_folder(tmp_path / "pages"):
        mark, data = table_of(to_json(experiment))
    with data_folder(tmp_path / "worker"):
        keep_table(mark, data)
        assert len(load_table(tables_folder(), mark).targets) == 30


def test_what_was_changed_on_its_way_is_not_trusted(tmp_path):
    experiment = own_experiment(tmp_path)
    with data_folder(tmp_path / "pages"):
        mark, data = table_of(to_json(experiment))
    with data_folder(tmp_path / "worker"):
        keep_table(mark, data[:-40] + bytes(40))
        with pytest.raises(DataMissing, match="damaged"):
            load_table(tables_folder(), mark)


@pytest.mark.parametrize("mark", ["../../etc/passwd", "a" * 31, "A" * 32, "", "a" * 32 + "/"])
def test_a_mark_that_is_none_is_never_a_path(tmp_path, mark):
    with data_folder(tmp_path), pytest.raises(DataMissing):
        keep_table(mark, b"")
    with data_folder(tmp_path), pytest.raises(DataMissing):
        path_of(tables_folder(), mark)
    assert list(tmp_path.rglob("*.npz")) == []


def test_other_data_sets_and_rows_that_cannot_be_read_have_no_table():
    assert table_of(to_json(Experiment())) is None
    assert table_of('{"schema": 99, "data": {"name": "own"}}') is None
