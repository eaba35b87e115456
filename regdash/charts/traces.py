"""Lines, dots and upright marks of the small figures as plain Plotly traces and shapes."""

from collections.abc import Sequence
from typing import Any

from regdash.charts.screen import shown
from regdash.intervals import Array

Values = Sequence[float] | Array


def line(
    name: str, x: Values, y: Values, colour: str, dash: str = "solid", width: float = 2, **more: Any
) -> dict[str, Any]:
    """One line with its name in the legend; a name that is not plain words needs a `uid` besides."""
    trace = {
        "type": "scatter",
        "mode": "lines",
        "uid": name,
        "name": name,
        "x": shown(x),
        "y": shown(y),
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": f"%{{y:.3~g}}<extra>{name}</extra>",
    }
    return trace | more


def dots(
    name: str, x: Values, y: Values, colour: str, symbol: str = "circle", size: float = 6, **more: Any
) -> dict[str, Any]:
    """Points that stand for themselves."""
    trace = {
        "type": "scatter",
        "mode": "markers",
        "uid": name,
        "name": name,
        "x": shown(x),
        "y": shown(y),
        "marker": {"size": size, "color": colour, "symbol": symbol},
        "hovertemplate": f"%{{y:.3~g}}<extra>{name}</extra>",
    }
    return trace | more


def upright(x: float, colour: str, dash: str = "dot", **more: Any) -> dict[str, Any]:
    """A line over the whole height at x."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
    return {"type": "line", "yref": "paper", "layer": "below", **ends, "line": _thin(colour, dash), **more}


def level(y: float, colour: str, dash: str = "dot", **more: Any) -> dict[str, Any]:
    """A line over the whole width at y."""
    ends = {"x0": 0, "x1": 1, "y0": y, "y1": y}
    return {"type": "line", "xref": "paper", "layer": "below", **ends, "line": _thin(colour, dash), **more}


def _thin(colour: str, dash: str) -> dict[str, Any]:
    return {"color": colour, "width": 1.2, "dash": dash}
