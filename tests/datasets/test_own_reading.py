"""A CSV file becomes a table: what is found in it and what is said about it."""

from typing import Any

import numpy as np
import pytest

from regdash.datasets.table_limits import LIMITS, Limits
from regdash.datasets.tables import Table, guessed_target, read_table

ROWS = 24
CHANCE = np.random.default_rng(0)
HEIGHTS = np.round(CHANCE.normal(170, 8, ROWS), 1)
COLOURS = [["red", "green", "blue"][i % 3] for i in range(ROWS)]


def csv(delimiter: str = ",", header: str = "height,colour,label", heights: Any = HEIGHTS) -> str:
    lines = [
        f"{height}{delimiter}{colour}{delimiter}{i % 2}"
        for i, (height, colour) in enumerate(zip(heights, COLOURS, strict=True))
    ]
    return "\n".join([header.replace(",", delimiter), *lines] if header else lines) + "\n"


def read(text: str, limits: Limits = LIMITS) -> Table:
    return read_table(text.encode(), "people.csv", limits)


def column_of(cells: Any, name: str = "thing") -> Any:
    """The column read from these cells, beside an ordinary one."""
    lines = [f'{i * 0.7},"{cell}"' for i, cell in enumerate(cells)]
    return read("\n".join([f"x,{name}", *lines])).columns[1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read(csv(delimiter))
    assert table.names == ("height", "colour", "label")
    np.testing.assert_array_equal(table.columns[0].values, HEIGHTS)
    assert table.notes == ()


def test_a_spreadsheet_may_name_its_delimiter_in_the_first_line() -> None:
    assert read("sep=;\n" + csv(";")).names == ("height", "colour", "label")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_each_of_its_forms(encoding: str) -> None:
    table = read_table(csv(header="größe,farbe,label").encode(encoding), "a.csv")
    assert table.names == ("größe", "farbe", "label")
    assert table.notes == ()


def test_western_european_text_is_read_and_said_to_be_so() -> None:
    table = read_table(csv(header="größe,farbe,label").encode("latin-1"), "a.csv")
    assert table.names == ("größe", "farbe", "label")
    assert "read as Western European (Latin-1)" in table.notes[0]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_every_system_are_read(ending: str) -> None:
    assert read(csv().replace("\n", ending)).rows == ROWS


def test_a_file_without_header_gets_names_and_a_note() -> None:
    table = read(csv(header=""))
    assert table.names == ("column 1", "column 2", "column 3")
    assert table.rows == ROWS
    assert "No header line was found" in table.notes[0]


def test_words_above_words_are_a_header_when_they_do_not_come_again() -> None:
    words = "\n".join(f"{'ab'[i % 2]},{'cde'[i % 3]}" for i in range(ROWS))
    assert read("letter,other\n" + words).names == ("letter", "other")
    assert read(words).names == ("column 1", "column 2")


def test_blank_lines_and_lines_of_delimiters_are_passed_over() -> None:
    assert read(csv().replace("\n", "\n\n  \n,,\n")).rows == ROWS


def test_quoted_cells_keep_delimiters_and_line_ends() -> None:
    lines = [f'{i},"{"red, dark" if i % 2 else "blue"}\nand more"' for i in range(ROWS)]
    table = read("x,colour\n" + "\n".join(lines))
    assert table.columns[1].categories == ("blue and more", "red, dark and more")


@pytest.mark.parametrize(
    ("cells", "delimiter", "note"),
    [
        ([f"1.{i:03d},5" for i in range(ROWS)], ";", "The comma was read as a decimal comma."),
        ([f"{1000 + i},5" for i in range(ROWS)], ";", "The comma was read as a decimal comma."),
        ([f'"{1000 + i},5"' for i in range(ROWS)], ",", "The comma was read as a decimal comma."),
        ([f'"1,{i:03d}.5"' for i in range(ROWS)], ",", "The comma was read as a separator of thousands."),
    ],
)
def test_commas_in_numbers_are_understood_and_said(cells: Any, delimiter: str, note: str) -> None:
    text = "\n".join([f"price{delimiter}label", *(f"{cell}{delimiter}{i % 2}" for i, cell in enumerate(cells))])
    column = read(text).columns[0]
    np.testing.assert_allclose(column.values, np.arange(ROWS) + 1000.5)
    assert column.note == note


def test_a_comma_delimiter_is_not_taken_from_decimal_commas() -> None:
    table = read("\n".join(["a;b;c", *(f"1,{i};2,{i};{i % 2},0" for i in range(ROWS))]))
    assert table.names == ("a", "b", "c")


def test_empty_cells_and_the_usual_words_are_missing() -> None:
    words = ["", "NA", "n/a", "null", "?", "-"] + [str(i / 2) for i in range(ROWS)]
    column = column_of(words)
    assert (column.kind, column.missing, column.note) == ("number", 6, "")


def test_a_few_words_in_a_column_of_numbers_are_named_with_their_rows() -> None:
    column = column_of([*(str(i / 2) for i in range(45)), "about 3", "1e999", "inf", "x", "9"])
    assert column.kind == "number"
    assert column.missing == 4
    assert column.note == (
        "4 cells are no numbers and count as missing: row 46 “about 3”, row 47 “1e999”, row 48 “inf” and 1 more."
    )


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (COLOURS, "category"),
        (["Yes", "no"] * 12, "switch"),
        (["TRUE", "false"] * 12, "switch"),
        ([f"2024-01-{i + 1:02d}" for i in range(24)], "date"),
        ([f"{i + 1}.3.2024" for i in range(24)], "date"),
        ([f"2024-01-01T10:{i:02d}:00Z" for i in range(24)], "date"),
        ([f"person {i}" for i in range(24)], "identifier"),
        (["same"] * 24, "constant"),
        (["3.5"] * 24, "constant"),
        ([""] * 24, "empty"),
        ([f"word {i // 2}" for i in range(120)], "text"),
        ([i / 3 if i % 3 else f"w{i}" for i in range(90)], "text"),
        (range(5, 29), "number"),
    ],
)
def test_the_kind_of_a_column_is_found_and_what_is_left_out_is_said(cells: Any, kind: str) -> None:
    column = column_of(cells)
    assert column.kind == kind
    assert column.usable == (kind in ("number", "category", "switch"))
    assert bool(column.note) == (not column.usable)


def test_a_count_of_the_rows_is_left_out_when_it_is_called_so() -> None:
    assert column_of(range(24), "Id").kind == "identifier"
    assert column_of(range(24), "").kind == "identifier"
    assert column_of(range(24), "dose").kind == "number"


def test_a_mixed_column_says_how_much_of_it_is_numbers() -> None:
    assert "Only 67% of its cells are numbers" in column_of([i / 3 if i % 3 else f"w{i}" for i in range(90)]).note


def test_names_are_made_plain_short_and_different() -> None:
    header = '<b>x</b>,"a\tb\u202e",a b,' + "long" * 40
    table = read("\n".join([header, *(f"{i},{i * 2},{i * 3},{i % 2}" for i in range(ROWS))]))
    assert table.names == ("‹b›x‹/b›", "a b", "a b (2)", ("long" * 15)[:59] + "…")
    assert all(name.isprintable() and len(name) <= 60 for name in table.names)


def test_class_names_are_made_plain_and_different_too() -> None:
    column = column_of(["<i>", "‹i›", "y" * 70, "y" * 80] * 6)
    assert column.categories == ("‹i›", "y" * 59 + "…", "y" * 52 + " (2)", "‹i› (2)")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("a,b,c", "c"),
        ("a,label,c", "label"),
        ("Class,b,c", "Class"),
        ("y,target,c", "target"),
        ("a,Y,c", "Y"),
    ],
)
def test_the_target_is_guessed_from_its_name_or_stands_last(header: str, target: str) -> None:
    assert guessed_target(read(csv(header=header))) == target
