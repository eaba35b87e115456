import numpy as np
from downloaded import data_folder
from hearing import order

from regdash.codec import to_json
from regdash.datasets import samples
from regdash.datasets.own import OwnTable, tables_folder
from regdash.datasets.table_files import path_of, save_table
from regdash.datasets.table_prepare import Prepared
from regdash.experiment import Experiment
from regdash.jobs.placing import SMALLEST_PART, Place, free, share, size, tables
from regdash.jobs.workers import Order


def orders(count):
    return [order(ticket) for ticket in range(count)]


def given(parts):
    return [(part.address, len(part.orders)) for part in parts]


def test_every_thread_without_a_stack_is_free():
    assert free([Place("a", threads=2, stacks=1), Place("b", threads=1, stacks=3), Place("c", threads=4)]) == 5


def test_few_runs_go_to_the_least_busy_worker():
    places = [Place("a", 2, stacks=1), Place("b", 4, stacks=1), Place("c", 2, stacks=2)]
    assert given(share(orders(5), places, 256, large=False)) == [("b", 5)]


def test_of_equally_busy_workers_the_one_that_knows_the_shape_is_chosen_then_the_one_with_less_of_others():
    places = [Place("a", 1), Place("b", 1, knows=True), Place("c", 1)]
    assert given(share(orders(1), places, 256, large=False)) == [("b", 1)]
    assert given(share(orders(1), [Place("a", 1, busy=2), Place("b", 1)], 256, large=False)) == [("b", 1)]


def test_many_runs_are_shared_out_over_all_idle_workers():
    places = [Place("a", 1), Place("b", 1), Place("c", 1, stacks=1), Place("d", 1, busy=1)]
    parts = share(orders(2 * SMALLEST_PART), places, 256, large=False)
    assert sorted(given(parts)) == [("a", SMALLEST_PART), ("b", SMALLEST_PART)]
    assert sorted(each.ticket for part in parts for each in part.orders) == list(range(2 * SMALLEST_PART))
    assert given(share(orders(2 * SMALLEST_PART - 1), places, 256, large=False)) == [("a", 2 * SMALLEST_PART - 1)]


def test_no_stack_is_larger_than_allowed():
    parts = share(orders(25), [Place("a", 1)], 10, large=False)
    assert sorted(len(part.orders) for part in parts) == [8, 8, 9]


def test_a_large_stack_goes_to_workers_with_a_gpu_where_there_are_any_and_others_leave_them_alone():
    places = [Place("cpu", 1, stacks=1), Place("gpu", 1, stacks=1, gpu=True)]
    assert given(share(orders(1), places, 256, large=False)) == [("cpu", 1)]
    (part,) = share(orders(1), places, 256, large=True)
    assert (part.address, part.gpu) == ("gpu", True)
    (part,) = share(orders(1), places[:1], 256, large=True)
    assert (part.address, part.gpu) == ("cpu", False)


def test_the_size_of_a_stack_grows_with_its_runs_and_with_their_rows():
    rows = len(samples(Experiment().data, Experiment().split).train)
    assert size(orders(3)) == 3 * size(orders(1)) > 3 * rows * Experiment().network.multiplications((2,), 1)


def test_a_table_that_many_runs_need_goes_along_once(tmp_path):
    table = Prepared(np.eye(30, 2), np.arange(30.0), ("a", "b"), (), "c")
    with data_folder(tmp_path):
        mark = save_table(table, tables_folder())
        runs = [Experiment(data=OwnTable(table=mark)).with_values({"training.seed": seed}) for seed in range(3)]
        found = tables([Order(ticket, to_json(run)) for ticket, run in enumerate([*runs, Experiment()])])
        assert found == ((mark, path_of(tables_folder(), mark).read_bytes()),)
