"""Chosen columns become numbers as pandas and scikit-learn make them, and every fault is a sentence at its field."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer

from regdash.datasets.table_limits import LIMITS, InvalidTable
from regdash.datasets.tables import Prepared, Table, prepare, read_table, task_of

ROWS = 40
CHANCE = np.random.default_rng(1)
FRAME = pd.DataFrame(
    {
        "age": np.round(CHANCE.normal(40, 10, ROWS), 2),
        "colour": CHANCE.choice(["red", "green", "blue"], ROWS),
        "member": CHANCE.choice(["yes", "no"], ROWS),
        "when": [f"2024-01-{1 + i % 28:02d}" for i in range(ROWS)],
        "same": "same",
        "person": [f"person {i}" for i in range(ROWS)],
        "score": np.round(CHANCE.normal(size=ROWS), 3),
        "label": [["cat", "dog"][i % 2] for i in range(ROWS)],
    }
)
HOLES = FRAME.assign(
    age=FRAME["age"].where(np.arange(ROWS) % 5 > 0),
    colour=FRAME["colour"].where(np.arange(ROWS) % 7 > 0),
    member=FRAME["member"].where(np.arange(ROWS) % 9 > 0),
)


def table(frame: pd.DataFrame = FRAME) -> Table:
    return read_table(frame.to_csv(index=False).encode(), "people.csv")


def faults(frame: pd.DataFrame = FRAME, target: str = "label", inputs: Any = ("age",), **options: Any) -> Any:
    with pytest.raises(InvalidTable) as caught:
        prepare(table(frame), target, inputs, **options)
    return dict(caught.value.errors)


def column(made: Prepared, name: str) -> Any:
    return made.inputs[:, made.feature_names.index(name)]


def test_categories_are_encoded_as_pandas_does() -> None:
    made = prepare(table(), "label", ["age", "colour"])
    theirs = pd.get_dummies(FRAME[["age", "colour"]], prefix_sep=" = ", dtype=float)
    assert list(made.feature_names) == list(theirs.columns)
    np.testing.assert_array_equal(made.inputs, theirs.to_numpy())


def test_a_missing_category_is_one_of_its_own_as_in_pandas() -> None:
    made = prepare(table(HOLES), "label", ["colour", "member"], missing="impute")
    theirs = pd.get_dummies(HOLES[["colour", "member"]], prefix_sep=" = ", dummy_na=True, dtype=float)
    theirs.columns = [str(name).replace("= nan", "= missing") for name in theirs.columns]
    assert list(made.feature_names) == list(theirs.columns)
    np.testing.assert_array_equal(made.inputs, theirs.to_numpy())


def test_missing_numbers_become_the_median_as_in_scikit_learn() -> None:
    made = prepare(table(HOLES), "label", ["age", "score"], missing="impute")
    theirs = SimpleImputer(strategy="median").fit_transform(HOLES[["age", "score"]])
    np.testing.assert_array_equal(made.inputs, theirs)
    assert made.notes == ("Missing cells are filled in: age.",)


def test_a_switch_without_holes_is_one_input() -> None:
    made = prepare(table(), "label", ["member"])
    assert made.feature_names == ("member",)
    np.testing.assert_array_equal(made.inputs[:, 0], FRAME["member"] == "yes")


def test_classes_are_numbered_in_the_order_of_their_names() -> None:
    made = prepare(table(), "label", ["age"])
    assert (made.task, made.class_names, made.target_name) == ("classification", ("cat", "dog"), "label")
    np.testing.assert_array_equal(made.targets, FRAME["label"] == "dog")
    assert made.targets.dtype == np.int64


def test_numbers_are_predicted_as_they_are() -> None:
    made = prepare(table(), "score", ["age"])
    assert (made.task, made.class_names) == ("regression", ())
    np.testing.assert_array_equal(made.targets, FRAME["score"])


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([i % 3 for i in range(ROWS)], "classification"),
        ([i % 11 for i in range(ROWS)], "regression"),
        ([0.5 * (i % 3) for i in range(ROWS)], "regression"),
        (["ab"[i % 2] for i in range(ROWS)], "classification"),
        (["yes" if i % 2 else "no" for i in range(ROWS)], "classification"),
    ],
)
def test_the_task_is_found_from_the_target(values: Any, task: str) -> None:
    read = table(FRAME.assign(aim=values))
    assert task_of(read.column("aim")) == task
    assert prepare(read, "aim", ["age"]).task == task


def test_the_task_may_be_chosen_otherwise() -> None:
    grades = FRAME.assign(grade=[3 + i % 6 for i in range(ROWS)])
    assert prepare(table(grades), "grade", ["age"]).class_names == ("3", "4", "5", "6", "7", "8")
    assert prepare(table(grades), "grade", ["age"], task="regression").class_names == ()
    halves = FRAME.assign(half=[0.5 * (i % 2) for i in range(ROWS)])
    assert prepare(table(halves), "half", ["age"], task="classification").class_names == ("0", "0.5")


def test_rows_without_a_target_are_left_out_and_counted() -> None:
    frame = FRAME.assign(score=FRAME["score"].where(np.arange(ROWS) > 2))
    made = prepare(table(frame), "score", ["age"])
    np.testing.assert_array_equal(made.inputs[:, 0], FRAME["age"][3:])
    assert made.notes == ("3 rows without a target are left out.",)


def test_the_names_of_inputs_differ_even_where_columns_and_categories_sound_alike() -> None:
    frame = FRAME.assign(**{"colour = red": FRAME["age"]})
    made = prepare(table(frame), "label", ["colour", "colour = red"])
    assert made.feature_names == ("colour = blue", "colour = green", "colour = red", "colour = red (2)")
    missing = HOLES.assign(colour=HOLES["colour"].replace("red", "missing"))
    assert prepare(table(missing), "label", ["colour"], missing="impute").feature_names[-1] == "colour = missing (2)"


@pytest.mark.parametrize(
    ("options", "field", "sentence"),
    [
        ({"target": "nobody"}, "target", "The target must be one of the columns, got “nobody”. Choose a column."),
        ({"target": "when"}, "target", "A target must hold numbers or classes, and “when” holds dates."),
        ({"target": "same"}, "target", "A target needs at least two different values, and “same” has the same in"),
        ({"target": "person"}, "target", "There may be at most 20 classes, and “person” has 40 different values."),
        ({"target": "person", "task": "regression"}, "target", "“person” only tells the rows apart, so nothing can be"),
        ({"task": "regression"}, "task", "Regression predicts numbers, and “label” holds words. Choose classification"),
        ({"target": "score", "task": "classification"}, "task", "“score” has 40 different values. Choose regression."),
        ({"inputs": ()}, "inputs", "At least one input is needed, got none."),
        ({"inputs": ("age", "<x>")}, "inputs", "Inputs must be columns of the table, got ‹x›. Choose columns."),
        ({"inputs": ("age", "label")}, "inputs", "The target cannot be an input as well, got “label” as both."),
        ({"inputs": ("when", "same")}, "inputs", "Inputs must hold numbers or categories, got when and same."),
        ({"inputs": ("colour", "age"), "limits": replace(LIMITS, inputs=3)}, "inputs", "these columns make 4"),
        ({"frame": HOLES, "inputs": ("age", "colour")}, "missing", "14 cells are missing, in age (8) and colour (6)."),
        ({"frame": FRAME.assign(label=["cat"] * 37 + ["dog"] * 3)}, "target", "too few have dog (3). Remove"),
        (
            {"frame": FRAME.assign(label=["a"] * 8 + ["b"] * 8 + [""] * 24)},
            "target",
            "20 rows must have a target, got 16",
        ),
    ],
)
def test_every_fault_is_a_sentence_at_its_field(options: Any, field: str, sentence: str) -> None:
    found = faults(**options)
    assert list(found) == [field]
    assert sentence in found[field]
    assert found[field].endswith(".")


def test_all_faults_are_told_at_once() -> None:
    assert set(faults(HOLES, "same", ["age"])) == {"target", "missing"}
    assert set(faults(HOLES, "label", [], task="regression")) == {"task", "inputs"}


def test_more_classes_are_allowed_where_the_limit_says_so() -> None:
    many = FRAME.assign(label=[f"k{i % 10}" for i in range(ROWS)])
    assert len(prepare(table(many), "label", ["age"]).class_names) == 10
    sentence = faults(many, limits=replace(LIMITS, classes=9))["target"]
    assert sentence == ("There may be at most 9 classes, and “label” has 10 different values. Choose another column.")


def test_the_faults_survive_the_way_to_another_process() -> None:
    import pickle

    error = InvalidTable({"target": "No.", "inputs": "None."})
    assert pickle.loads(pickle.dumps(error)).errors == error.errors
