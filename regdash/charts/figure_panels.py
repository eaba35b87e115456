"""Two panels of a small figure, under or beside each other."""

from collections.abc import Mapping
from typing import Any


def beside(left: Mapping[str, Any], right: Mapping[str, Any], gap: float = 0.16) -> dict[str, Any]:
    """The axes of two panels side by side; each takes `x`, `y` and a `title` above it."""
    middle = 0.5 - gap / 2
    return {
        "xaxis": {"domain": [0, middle], "anchor": "y"} | dict(left["x"]),
        "yaxis": {"domain": [0, 0.92], "anchor": "x"} | dict(left["y"]),
        "xaxis2": {"domain": [0.5 + gap / 2, 1], "anchor": "y2"} | dict(right["x"]),
        "yaxis2": {"domain": [0, 0.92], "anchor": "x2"} | dict(right["y"]),
        "annotations": [_title(left["title"], 0, 0.94), _title(right["title"], 0.5 + gap / 2, 0.94)],
    }


def below(top: Mapping[str, Any], bottom: Mapping[str, Any], share: float = 0.5, gap: float = 0.18) -> dict[str, Any]:
    """The axes of two panels one below the other; the upper one takes this share of the height."""
    upper, lower = 1 - share + gap / 2, 1 - share - gap / 2
    return {
        "xaxis": {"anchor": "y"} | dict(top["x"]),
        "yaxis": {"domain": [upper, 1], "anchor": "x"} | dict(top["y"]),
        "xaxis2": {"anchor": "y2"} | dict(bottom["x"]),
        "yaxis2": {"domain": [0, lower], "anchor": "x2"} | dict(bottom["y"]),
    }


def _title(text: str, x: float, y: float) -> dict[str, Any]:
    place = {"x": x, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"size": 12}} | place
