"""A table as lines of text."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from regdash.params import shown


def aligned(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A heading and one line per row, each column as wide as its widest cell; nothing without rows."""
    if not rows:
        return []
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.4g}"
    return value if isinstance(value, str) else shown(value)
