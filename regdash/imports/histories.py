"""A history of columns that somebody brought, within limits."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from regdash.errors import RegdashError
from regdash.record import History

MOST_EPOCHS, MOST_COLUMNS, MOST_CURVES = 10_000, 100, 100
MOST_NUMBERS = 500_000  # of all curves that one file brings


class BrokenImport(RegdashError):
    """What somebody brought cannot be read: one sentence that names the file and what to do."""


def history_of(columns: Mapping[str, Sequence[Any]], where: str, called: Mapping[str, str]) -> History:
    """A history of our columns, whose names in the file are `called`; refuses what is too much, empty or uneven."""
    lengths = {name: len(column) for name, column in columns.items()}
    longest = max(lengths.values(), default=0)
    if not longest:
        raise BrokenImport(f"{where}: there are no epochs. Choose a file that was written after at least one epoch.")
    if longest > MOST_EPOCHS:
        raise BrokenImport(f"{where}: at most {MOST_EPOCHS:,} epochs are read, got {longest:,}. Keep every tenth row.")
    if len(columns) > MOST_COLUMNS:
        raise BrokenImport(f"{where}: at most {MOST_COLUMNS} columns are read, got {len(columns)}. Leave some out.")
    short = next((name for name, length in lengths.items() if length != longest), None)
    if short is not None:
        full = next(name for name, length in lengths.items() if length == longest)
        raise BrokenImport(
            f"{where}: every column must have as many epochs as the others, but {called[short][:40]} has "
            f"{lengths[short]} and {called[full][:40]} has {longest}. Write empty places as null."
        )
    table = {name: np.array(column, float) for name, column in columns.items()}
    return History(table | ({} if "val_loss" in table else {"val_loss": np.full(longest, math.nan)}))
