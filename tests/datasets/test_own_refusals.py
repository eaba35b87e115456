"""A sentence for every file that cannot be a table, and the same table from Parquet as from CSV."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_own_reading import COLOURS, HEIGHTS, ROWS, csv, read

from regdash.datasets.table_limits import LIMITS, Limits
from regdash.datasets.tables import InvalidTable, Table, guessed_target, prepare, read_table


def refused(data: bytes | str, limits: Limits = LIMITS, name: str = "people.csv") -> str:
    with pytest.raises(InvalidTable) as caught:
        read_table(data.encode() if isinstance(data, str) else data, name, limits)
    assert set(caught.value.errors) == {"file"}
    return caught.value.errors["file"]


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def kinds(table: Table) -> list[str]:
    return [column.kind for column in table.columns]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\n ", "The file is empty."),
        (b"PK\x03\x04 workbook", "this is an Excel workbook or a zip archive. Save the table as CSV."),
        (b"\x80\x04\x95\x00\x00\x01\x02 pickled", "holds bytes that are no text"),
        (b"a,b\n1,\x02\n", "holds bytes that are no text"),
        (b"PAR1 and nothing", "The Parquet file is damaged"),
        (b"\xff\xfea\x00,\x00b", "begins like UTF-16 text and then is not"),
        (b",,,\n,,,\n", "The file holds no rows."),
        (b"x,y\n", "A table needs at least 20 rows, got 0"),
        (b'x,y\n"1,2\n3,4\n', "Every quotation mark must be closed"),
        (b"x,y\n1,2\n3,4,5\n", "as the first, 2; line 3 has 3. Correct that line."),
        (b"x\n" + b"1\n2\n" * 20, "needs a target and at least one input, got 1 column"),
        (b"x,y\n1,2\n3,4\n", "A table needs at least 20 rows, got 2. Add rows."),
        (b"x" * 70_000, "A line may have at most 65,536 characters"),
    ],
)
def test_what_is_no_table_gets_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_a_file_that_is_only_called_parquet_gets_a_sentence() -> None:
    assert "is called Parquet and is none" in refused(csv(), name="a.PARQUET")


@pytest.mark.parametrize("make", [lambda frame: frame.to_csv(index=False).encode(), lambda frame: parquet(dict(frame))])
@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (replace(LIMITS, rows=30), "A table may have at most 30 rows, got"),
        (replace(LIMITS, columns=2), "A table may have at most 2 columns, got 3. Remove some columns."),
        (replace(LIMITS, upload_bytes=100), "A file may have at most 9.53674e-05 MB, got 0.0 MB. Keep fewer rows."),
    ],
)
def test_every_limit_of_size_has_its_sentence(make: Any, limits: Limits, sentence: str) -> None:
    frame = pd.DataFrame({"a": np.arange(31.0), "b": np.arange(31.0) ** 2, "c": np.arange(31) % 2})
    assert sentence in refused(make(frame), limits)
    assert read_table(make(frame), "x").rows == 31


def test_as_many_rows_as_allowed_are_read() -> None:
    assert read(csv(), replace(LIMITS, rows=ROWS)).rows == ROWS


def test_no_row_is_lost_behind_lines_of_delimiters() -> None:
    lines = csv().splitlines()
    text = "\n".join([lines[0], *[",,"] * 10, *lines[1:]])
    assert "at most 28 rows, got about 34" in refused(text, replace(LIMITS, rows=28))
    assert read(text, replace(LIMITS, rows=34)).rows == ROWS


def test_a_column_of_too_many_words_is_left_out_with_a_sentence() -> None:
    column = read_table(
        parquet({"x": np.arange(40.0), "w": [f"word {i // 2}" for i in range(40)]}), "x", replace(LIMITS, categories=9)
    ).columns[1]
    assert column.kind == "text"
    assert column.note == "It has 20 different words, and at most 9 can become inputs: left out."


def test_parquet_columns_have_the_kinds_of_their_types() -> None:
    several = {
        "number": pa.array([None, *range(1, ROWS)], pa.int32()),
        "price": pa.array(range(ROWS), pa.int64()).cast(pa.decimal128(25, 2)),
        "colour": pa.array(COLOURS),
        "coded": pa.array(COLOURS).dictionary_encode(),
        "level": pa.array([i % 3 for i in range(ROWS)]).dictionary_encode(),
        "open": pa.array([None] + [i % 2 == 0 for i in range(1, ROWS)]),
        "day": pa.array(range(ROWS), pa.date32()),
        "nothing": pa.nulls(ROWS),
        "raw": pa.array([colour.encode() for colour in COLOURS]),
    }
    table = read_table(parquet(several), "x.parquet")
    wanted = ["number", "number", "category", "category", "number", "switch", "date", "empty", "category"]
    assert kinds(table) == wanted
    assert [column.missing for column in table.columns][:6] == [1, 0, 0, 0, 0, 1]
    np.testing.assert_array_equal(table.columns[1].values, np.arange(ROWS))
    np.testing.assert_array_equal(table.columns[2].values, table.columns[3].values)
    assert [table.columns[2].categories[int(v)] for v in table.columns[2].values] == COLOURS
    assert table.columns[5].first[:3] == ("", "false", "true")


def test_csv_and_parquet_of_the_same_rows_are_the_same_table() -> None:
    frame = pd.read_csv(io.StringIO(csv()))
    one, other = read(csv()), read_table(parquet(dict(frame)), "x")
    for left, right in zip(one.columns, other.columns, strict=True):
        assert (left.name, left.kind, left.categories) == (right.name, right.kind, right.categories)
        np.testing.assert_array_equal(left.values, right.values)


@pytest.mark.parametrize(
    ("columns", "options", "sentence"),
    [
        ({"l": [[1]] * ROWS, "x": range(ROWS)}, {}, "l holds lists or records"),
        ({"s": [{"a": 1}] * ROWS, "x": range(ROWS)}, {}, "s holds lists or records"),
        ({"f": pa.array([b"ab"] * ROWS, pa.binary(2)), "x": range(ROWS)}, {}, "f holds raw bytes"),
        (
            {"w": COLOURS, "x": range(ROWS)},
            {"use_dictionary": False, "column_encoding": {"w": "DELTA_BYTE_ARRAY"}},
            "must be written plainly or as a dictionary",
        ),
    ],
)
def test_parquet_that_could_unpack_to_anything_is_refused(columns: Any, options: Any, sentence: str) -> None:
    assert sentence in refused(parquet(columns, **options))


def test_the_unpacked_size_is_looked_up_before_anything_is_unpacked() -> None:
    data = parquet({"x": ["a" * 2**21 + str(i) for i in range(60)], "y": list(range(60))}, compression="zstd")
    assert len(data) < 2**20
    assert refused(data) == "A table may have at most 100 MB once unpacked, got 120 MB. Keep fewer rows."


def test_a_word_repeated_in_a_dictionary_is_not_unpacked() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([i % 2 for i in range(20_000)]), pa.array(["a" * 10**6, "b"]))
    table = read_table(parquet({"w": words, "x": np.arange(20_000.0)}), "x")
    assert table.columns[0].categories == ("a" * 59 + "…", "b")


def outcome(make: Callable[[], Any]) -> tuple[Any, Mapping[str, str]]:
    """What is made, or the faults; any other exception ends the test."""
    try:
        return make(), {}
    except InvalidTable as error:
        return None, error.errors


SEEDS = [csv().encode(), csv(";").encode("utf-16"), parquet({"w": COLOURS, "x": HEIGHTS, "b": [True, False] * 12})]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, removed or repeated."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 30))
        data[place : place + length] = draw(st.binary(max_size=8)) * draw(st.integers(0, 3))
    return bytes(data)


texts = st.lists(st.lists(st.text(max_size=6) | st.sampled_from(["1", "2,5", '"', "", "NA"]), max_size=4), max_size=30)
tables = texts.map(lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass"))


@given(data=st.binary(max_size=400) | mutated() | tables, name=st.sampled_from(["a.csv", "a.parquet", "", "x" * 300]))
@example(data=b"\xff\xfe", name="a.csv")
@example(data=b"PAR1\x00PAR1", name="a")
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_at_all_are_a_table_or_a_sentence(data: bytes, name: str) -> None:
    table, errors = outcome(lambda: read_table(data, name))
    if table is None:
        assert set(errors) == {"file"}
        assert 20 < len(errors["file"]) < 400
        assert errors["file"].endswith(".")
        return
    assert len({len(column.values) for column in table.columns}) == 1
    assert len(set(table.names)) == len(table.names) >= 2
    target = guessed_target(table)
    made, errors = outcome(lambda: prepare(table, target, table.inputs_for(target), missing="impute"))
    assert set(errors) <= {"target", "inputs", "task", "missing"}
    if made is not None:
        assert np.isfinite(made.inputs).all()
        assert np.isfinite(made.targets).all()
