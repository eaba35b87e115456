import math

import pytest
from side_by_side import imported, series

from regdash.comparison import compare_table, names
from regdash.comparison.differing import common, differing
from regdash.datasets import Circles
from regdash.experiment import Experiment
from regdash.optimizers import SGD
from regdash.regularizers import L2, Dropout, MaxNorm

PLAIN = Experiment()
DROPOUT = Experiment(regularizers=(Dropout(rate=0.5),))
WEIGHTS = Experiment(regularizers=(L2(l2=0.01),))


def named(*experiments):
    return names(experiments, [""] * len(experiments))


def test_names_say_what_is_different():
    assert named(PLAIN, DROPOUT, WEIGHTS) == ("No regularisation", "Dropout 0.5", "L2 0.01")
    assert named(PLAIN, Experiment(optimizer=SGD())) == ("Adam", SGD.label)
    assert named(DROPOUT, Experiment(regularizers=(Dropout(rate=0.5),), optimizer=SGD())) == ("Adam", SGD.label)
    both = Experiment(regularizers=(Dropout(rate=0.5), L2(l2=0.01)))
    assert named(DROPOUT, both) == ("Without L2", "L2 0.01")
    assert named(PLAIN.with_values({"training.epochs": 50}), PLAIN) == ("Epochs 50", "Epochs 150")


def test_the_visitors_own_name_wins_and_stays_text():
    assert names([PLAIN, DROPOUT], ["<b>mine</b>", ""]) == ("<b>mine</b>", "Dropout 0.5")


def test_names_are_unique_also_where_nothing_differs():
    assert named(PLAIN, PLAIN, None, None)[:2] == ("Moons, Dense layers (MLP)", "Moons, Dense layers (MLP) (2)")
    assert len(set(named(PLAIN, PLAIN, None, None))) == 4
    assert names([PLAIN, DROPOUT, WEIGHTS], ["x", "x", "x (2)"]) == ("x", "x (2)", "x (2) (2)")


def test_names_stay_short_however_much_differs():
    other = PLAIN.with_values(
        {"data.noise": 0.1, "data.samples": 100, "network.widths": (8,) * 6, "training.epochs": 9, "split.train": 0.5}
    )
    assert all(len(name) <= 60 for name in named(PLAIN, other))


def test_seeds_and_folds_of_a_run_are_no_difference():
    assert differing([PLAIN, PLAIN.with_values({"training.seed": 7})]) == ()


def test_a_setting_that_only_one_data_set_has_is_a_gap_for_the_other():
    found = {each.path: each for each in differing([PLAIN, Experiment(data=Circles(noise=0.1)), None])}
    assert found["data"].texts == ("Moons", "Circles", "–")
    assert found["data.noise"].texts == ("0.35", "0.1", "–")


def test_the_common_line_names_the_parts_and_what_is_no_default():
    said = common([DROPOUT.with_values({"training.epochs": 40}), DROPOUT.with_values({"training.epochs": 40})])
    assert said == "Moons, Dense layers (MLP), Dropout 0.5, Adam, Epochs 40"
    assert common([None]) == ""


def test_the_table_has_means_with_half_of_their_intervals():
    # t(0.975, 2) = 4.302653, s of 0.2, 0.3, 0.4 is 0.1: half = 4.302653 * 0.1 / sqrt(3) = 0.24842
    table = compare_table([series("A", [0.2, 0.3, 0.4]), series("B", [0.5], DROPOUT)])
    column = table.columns.index("Best validation loss")
    assert [row[column] for row in table.rows] == ["0.3 ± 0.25", "0.5"]
    assert table.numbers[0]["best_loss"].high == pytest.approx(0.3 + 0.24842, abs=1e-5)
    assert table.numbers[0]["best_epoch"].mean == 2
    assert [row[table.columns.index("Dropout")] for row in table.rows] == ["0", "0.5"]
    assert "Accuracy, best epoch" not in table.columns


def test_what_a_run_does_not_have_is_a_gap_in_the_table():
    table = compare_table(
        [series("A", [0.2], val_accuracy=[0.5, 0.75, 0.7]), imported("keras", [0.3, 0.4]), series("B", [])]
    )
    column = table.columns.index("Accuracy, best epoch")
    assert [row[column] for row in table.rows] == ["75.0 %", "–", "–"]
    assert [row[table.columns.index("Runs")] for row in table.rows] == ["1", "2", "0"]
    assert math.isnan(table.numbers[2]["best_loss"].mean)


def test_a_regulariser_of_several_settings_names_the_one_that_differs():
    assert named(PLAIN, Experiment(regularizers=(MaxNorm(max_value=2.0),))) == ("No regularisation", "Max-norm 2")
