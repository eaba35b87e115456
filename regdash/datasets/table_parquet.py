"""Parquet files, checked by what they say about themselves before a cell of them is unpacked."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.parquet_pages import Page, pages
from regdash.datasets.table_columns import (
    FIRST_ROWS,
    Column,
    date_column,
    numbers_column,
    switch_column,
    words_column,
)
from regdash.datasets.table_limits import Limits, distinct, listed, plain, unreadable

DELTA_BYTE_ARRAY = 7  # an encoding: each word is what it adds to the one before
MOST_PAGES = 100_000
DAMAGED = "The Parquet file is damaged or of a kind that cannot be read. Write it again, or save the table as CSV."


def read_parquet(data: bytes, limits: Limits) -> list[Column]:
    """The columns of a Parquet file. Words are read as a dictionary, so that repeated ones are not unpacked."""
    import pyarrow as pa

    try:
        return _read(data, limits)
    except (pa.ArrowException, OSError, ValueError, LookupError, OverflowError, MemoryError, NotImplementedError):
        raise unreadable(DAMAGED) from None


def _read(data: bytes, limits: Limits) -> list[Column]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    options: dict[str, Any] = {"arrow_extensions_enabled": False}
    plainly = pq.ParquetFile(pa.BufferReader(data), **options)
    schema, about = plainly.schema_arrow, plainly.metadata
    _check(about, schema, limits)
    _check_pages(data, about, limits)
    words = [field.name for field in schema if _is_text(field.type)]
    file = pq.ParquetFile(pa.BufferReader(data), metadata=about, read_dictionary=words, **options)
    table = file.read(use_threads=False)
    if table.num_rows > limits.rows:
        raise unreadable(_too_many_rows(table.num_rows, limits))
    named = distinct(plain(name) or f"column {place}" for place, name in enumerate(table.column_names, 1))
    return [_column(name, cells, limits) for name, cells in zip(named, table.columns, strict=True)]


def _check(about: Any, schema: Any, limits: Limits) -> None:
    from pyarrow import types

    if about.num_rows > limits.rows:
        raise unreadable(_too_many_rows(about.num_rows, limits))
    nested = [plain(field.name) for field in schema if types.is_nested(field.type)]
    if nested:
        raise unreadable(
            f"Every cell must hold one value; {listed(nested)} holds lists or records. Remove or flatten these columns."
        )
    raw = [plain(field.name) for field in schema if types.is_fixed_size_binary(field.type)]
    if raw:
        raise unreadable(f"Every cell must be a number or a word; {listed(raw)} holds raw bytes. Remove these columns.")
    if len(schema) > limits.columns:
        raise unreadable(f"A table may have at most {limits.columns} columns, got {len(schema)}. Remove some columns.")
    for chunk in _chunks(about):
        if not 0 <= chunk.num_values <= limits.rows:
            raise unreadable(_too_many_rows(chunk.num_values, limits))


def _check_pages(data: bytes, about: Any, limits: Limits) -> None:
    """What is said at the end of the file may be false, so the pages themselves are asked how large they are."""
    found = list(islice(_pages(data, about), MOST_PAGES + 1))
    size = sum(page.size for page in found)
    if size > limits.expanded_bytes or len(found) > MOST_PAGES:
        most = limits.expanded_bytes / 2**20
        raise unreadable(
            f"A table may have at most {most:.0f} MB once unpacked, got {size / 2**20:.0f} MB. Keep fewer rows."
        )
    if any(page.encoding == DELTA_BYTE_ARRAY for page in found):  # a few bytes may unpack to gigabytes
        raise unreadable(
            "The words of a Parquet file must be written plainly or as a dictionary; here each is written as what it "
            "adds to the one before. Write it again with the defaults of pandas, or save the table as CSV."
        )


def _pages(data: bytes, about: Any) -> Iterator[Page]:
    for chunk in _chunks(about):
        start = min(filter(None, (chunk.dictionary_page_offset, chunk.data_page_offset)))
        yield from pages(data, start, chunk.total_compressed_size)


def _chunks(about: Any) -> Iterator[Any]:
    for group in map(about.row_group, range(about.num_row_groups)):
        yield from map(group.column, range(group.num_columns))


def _too_many_rows(rows: int, limits: Limits) -> str:
    return f"A table may have at most {limits.rows:,} rows, got {rows:,}. Keep fewer rows."


def _column(name: str, cells: Any, limits: Limits) -> Column:
    import pyarrow as pa
    from pyarrow import types

    kind = cells.type.value_type if types.is_dictionary(cells.type) else cells.type
    if types.is_boolean(kind) or types.is_null(kind):
        return switch_column(name, _floats(cells.cast(pa.float64()) if types.is_null(kind) else cells.cast(pa.int8())))
    if types.is_temporal(kind):
        first = ["" if cell is None else str(cell) for cell in cells.slice(0, FIRST_ROWS).to_pylist()]
        return date_column(name, np.asarray(cells.is_null()), first)
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        plainly = cells.cast(kind) if types.is_dictionary(cells.type) else cells
        return numbers_column(name, _floats(plainly))
    return words_column(name, *_words(cells), limits)


def _floats(cells: Any) -> NDArray[np.float64]:
    import pyarrow as pa

    return np.array(cells.cast(pa.float64(), safe=False).to_numpy(), np.float64)


def _words(cells: Any) -> tuple[NDArray[Any], list[str]]:
    """Codes and words of a text column; bytes are words where they are UTF-8."""
    from pyarrow import types

    whole = (cells if types.is_dictionary(cells.type) else cells.dictionary_encode()).combine_chunks()
    whole = whole.chunk(0) if hasattr(whole, "chunk") and whole.num_chunks else whole
    codes = np.array(whole.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
    words = [_word(word) for word in whole.dictionary.to_pylist()]
    return codes, words


def _word(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str("" if value is None else value)
    return text[:1000].strip()


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    small = types.is_string(kind) or types.is_binary(kind) or types.is_string_view(kind) or types.is_binary_view(kind)
    return bool(small or types.is_large_string(kind) or types.is_large_binary(kind))
