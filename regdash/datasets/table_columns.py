"""What the cells of one column are: numbers, categories, switches, or nothing to learn from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.table_limits import Limits, distinct, plain

ColumnKind = Literal["number", "category", "switch", "date", "identifier", "constant", "text", "empty"]
USABLE: tuple[ColumnKind, ...] = ("number", "category", "switch")

FIRST_ROWS = 8  # shown in the preview
MOSTLY = 0.9  # the share of cells that makes a column one of numbers or dates
LARGEST = 1e30  # beyond it, squares overflow in single precision

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--"})
SWITCHES = (("false", "true"), ("no", "yes"), ("off", "on"), ("f", "t"), ("n", "y"))
COUNTERS = re.compile(r"(column \d+|id|.*[ _]id|index|no|nr|number|row|__index_level_0__|unnamed: \d+)", re.I)

_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}/\d{1,2}/\d{1,2})([T ][\d:.,+\-Z ]*)?")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d*")
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_LEFT_OUT: dict[ColumnKind, str] = {
    "date": "Dates are left out. Turn them into numbers, such as the year or the weekday, to use them.",
    "identifier": "Every row has a value of its own, which says nothing about other rows: left out.",
    "constant": "It has the same value in every row: left out.",
    "empty": "It has no values: left out.",
}


@dataclass(frozen=True, eq=False)
class Column:
    """One column: `values` [N] are numbers, or places in `categories`; nan where a cell is missing."""

    name: str
    kind: ColumnKind
    values: NDArray[np.float64]
    categories: tuple[str, ...] = ()
    note: str = ""
    first: tuple[str, ...] = ()  # the first cells as they were written

    @property
    def usable(self) -> bool:
        """Whether it can be an input."""
        return self.kind in USABLE

    @property
    def missing(self) -> int:
        """How many cells are missing."""
        return int(np.isnan(self.values).sum())

    @property
    def different(self) -> int:
        """How many different values there are."""
        return len(np.unique(self.values[~np.isnan(self.values)]))


def words_column(name: str, codes: NDArray[Any], words: Sequence[str], limits: Limits, comma: bool = True) -> Column:
    """A column of text: row i holds `words[codes[i]]`, and nothing where the code is negative.

    With `comma` a comma in a number is a decimal comma; without it, in a file whose delimiter is the comma, groups of
    three digits such as 1,234 are thousands.
    """
    first = tuple(plain(words[code]) if code >= 0 else "" for code in codes[:FIRST_ROWS])
    present = np.array([word.strip().lower() not in MISSING for word in words], bool)
    known = (codes >= 0) & (present[codes] if len(words) else False)
    codes = np.where(known, codes, -1)
    if not known.any():
        return _left_out(name, "empty", codes, first)
    numbers, note = _numbers(words, present, comma)
    share = float(np.isfinite(numbers[codes[known]]).mean())
    if share >= MOSTLY:
        values = np.where(known, numbers[codes], np.nan)
        bad = np.flatnonzero(known & np.isnan(values))
        return numbers_column(name, values, " ".join(filter(None, (note, _bad_cells(bad, codes, words)))), first)
    return _category(name, codes, words, first, limits, share)


def numbers_column(name: str, values: NDArray[np.float64], note: str = "", first: tuple[str, ...] = ()) -> Column:
    """A column of numbers; one value only, or a mere count of the rows, is left out."""
    values = np.where(np.abs(values) <= LARGEST, values, np.nan) + 0.0
    first = first or tuple("" if np.isnan(value) else f"{value:.6g}" for value in values[:FIRST_ROWS])
    known = values[~np.isnan(values)]
    if not len(known):
        return _left_out(name, "empty", values, first)
    if (known == known[0]).all():
        return Column(name, "constant", values, (), _LEFT_OUT["constant"], first)
    if len(known) == len(values) and (np.diff(values) == 1).all() and COUNTERS.fullmatch(name):
        return Column(name, "identifier", values, (), "It only counts the rows: left out.", first)
    return Column(name, "number", values, (), note, first)


def switch_column(name: str, values: NDArray[np.float64]) -> Column:
    """A column of false (0) and true (1)."""
    first = tuple("" if np.isnan(value) else str(bool(value)).lower() for value in values[:FIRST_ROWS])
    known = values[~np.isnan(values)]
    if not len(known) or (known == known[0]).all():
        return _left_out(name, "constant" if len(known) else "empty", values, first)
    return Column(name, "switch", values, SWITCHES[0], "", first)


def date_column(name: str, missing: NDArray[np.bool_], first: Iterable[str]) -> Column:
    """A column of dates or times, which is left out."""
    values = np.where(missing, np.nan, np.arange(len(missing)))
    return _left_out(name, "date", values, tuple(plain(cell) for cell in first))


def is_number(text: str) -> bool:
    """Whether a cell is written as a number, with a point or a comma."""
    return re.fullmatch(r"\s*[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?\s*", text, re.ASCII) is not None


def _left_out(name: str, kind: ColumnKind, values: NDArray[Any], first: tuple[str, ...]) -> Column:
    marked = np.where(values < 0, np.nan, values) if values.dtype.kind == "i" else values
    return Column(name, kind, marked.astype(np.float64), (), _LEFT_OUT[kind], first)


def _category(
    name: str, codes: NDArray[Any], words: Sequence[str], first: tuple[str, ...], limits: Limits, share: float
) -> Column:
    """A column of words: few of them are categories, a word for every row is an identifier."""
    used, places = np.unique(codes[codes >= 0], return_inverse=True)
    texts = [words[code].strip() for code in used]
    values = np.full(len(codes), np.nan)
    values[codes >= 0] = places
    if _share_of_rows(_DATE, texts, places) >= MOSTLY:
        return _left_out(name, "date", values, first)
    if len(texts) == 1:
        return Column(name, "constant", values, (plain(texts[0]),), _LEFT_OUT["constant"], first)
    for pair in SWITCHES:
        if {text.lower() for text in texts} == set(pair):
            on = np.array([pair.index(text.lower()) for text in texts], np.float64)
            values[codes >= 0] = on[places]
            return Column(name, "switch", values, pair, "", first)
    if len(texts) > limits.categories:
        every = len(texts) == len(places)
        kind: ColumnKind = "identifier" if every and not share else "text"
        note = _LEFT_OUT["identifier"] if kind == "identifier" else _too_many(len(texts), share, limits)
        return Column(name, kind, values, (), note, first)
    if len(texts) == len(places) and len(texts) >= 10:
        return _left_out(name, "identifier", values, first)
    order = sorted(range(len(texts)), key=texts.__getitem__)
    values[codes >= 0] = np.argsort(order)[places]
    return Column(name, "category", values, distinct(plain(texts[place]) or "(blank)" for place in order), "", first)


def _too_many(different: int, share: float, limits: Limits) -> str:
    if share > 0.5:
        return f"Only {share:.0%} of its cells are numbers: left out. Correct the other cells to use it."
    return f"It has {different} different words, and at most {limits.categories} can become inputs: left out."


def _numbers(words: Sequence[str], present: NDArray[np.bool_], comma: bool) -> tuple[NDArray[np.float64], str]:
    """The number behind each word, nan where there is none, and how commas were read."""
    plainly = _parsed(words, present)
    if not any("," in word for word in words):
        return plainly, ""
    grouped = [word.replace(",", "") if _COMMA_GROUPS.fullmatch(word.strip()) else word for word in words]
    points = [w.replace(".", "") if _POINT_GROUPS.fullmatch(w.strip()) else w for w in words]
    readings = (
        (_parsed([word.replace(",", ".") for word in points], present), "The comma was read as a decimal comma."),
        (_parsed(grouped, present), "The comma was read as a separator of thousands."),
    )
    best, note = max(readings if comma else readings[::-1], key=lambda reading: np.isfinite(reading[0]).sum())
    return (best, note) if np.isfinite(best).sum() > np.isfinite(plainly).sum() else (plainly, "")


def _parsed(words: Sequence[str], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    import pandas as pd

    numbers = pd.to_numeric(pd.Series(list(words), dtype=object), errors="coerce").to_numpy(np.float64, copy=True)
    numbers[~present | ~(np.abs(numbers) <= LARGEST)] = np.nan
    return numbers


def _bad_cells(rows: NDArray[np.intp], codes: NDArray[Any], words: Sequence[str]) -> str:
    if not len(rows):
        return ""
    cells = ", ".join(f"row {row + 1} “{plain(words[codes[row]], 20)}”" for row in rows[:3])
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    count = "1 cell is no number and counts" if len(rows) == 1 else f"{len(rows)} cells are no numbers and count"
    return f"{count} as missing: {cells}{more}."


def _share_of_rows(pattern: re.Pattern[str], texts: Sequence[str], places: NDArray[np.intp]) -> float:
    fits = np.array([pattern.fullmatch(text[:40]) is not None for text in texts], bool)
    return float(fits[places].mean())
