"""CSV files: encoding, delimiter and header are found; what was assumed is noted."""

import csv
import io
import re
from collections import Counter
from typing import Any

from regdash.datasets.table_columns import Column, is_number, words_column
from regdash.datasets.table_limits import InvalidTable, Limits, distinct, plain, unreadable

DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
SAMPLE = 65_536  # characters in which delimiter and header are looked for
SAMPLE_ROWS = 50

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def read_text(data: bytes, limits: Limits) -> tuple[list[Column], list[str]]:
    """The columns of a CSV file, and notes about what was assumed."""
    text, notes = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, announced = _announced(text)
    delimiter = announced or find_delimiter(text)
    width = next(map(len, _records(text, delimiter)), 0)
    if width > limits.columns:
        raise unreadable(f"A table may have at most {limits.columns} columns, got {width}. Remove some columns.")
    frame = _frame(text, delimiter, width, limits)
    if not len(frame):
        raise unreadable("The file holds no rows. Choose a CSV file with a header line and rows below it.")
    records = frame.iloc[: SAMPLE_ROWS + 1].to_numpy().tolist()
    header = has_header(records)
    if len(frame) - header > limits.rows:
        raise _too_many_rows(text, limits)
    if header:
        names = [plain(cell) for cell in records[0]]
        frame = frame.iloc[1:]
    else:
        names = [""] * width
        notes.append("No header line was found, so the columns are called column 1, column 2 and so on.")
    named = distinct(name or f"column {place}" for place, name in enumerate(names, 1))
    return [_column(name, frame[place], limits, delimiter) for place, name in enumerate(named)], notes


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text of a file: UTF-8 or UTF-16, else Western European with a note that says so."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(_decoded(data, encoding)), []
    if data[:1000].count(0) > len(data[:1000]) / 4:
        encoding = "utf-16-le" if data[1:1000:2].count(0) >= data[:1000:2].count(0) else "utf-16-be"
        return _checked(_decoded(data, encoding)), []
    try:
        return _checked(data.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    note = "The file is not in UTF-8, so it was read as Western European (Latin-1): check letters with accents."
    return _checked(text), [note]


def find_delimiter(text: str) -> str:
    """The one of , ; tab | that cuts most rows into the same number of cells.

    Between delimiters that do so equally well the comma gives way where it may be a decimal comma; else the one with
    more cells wins.
    """
    scores = {}
    for delimiter in DELIMITERS:
        records = _records(text, delimiter)
        width, count = next(iter(Counter(map(len, records)).most_common(1)), (0, 0))
        if width > 1:
            scores[delimiter] = (round(count / len(records), 2), _has_decimal_comma(records, delimiter), width)
    return max(scores, key=scores.__getitem__, default=",")


def has_header(records: list[list[str]]) -> bool:
    """Whether the first row holds names: words above numbers, or words that do not come again below."""
    first, *body = records
    if any(is_number(cell) for cell in first) or sum(not cell.strip() for cell in first) > 1:
        return False
    columns = [[row[place] for row in body if place < len(row) and row[place].strip()] for place in range(len(first))]
    if any(cells and sum(map(is_number, cells)) > len(cells) / 2 for cells in columns):
        return True
    return len(set(first)) == len(first) and not any(cell in cells for cell, cells in zip(first, columns, strict=True))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable(
            f"The file begins like {encoding.upper()} text and then is not. Save it as CSV in UTF-8."
        ) from None


def _checked(text: str) -> str:
    if _CONTROLS.search(text):
        raise unreadable(
            "A table must be a CSV or Parquet file; this one holds bytes that are no text. Save it as CSV in UTF-8."
        )
    return text


def _announced(text: str) -> tuple[str, str]:
    """Spreadsheets may write a first line such as sep=; to name the delimiter."""
    found = re.match(r'"?sep=([,;\t|])"?\n', text, re.I)
    return (text[found.end() :], found[1]) if found else (text, "")


def _records(text: str, delimiter: str) -> list[list[str]]:
    """The first rows that are not blank, cut by this delimiter."""
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        if "\n" not in sample:
            raise unreadable(f"A line may have at most {SAMPLE:,} characters; the first one is longer. Keep fewer.")
        sample = sample[: sample.rindex("\n") + 1]
    reader = csv.reader(io.StringIO(sample), delimiter=delimiter, skipinitialspace=True)
    found = []
    for record in reader:
        if any(cell.strip() for cell in record):
            found.append(record)
        if len(found) > SAMPLE_ROWS:
            break
    return found


def _has_decimal_comma(records: list[list[str]], delimiter: str) -> bool:
    return delimiter != "," and any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in records for cell in row)


def _too_many_rows(text: str, limits: Limits) -> InvalidTable:
    found = text.rstrip().count("\n")
    return unreadable(f"A table may have at most {limits.rows:,} rows, got about {found:,}. Keep fewer rows.")


def _frame(text: str, delimiter: str, width: int, limits: Limits) -> Any:
    """All rows as text, those without a word left out."""
    import pandas as pd

    if not width:
        return pd.DataFrame()

    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skipinitialspace=True,
            nrows=limits.rows + 2,
        )
    except ValueError as error:  # ParserError and EmptyDataError are ValueErrors too
        raise unreadable(_parse_fault(str(error))) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas has made an index of the cells that are too many
        raise unreadable(f"Every line must have as many cells as the first, {width}; some have more. Correct them.")
    if len(frame) > limits.rows + 1:
        raise _too_many_rows(text, limits)
    frame = frame.apply(lambda column: column.str.strip())
    return frame[(frame != "").any(axis=1)]


def _parse_fault(message: str) -> str:
    uneven = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if uneven:
        wanted, line, got = uneven.groups()
        return f"Every line must have as many cells as the first, {wanted}; line {line} has {got}. Correct that line."
    if "EOF inside string" in message:
        return "Every quotation mark must be closed; one is open to the end of the file. Close or remove it."
    return "The file could not be read as CSV. Save it again as CSV in UTF-8 with commas between the cells."


def _column(name: str, cells: Any, limits: Limits, delimiter: str) -> Column:
    codes, words = cells.factorize()
    return words_column(name, codes, [str(word) for word in words], limits, comma=delimiter != ",")
