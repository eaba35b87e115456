"""The numbers that a chart shows as a table: one row for every mark, in full precision."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.export.axes import Axis, axis_of, words_of
from regdash.store.room_export import FORMULA

Row = dict[str, Any]
KEYS = ("panel", "series", "label", "x", "y", "value", "more", "low", "high")  # columns; empty ones are left out


@dataclass(frozen=True)
class Table:
    """Rows of plain values under named columns; None where a chart has a gap."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def table(drawing: Drawing) -> Table:
    """What a chart shows, drawn inside `charts.screen.exact()` for every epoch and digit.

    Lines, dots and bars give series, x, y, low and high; heat maps x, y and value. The columns of x and y are named
    after the axes where those have a name of one word. What only waits in the legend is not part of it.
    """
    shown = [trace for trace in drawing.traces if trace.get("visible", True) is True]
    layout = drawing.plain_layout
    bands = {_place(trace): _ends(trace) for trace in shown if _is_band(trace)}
    rows = [row for trace in shown if not _is_band(trace) for row in _rows(trace, layout, bands)]
    axes = [(axis_of(layout, trace, "x"), axis_of(layout, trace, "y")) for trace in shown]
    meta: Mapping[str, str] = next((trace["meta"] for trace in shown if trace.get("meta")), {})
    many = len({(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in shown}) > 1
    return _tabled(rows if many else [row | {"panel": ""} for row in rows], axes, meta)


def to_csv(given: Table) -> str:
    """Comma-separated values with a header; no text in it can become a formula of a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defused(name) for name in given.columns])
    writer.writerows([defused(value) for value in row] for row in given.rows)
    return text.getvalue()


def to_parquet(given: Table, about: Mapping[str, Any]) -> bytes:
    """The table as Parquet; what is known about it stands as JSON under `regdash` in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = zip(*given.rows, strict=True) if given.rows else [()] * len(given.columns)
    arrays = [pa.array(*_typed(column)) for column in columns]
    found = pa.Table.from_arrays(arrays, names=list(given.columns))
    found = found.replace_schema_metadata({"regdash": json.dumps(about, allow_nan=False)})
    buffer = io.BytesIO()
    pq.write_table(found, buffer)
    return buffer.getvalue()


def defused(value: Any) -> Any:
    """A cell that no spreadsheet calculates."""
    return f"'{value}" if isinstance(value, str) and value.startswith((*FORMULA, "\r")) else value


def _typed(column: Sequence[Any]) -> tuple[list[Any], str]:
    """The values of a column with the narrowest type that holds all of them."""
    kinds = {type(value) for value in column if value is not None}
    if kinds <= {int}:
        return list(column), "int64" if kinds else "double"
    if kinds <= {int, float}:
        return [value if value is None else float(value) for value in column], "double"
    return [value if value is None else str(value) for value in column], "string"


def _tabled(rows: Sequence[Row], axes: Sequence[tuple[Axis, Axis]], meta: Mapping[str, str]) -> Table:
    keys = [key for key in KEYS if any(row.get(key, "") != "" for row in rows)]
    sides = zip(*axes, strict=True) if axes else ((), ())
    said = {key: _shared(axis.name for axis in side) for key, side in zip("xy", sides, strict=True)}
    said |= {"value": meta.get("z", ""), "more": meta.get("customdata", "")}
    names = [said.get(key) or key for key in keys]
    if len(set(names)) < len(names):
        names = keys
    return Table(tuple(names), tuple(tuple(row.get(key) for key in keys) for row in rows))


def _shared(names: Iterable[str]) -> str:
    """The name that all axes of a direction have, if it is one word."""
    found = set(names)
    name = found.pop() if len(found) == 1 else ""
    return name if name.isidentifier() else ""


def _place(trace: Mapping[str, Any]) -> tuple[Any, ...]:
    return trace.get("name"), trace.get("xaxis", "x"), trace.get("yaxis", "y")


def _is_band(trace: Mapping[str, Any]) -> bool:
    """Whether a trace is the interval of a line: one closed shape without a line of its own."""
    closed = trace.get("fill") == "toself" and (trace.get("line") or {}).get("width") == 0
    return closed and len(trace["x"]) % 2 == 0 and list(trace["x"]) == list(trace["x"])[::-1]


def _ends(trace: Mapping[str, Any]) -> dict[Any, tuple[Any, Any]]:
    """For each x the low and the high end: the shape runs along the high ends and back along the low ones."""
    half = len(trace["x"]) // 2
    return dict(zip(trace["x"][:half], zip(trace["y"][half:][::-1], trace["y"][:half], strict=True), strict=True))


def _rows(trace: Mapping[str, Any], layout: Mapping[str, Any], bands: Mapping[Any, Any]) -> Iterable[Row]:
    if trace.get("mode") == "text":
        return ()
    x, y = axis_of(layout, trace, "x"), axis_of(layout, trace, "y")
    series = words_of(trace.get("name") or "")
    shared = {"panel": x.panel, "series": series}
    if trace["type"] in ("heatmap", "contour"):
        return _cells(trace, x, y, shared if x.panel else {})
    return _marks(trace, x, y, bands.get(_place(trace), {}), shared)


def _cells(trace: Mapping[str, Any], x: Axis, y: Axis, shared: Row) -> list[Row]:
    grid = [list(row) for row in _plain(trace.get("z", ()))]
    across = list(_plain(trace.get("x", range(len(grid[0]) if grid else 0))))
    up = list(_plain(trace.get("y", range(len(grid)))))
    named = "customdata" in (trace.get("meta") or {})
    more = _plain(trace["customdata"]) if named else None
    return [
        shared
        | {"x": x.value(across[column]), "y": y.value(up[row]), "value": value}
        | ({"more": more[row][column]} if more else {})
        for row, cells in enumerate(grid)
        for column, value in enumerate(cells)
        if value is not None
    ]


def _marks(trace: Mapping[str, Any], x: Axis, y: Axis, ends: Mapping[Any, Any], shared: Row) -> list[Row]:
    texts = trace.get("text")
    labels = texts if isinstance(texts, (list, tuple)) else ()
    upright = _ends_of(trace, "y") if trace.get("orientation") != "h" else _ends_of(trace, "x")
    rows = []
    for turn, (left, height) in enumerate(zip(_plain(trace.get("x", ())), _plain(trace.get("y", ())), strict=False)):
        if left is None:
            continue
        row = shared | {"x": x.value(left), "y": y.value(height)}
        low, high = ends.get(left) or (upright[turn] if turn < len(upright) else (None, None))
        row |= {"low": low, "high": high} if low is not None or high is not None else {}
        row |= {"label": words_of(str(labels[turn]))} if turn < len(labels) else {}
        rows.append(row)
    return rows


def _ends_of(trace: Mapping[str, Any], side: str) -> list[tuple[Any, Any]]:
    """Low and high of each mark from its error bars; they reach as far down as up unless they say otherwise."""
    bars = trace.get(f"error_{side}") or {}
    above = _plain(bars.get("array") or ())
    below = _plain(bars.get("arrayminus") or above)
    return [
        (None, None) if up is None or down is None or at is None else (at - down, at + up)
        for at, up, down in zip(_plain(trace.get(side, ())), above, below, strict=False)
    ]


def _plain(values: Any) -> Any:
    """Plain numbers for arrays of NumPy."""
    return values.tolist() if hasattr(values, "tolist") else values
