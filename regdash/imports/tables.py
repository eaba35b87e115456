"""Histories in JSON and CSV, as Keras' History and CSVLogger and as Regdash itself write them."""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from regdash.comparison.imported import Imported, clean_name
from regdash.imports.histories import MOST_COLUMNS, MOST_NUMBERS, BrokenImport, history_of
from regdash.imports.names import LOOKED_FOR, names_of
from regdash.params import excerpt
from regdash.record import History

EPOCHS = ("epoch", "step", "", "unnamed: 0")  # headings of a column that only counts
PLACES = ("setting", "seed", "fold")  # columns of Regdash's own download
MOST_LEFT = 5  # columns that are named as not read


def history_from(columns: Mapping[str, Sequence[Any]], where: str) -> tuple[History, tuple[str, ...]]:
    """A history of their columns of numbers, and notes on what was left out."""
    names = names_of(columns)
    if not names.kept:
        found = ", ".join(name[:30] for name in list(columns)[:MOST_LEFT]) or "none"
        raise BrokenImport(
            f"{where}: no column is a curve that Regdash knows. It looks for {LOOKED_FOR}; the columns here: {found}."
        )
    kept = {ours: columns[name] for ours, name in names.kept.items()}
    return history_of(kept, where, names.kept), _notes(names.left)


def _notes(left: Sequence[str]) -> tuple[str, ...]:
    if not left:
        return ()
    more = f" and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
    return (f"Not read: {', '.join(name[:30] for name in left[:MOST_LEFT])}{more}.",)


def from_json_columns(name: str, tree: Mapping[str, Any]) -> Imported:
    """The `history` of Keras' History object: {"loss": [...], "val_loss": [...]}."""
    if len(tree) > MOST_COLUMNS:
        raise BrokenImport(f"{name}: at most {MOST_COLUMNS} columns are read, got {len(tree)}. Leave some out.")
    columns = {}
    for key, column in tree.items():
        if key.lower() in EPOCHS:
            continue
        if not isinstance(column, list):
            raise BrokenImport(f"{name}: {key[:40]!r} must be a list of numbers, got {excerpt(column)}.")
        columns[key] = [_number(value, name, key, epoch) for epoch, value in enumerate(column, 1)]
    history, notes = history_from(columns, name)
    return Imported(clean_name(stripped(name)), "Keras history", (history,), notes)


def from_json_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> Imported:
    """One object for each epoch: [{"epoch": 0, "loss": 0.7}, ...]; what one of them lacks is a gap."""
    keys = dict.fromkeys(key for row in rows for key in row)
    if len(keys) > MOST_COLUMNS:
        raise BrokenImport(f"{name}: at most {MOST_COLUMNS} columns are read, got {len(keys)}. Leave some out.")
    return from_json_columns(name, {key: [row.get(key) for row in rows] for key in keys})


def _number(value: Any, name: str, column: str, epoch: int) -> float:
    if value is None:
        return math.nan
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise BrokenImport(f"{name}: {column[:40]} must hold numbers, got {excerpt(value)} at epoch {epoch:,}.")


def from_csv(name: str, text: str) -> list[Imported]:
    """The file of Keras' CSVLogger, with or without an epoch column, or Regdash's own download of curves."""
    header, rows = _rows(name, text)
    used = {key.strip().lower(): place for place, key in enumerate(header)}
    settings: dict[str, dict[tuple[str, ...], list[tuple[int, list[str]]]]] = defaultdict(lambda: defaultdict(list))
    counted, last, part = next((used[key] for key in EPOCHS if key in used), None), -math.inf, 0
    for line, row in rows:
        epoch = _cell(row[counted], name, line, "epoch") if counted is not None else 0.0
        part, last = (part + 1 if counted is not None and epoch <= last else part), epoch  # training began anew
        place = [row[used[key]] for key in PLACES if key in used]
        setting = place[0] if "setting" in used else ""
        settings[setting][(str(part), *place)].append((line, row))
    own = "seed" in used
    return [_imported(name, setting, header, runs, own) for setting, runs in settings.items()]


def _rows(name: str, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the rows with the numbers of their lines."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    if first.count(separator) > MOST_COLUMNS + len(PLACES) + 1:
        raise BrokenImport(f"{name}: at most {MOST_COLUMNS} columns are read, got {first.count(separator) + 1:,}.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header: list[str] = []
    rows = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = row
            elif len(row) != len(header):
                raise BrokenImport(
                    f"{name}, line {reader.line_num:,}: there must be {len(header)} cells as in the first line, got "
                    f"{len(row)}."
                )
            else:
                rows.append((reader.line_num, row))
                if len(rows) * len(header) > MOST_NUMBERS:
                    raise BrokenImport(f"{name}: at most {MOST_NUMBERS:,} numbers are read. Split the file.")
    except csv.Error as error:
        raise BrokenImport(f"{name}, line {reader.line_num:,}: this is no table ({str(error)[:80]}).") from None
    if not rows:
        raise BrokenImport(f"{name}: there must be a line of column names and at least one epoch below it.")
    return header, rows


def _imported(
    name: str, setting: str, header: Sequence[str], runs: Mapping[Any, Sequence[tuple[int, list[str]]]], own: bool
) -> Imported:
    skipped = (*EPOCHS, *(PLACES if own else ()))
    kept = [(place, key.strip()) for place, key in enumerate(header) if key.strip().lower() not in skipped]
    names = names_of(key for _, key in kept).kept.values()
    histories: list[History] = []
    notes: tuple[str, ...] = ()
    for rows in runs.values():
        columns: dict[str, list[float]] = {}
        for place, key in kept:  # what is not read need not be numbers
            read = key in names
            columns[key] = [_cell(row[place], name, line, key) if read else math.nan for line, row in rows]
        history, notes = history_from(columns, name)
        histories.append(history)
    parts = (f"{len(histories)} trainings stand below each other; they are read as seeds of one setting.",)
    several = parts if len(histories) > 1 and not own else ()
    label = clean_name(f"{setting} ({stripped(name)})" if setting else stripped(name))
    return Imported(label, "CSV of curves", tuple(histories), (*several, *notes))


def _cell(text: str, name: str, line: int, column: str) -> float:
    plain = text.strip()
    if not plain or plain.lower() in ("na", "none", "null"):
        return math.nan
    try:
        return float(plain)
    except ValueError:
        raise BrokenImport(
            f"{name}, line {line:,}: {column[:40]} must be a number, got {excerpt(plain)}. Leave missing cells empty."
        ) from None


def stripped(name: str) -> str:
    """A file's name without its folder and its ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    return stem if dot and stem and len(ending) <= 5 and ending.isalnum() and not ending.isdigit() else last
