"""Files of Keras, of Regdash and of other programs are told by their content."""

import csv
import io
import json
import math

import numpy as np
import pytest
from fake_runs import history

from regdash.codec import to_dict
from regdash.experiment import Experiment
from regdash.imports import BrokenImport, read_import
from regdash.repeats import Setting

NAN = math.nan


def read(data, name="run-0.csv"):
    if not isinstance(data, (str, bytes)):
        data = json.dumps(data)
    return read_import(name, data.encode() if isinstance(data, str) else data)


def only(data, name="run-0.csv"):
    """The one setting whose curves a file holds."""
    (found,) = read(data, name).imported
    return found


def column(found, name):
    return found.histories[0][name].tolist()


def written(rows, separator=","):
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue()


def test_a_keras_history_keeps_its_loss_apart_from_ours():
    found = only({"loss": [0.9, 0.8], "val_loss": [1.0, 0.7], "acc": [0.5, 0.6], "lr": [0.1, 0.1]}, "moons.json")
    assert (found.name, found.source, found.epochs) == ("moons", "Keras history", 2)
    assert column(found, "running_loss") == [0.9, 0.8]
    assert column(found, "val_loss") == [1.0, 0.7]
    assert column(found, "accuracy") == [0.5, 0.6]
    assert column(found, "learning_rate") == [0.1, 0.1]
    assert "loss" not in found.histories[0]
    assert any("running mean" in each for each in found.cautions)
    assert any("includes any L1 or L2 penalty" in each for each in found.cautions)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("loss", "running_loss"),
        ("train_loss", "running_loss"),
        ("Loss/train", "running_loss"),
        ("epoch_loss", "running_loss"),
        ("data_loss", "loss"),
        ("val_loss", "val_loss"),
        ("valid loss", "val_loss"),
        ("Loss/validation", "val_loss"),
        ("eval_loss", "val_loss"),
        ("sparse_categorical_accuracy", "accuracy"),
        ("val_binary_accuracy", "val_accuracy"),
        ("Accuracy", "accuracy"),
        ("mean_absolute_error", "mae"),
        ("val_r2_score", "val_r2"),
        ("learning_rate", "learning_rate"),
        ("penalty", "penalty"),
        ("l2_norm/hidden 1", "l2_norm/hidden 1"),
    ],
)
def test_a_column_has_our_name_for_the_same_quantity(theirs, ours):
    assert column(only({theirs: [0.25, 0.5]}), ours) == [0.25, 0.5]


@pytest.mark.parametrize("tree", [{"history": {"loss": [1, 2]}, "params": {"epochs": 2}}, [{"loss": [1, 2]}]])
def test_a_history_may_lie_inside_something(tree):
    assert column(only(tree), "running_loss") == [1, 2]


def test_a_list_of_histories_is_several_seeds():
    found = only([{"loss": [1, 2]}, {"history": {"loss": [3, 4]}}])
    assert [each["running_loss"].tolist() for each in found.histories] == [[1, 2], [3, 4]]


def test_a_list_of_epochs_is_one_history_and_what_lacks_is_a_gap():
    found = only([{"epoch": 0, "loss": 1, "val_loss": 2}, {"epoch": 1, "loss": 0.5}])
    assert column(found, "running_loss") == [1, 0.5]
    np.testing.assert_array_equal(column(found, "val_loss"), [2, NAN])


def test_gaps_and_infinities_are_kept_and_a_missing_validation_loss_is_all_gaps():
    found = only('{"loss": [1, NaN, Infinity, null]}')
    np.testing.assert_array_equal(column(found, "running_loss"), [1, NAN, math.inf, NAN])
    np.testing.assert_array_equal(column(found, "val_loss"), [NAN] * 4)
    assert found.histories[0].best_epoch == 0
    assert found.columns == ("running_loss",)
    assert any("no best epoch" in each for each in found.cautions)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("counted", [True, False])
def test_the_file_of_csv_logger_is_read_with_and_without_an_epoch_column(separator, counted):
    rows = [["epoch", "accuracy", "loss", "val_loss"], [0, 0.5, 1.5, ""], [1, 0.75, 1.25, 1.5]]
    found = only(written([row if counted else row[1:] for row in rows], separator), "log.csv")
    assert (found.name, found.source) == ("log", "CSV of curves")
    assert column(found, "running_loss") == [1.5, 1.25]
    np.testing.assert_array_equal(column(found, "val_loss"), [NAN, 1.5])


def test_a_log_to_which_several_trainings_were_appended_has_several_seeds():
    found = only("epoch,loss\n0,1\n1,2\n0,3\n1,4\n2,5\n")
    assert [each["running_loss"].tolist() for each in found.histories] == [[1, 2], [3, 4, 5]]
    assert "2 trainings" in found.notes[0]


def test_regdash_reads_its_own_download_of_curves_as_what_it_was():
    tables = []
    for setting, seed in (("current", 0), ("current", 1), ("baseline", 0)):
        table = history(5, seed).to_frame().reset_index()
        table.insert(0, "seed", seed)
        table.insert(0, "setting", setting)
        tables.append(table)
    text = "".join(table.to_csv(index=False, header=number == 0) for number, table in enumerate(tables))
    current, baseline = read(text, "regdash-curves.csv").imported
    assert (current.name, baseline.name) == ("current (regdash-curves)", "baseline (regdash-curves)")
    assert len(current.histories) == 2
    for name, values in history(5, 1).items():
        np.testing.assert_allclose(current.histories[1][name], values, rtol=1e-15)
    assert current.cautions == ()


def test_bytes_of_other_alphabets_of_text_are_read():
    text = "epoch,loss\n0,1\n1,2\n"
    for data in (text.encode("utf-8-sig"), text.encode("utf-16"), text.replace("\n", "\r\n").encode()):
        assert column(only(data), "running_loss") == [1, 2]


PLAIN = Experiment()


@pytest.mark.parametrize(
    "tree",
    [
        to_dict(PLAIN),
        [to_dict(PLAIN, defaults=False)],
        {"experiments": [to_dict(PLAIN)]},
        {"experiment": to_dict(PLAIN), "seeds": 1},
    ],
)
def test_an_experiment_is_read_alone_in_a_list_and_in_an_export(tree):
    (found,) = read(tree, "x.json").planned
    assert found.setting == Setting(PLAIN, 1)


def test_experiments_that_differ_in_seed_and_fold_only_are_seeds_of_one_setting():
    folded = PLAIN.with_values({"split.folds": 3})
    members = [to_dict(each) for setting in (Setting(folded, 2), Setting(PLAIN, 3)) for each in setting.members]
    found = read({"experiments": members}, "x.json").planned
    assert [each.setting for each in found] == [Setting(folded, 2), Setting(PLAIN, 3)]


def test_seeds_with_a_gap_are_two_settings():
    members = [to_dict(PLAIN.with_values({"training.seed": seed})) for seed in (4, 5, 9)]
    found = [each.setting for each in read(members, "x.json").planned]
    assert [(each.experiment.training.seed, each.seeds) for each in found] == [(4, 2), (9, 1)]


def test_a_name_that_was_given_is_kept_in_one_line():
    found = read({"experiment": to_dict(PLAIN), "seeds": 5, "name": " <b>\nL2\x07</b> "}, "x.json").planned
    assert (found[0].name, found[0].setting.seeds) == ("<b> L2 </b>", 5)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "x is empty. Bring a JSON"),
        ("hello", "x: there must be a line of column names and at least one epoch below it."),
        ("a,b\n1,2\n", "x: no column is a curve that Regdash knows. It looks for loss, val_loss"),
        ("epoch,loss\n0,1\n1,abc\n", "x, line 3: loss must be a number, got 'abc'. Leave missing cells empty."),
        ("epoch,loss\n0,1\nzero,1\n", "x, line 3: epoch must be a number, got 'zero'."),
        ("epoch,loss\n0,1\n1\n", "x, line 3: there must be 2 cells as in the first line, got 1."),
        ("{", "x: this must be JSON, but "),
        ("[" * 100_000, "x: this must be JSON, but "),
        ("{}", "x: this JSON is neither an experiment nor a history"),
        ("[]", "x: this JSON is neither an experiment nor a history"),
        ("[1, 2]", "x: this JSON is neither an experiment nor a history"),
        ('{"loss": []}', "x: there are no epochs."),
        ('{"loss": [1, 2], "val_loss": [1]}', "but val_loss has 1 and loss has 2. Write empty places as null."),
        ('{"loss": [1, true]}', "x: loss must hold numbers, got True at epoch 2."),
        ('{"loss": [1, "a"]}', "x: loss must hold numbers, got 'a' at epoch 2."),
        ('{"loss": [[1]]}', "x: loss must hold numbers, got"),
        ('{"loss": [1], "acc": 3}', "x: 'acc' must be a list of numbers, got 3."),
        ('{"loss": [1%s]}' % ("0" * 400), "x: loss must hold numbers"),
        ('{"loss": [%s]}' % ("9" * 5_000), "x: this must be JSON, but "),
        ('{"experiments": []}', "x: there is no experiment in it."),
        ('{"experiments": [{"data": {"name": "mons"}}]}', "x, data: data must be one of"),
        ('{"experiments": [3]}', "x, json: an experiment must be an object, got int."),
        ('{"experiments": [{}, {"dropout": 1}]}', "x, experiment 2, dropout: there is no place called"),
        ('{"experiment": {}, "seeds": 51}', "x: seeds must be a whole number between 1 and 50, got 51."),
        ('{"experiment": {}, "seeds": true}', "x: seeds must be a whole number between 1 and 50, got True."),
        (b"\xff\xd8\xff\xe0 a picture", "x is neither text nor a zip archive."),
        (b"a,b\x00\n1,2\n", "x is neither text nor a zip archive."),
        (b"PK\x03\x04 and nothing else", "x: this zip archive cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence_that_names_file_and_place(data, sentence):
    with pytest.raises(BrokenImport) as caught:
        read(data, "x")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: b" " + b"x" * 20 * 2**20, "at most 20 MB are read, got 20.0 MB."),
        (lambda: json.dumps({"loss": [0] * 10_001}), "at most 10,000 epochs are read, got 10,001."),
        (lambda: json.dumps({f"c{k}": [0] for k in range(101)}), "at most 100 columns are read, got 101."),
        (lambda: ",".join(["loss"] * 200) + "\n" + ",".join(["0"] * 200), "at most 100 columns are read, got 200."),
        (lambda: "loss,b,c,d,e\n" + "0,0,0,0,0\n" * 100_001, "at most 500,000 numbers are read."),
        (lambda: "epoch,loss\n" + "0,1\n" * 101, "at most 100 runs are read."),
        (lambda: json.dumps([{"loss": [1]}] * 101), "at most 100 histories are read, got 101."),
        (lambda: json.dumps([{"data": {}}] * 401), "at most 400 experiments are read, got 401."),
        (lambda: "loss\n" + "x" * 200_000, "this is no table (field larger than field limit"),
    ],
)
def test_what_is_too_much_is_refused_with_the_limit(data, sentence):
    with pytest.raises(BrokenImport) as caught:
        read(data(), "big")
    assert sentence in str(caught.value)


def test_ten_thousand_epochs_are_read():
    assert only({"loss": [0.5] * 10_000}).epochs == 10_000
