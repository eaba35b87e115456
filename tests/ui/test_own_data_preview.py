"""What the preview of an uploaded table shows."""

import numpy as np
import pytest

from regdash.datasets.tables import prepare, read_table
from regdash.ui.own_preview import balance, columns, first_rows

LINES = [f"{i / 2},{'abc'[i % 3]},same,{'<b>' if i % 4 else 'no'}" for i in range(40)]
TABLE = read_table("\n".join(["x,letter,constant,y", *LINES]).encode(), "t.csv")


def test_the_first_rows_stand_as_they_were_written():
    shown = first_rows(TABLE)
    assert list(shown.columns) == ["x", "letter", "constant", "y"]
    assert shown.iloc[1].tolist() == ["0.5", "b", "same", "‹b›"]
    assert len(shown) == 8


def test_every_column_has_its_type_and_its_note():
    shown = columns(TABLE).set_index("column")
    assert shown["type"].tolist() == ["number", "category", "constant, left out", "category"]
    assert shown["different"].tolist() == [40, 3, 1, 2]
    assert shown.loc["constant", "note"] == "It has the same value in every row: left out."
    assert (shown["missing"] == 0).all()


def test_the_balance_of_classes_is_counted():
    shown = balance(prepare(TABLE, "y", ["x"]))
    assert shown["class"].tolist() == ["‹b›", "no"]
    assert shown["rows"].tolist() == [30, 10]
    assert shown["share"].tolist() == [0.75, 0.25]


def test_numbers_are_told_by_their_ends_and_their_middle():
    shown = balance(prepare(TABLE, "x", ["letter"])).set_index("of the target")["value"]
    values = np.arange(40) / 2
    assert shown.tolist() == pytest.approx([values.min(), np.median(values), values.mean(), values.max()])
