import csv

import numpy as np
from fake_runs import history

from regdash.experiment import Experiment
from regdash.jobs.queue import RunView
from regdash.record import History
from regdash.ui.download import curves
from regdash.ui.members import Runs, Setting


def runs(*histories, experiment=Experiment()):  # noqa: B008
    setting = Setting(experiment, len(histories))
    members = zip(setting.members, histories, strict=True)
    return Runs(setting, tuple(RunView("id", m, "running", 1, 2, None, 0, h, None, None, "") for m, h in members))


def test_every_epoch_of_every_seed_is_one_row_in_order():
    first = Experiment().with_values({"training.seed": 7})
    table = curves(runs(history(3), history(2), experiment=first), None)
    assert table["setting"].tolist() == ["current"] * 5
    assert table["seed"].tolist() == [7, 7, 7, 8, 8]
    assert table["epoch"].tolist() == [1, 2, 3, 1, 2]


def test_the_columns_are_those_of_the_history_after_setting_seed_and_epoch():
    run = history(3)
    assert curves(runs(run), None).columns.tolist() == ["setting", "seed", "epoch", *run]


def test_the_baseline_stands_below_the_current_setting():
    table = curves(runs(history(2)), runs(history(3, seed=1)))
    assert table["setting"].tolist() == ["current"] * 2 + ["baseline"] * 3
    assert (table["val_loss"][2:] == history(3, seed=1)["val_loss"]).all()


def test_numbers_come_back_from_the_file_bit_for_bit():
    wild = np.random.default_rng(0).standard_normal(20) * 10.0 ** np.arange(-10, 10)
    text = curves(runs(history(loss=wild)), None).to_csv(index=False)
    assert [float(row["loss"]) for row in csv.DictReader(text.splitlines())] == wild.tolist()


def test_layers_that_only_one_setting_has_are_empty_for_the_other():
    table = curves(runs(history(2, layers=("output",))), runs(history(2)))
    assert table["l2_norm/hidden 1"].isna().tolist() == [True, True, False, False]


def test_seeds_without_curves_yet_have_no_rows():
    begun = History({name: column[:0] for name, column in history().items()})
    assert curves(runs(history(2), None, begun), None)["seed"].tolist() == [0, 0]
    assert curves(runs(None), None).empty
    assert len(curves(runs(begun), None)) == 0
