"""An uploaded file as a table: CSV or Parquet, told apart by their content and never by their name."""

from dataclasses import dataclass

from regdash.datasets.table_columns import Column
from regdash.datasets.table_limits import FEWEST_ROWS, LIMITS, InvalidTable, Limits, plain, unreadable
from regdash.datasets.table_parquet import read_parquet
from regdash.datasets.table_prepare import Prepared, prepare, task_of
from regdash.datasets.table_text import read_text

__all__ = ["Column", "InvalidTable", "Prepared", "Table", "guessed_target", "prepare", "read_table", "task_of"]

TARGET_NAMES = ("target", "label", "class", "y")

_STRANGERS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy array",
    b"ARROW1": "a Feather file",
}


@dataclass(frozen=True, eq=False)
class Table:
    """What an uploaded file holds: its columns, each with its kind, and notes about what was assumed."""

    name: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """N, the number of rows."""
        return len(self.columns[0].values)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns; each is there only once."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    def inputs_for(self, target: str) -> tuple[str, ...]:
        """All columns that can be inputs when that one is the target."""
        return tuple(column.name for column in self.columns if column.usable and column.name != target)


def read_table(data: bytes, name: str, limits: Limits = LIMITS) -> Table:
    """Read a CSV or Parquet file; InvalidTable with a sentence when that cannot be."""
    if len(data) > limits.upload_bytes:
        most = limits.upload_bytes / 2**20
        raise unreadable(f"A file may have at most {most:g} MB, got {len(data) / 2**20:.1f} MB. Keep fewer rows.")
    if not data.strip():
        raise unreadable("The file is empty. Choose a CSV or Parquet file with a header line and rows.")
    for beginning, kind in _STRANGERS.items():
        if data.startswith(beginning):
            raise unreadable(f"A table must be a CSV or Parquet file; this is {kind}. Save the table as CSV.")
    notes: list[str] = []
    if data.startswith(b"PAR1"):
        columns = read_parquet(data, limits)
    elif name.lower().endswith((".parquet", ".pq")):
        raise unreadable("The file is called Parquet and is none. Write it again, or save the table as CSV.")
    else:
        columns, notes = read_text(data, limits)
    _check(columns)
    return Table(plain(name), tuple(columns), tuple(notes))


def guessed_target(table: Table) -> str:
    """The column that is probably to be predicted: one called target, label, class or y, else the last usable one."""
    by_word = {column.name.lower(): column.name for column in reversed(table.columns)}
    named = [by_word[word] for word in TARGET_NAMES if word in by_word]
    usable = [column.name for column in table.columns if column.usable]
    return (named or usable[-1:] or [table.names[-1]])[0]


def _check(columns: list[Column]) -> None:
    if len(columns) < 2:
        raise unreadable(
            f"A table needs a target and at least one input, got {len(columns)} column. "
            "Separate the cells by commas, semicolons, tabs or bars."
        )
    rows = len(columns[0].values)
    if rows < FEWEST_ROWS:
        raise unreadable(f"A table needs at least {FEWEST_ROWS} rows, got {rows}. Add rows.")
