"""Figures for paper and slides: a chart with its title and caption, in a size and a palette."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain
from regdash.charts.theme import PALETTES, Theme
from regdash.export.axes import words_of

FONT = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"  # that a machine without ours has too
PX_PER_MM = 96 / 25.4
TITLE, SMALL, LINE = 13.0, 10.0, 1.35  # px, px, line height in font sizes
LETTER = 0.5  # the width of a letter at the mean, in font sizes
LEGEND, KEY = 12.0, 44.0  # px: the font of a legend, and its line with the gaps
MOST_LINES = 6  # of a caption


@dataclass(frozen=True)
class Size:
    """Where a figure is to stand. `width` and `height` in px of 1/96 inch; height 0 follows the chart.

    At these widths the letters of a chart have 8 to 9 pt. `scale` is what a PNG takes by default.
    """

    name: str
    label: str
    width: int
    height: int
    scale: float

    @property
    def fixed(self) -> bool:
        """Whether the height is given, as that of a slide."""
        return bool(self.height)


SIZES = (
    Size("page", "As on the page", 640, 0, 2.0),
    Size("column", "One column (85 mm)", round(85 * PX_PER_MM), 0, 600 / 96),
    Size("columns", "Two columns (178 mm)", round(178 * PX_PER_MM), 0, 300 / 96),
    Size("slide", "Slide (16:9)", 800, 450, 2.4),
)
"""The sizes that are offered; the first is the default."""


@dataclass(frozen=True)
class Words:
    """What stands around a chart."""

    title: str
    caption: str = ""


def framed(drawing: Drawing, theme: Theme, size: Size, words: Words, height: int) -> Drawing:
    """The chart in a figure of its own with title, caption, paper and a font that other machines have.

    `height` is the chart's on the page, in px. What only waits in the legend is left out of it.
    """
    colours = PALETTES[theme]
    head, lines = _head(words, size.width, colours.quiet)
    room = lines * SMALL * LINE + (TITLE * LINE + 8 if words.title else 0)
    tall = size.height or round(_body(height, size.width) + room + _legend(drawing, size.width))
    layout = _without_page(drawing.plain_layout, size.width)
    layout |= {
        "width": size.width,
        "height": tall,
        "autosize": False,
        "font": {"family": FONT},
        "title": head,
        "paper_bgcolor": colours.paper,
        "plot_bgcolor": colours.paper,
        "margin": _margin(layout.get("margin")),
    }
    traces = [_named(trace, turn, size.width) for turn, trace in enumerate(drawing.traces)]
    return Drawing(tuple(traces), layout)


def without_hidden(drawing: Drawing) -> Drawing:
    """The same without what only waits in the legend: nobody can press on paper."""
    shown = tuple(trace for trace in drawing.traces if trace.get("visible", True) != "legendonly")
    return Drawing(shown, drawing.plain_layout)


def title_of(drawing: Drawing) -> str:
    """The title of a chart."""
    return str((drawing.plain_layout.get("meta") or {}).get("title", ""))


def _head(words: Words, width: int, quiet: str) -> tuple[dict[str, Any], int]:
    """Title and caption in Plotly's words, wrapped to the width, and how many lines the caption has."""
    title = "<br>".join(f"<b>{plain(line)}</b>" for line in wrap(words.title, _letters(width, TITLE)))
    lines = wrap(" ".join(words.caption.split()), _letters(width, SMALL))
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    head: dict[str, Any] = {"text": title, "font": {"size": TITLE}, "x": 0, "xanchor": "left", "xref": "container"}
    head |= {"y": 1, "yanchor": "top", "yref": "container", "automargin": True, "pad": {"l": 8, "t": 8, "b": 2}}
    if lines:
        text = "<br>".join(map(plain, lines))
        head["subtitle"] = {"text": text, "font": {"size": SMALL, "color": quiet}}
    return head, len(lines)


def _letters(width: int, size: float) -> int:
    return max(16, int((width - 16) / (LETTER * size)))


def _body(height: int, width: int) -> float:
    """The height of the chart itself: a small chart of a page stays readable, a tall one keeps its panels."""
    if width < 400:
        return min(max(height, 210), 0.85 * height + 40)
    return max(height, 290)


def _legend(drawing: Drawing, width: int) -> float:
    """The height that a legend above the chart takes beyond its first line."""
    if drawing.plain_layout.get("showlegend") is False:
        return 0.0
    names = {
        str(trace.get("legendgroup") or trace["name"]): str(trace["name"])
        for trace in drawing.traces
        if trace.get("name") and trace.get("showlegend", True) and trace.get("visible", True) != "legendonly"
    }
    if len(names) < 2:
        return 0.0
    widest = KEY + LETTER * LEGEND * max(map(len, names.values()))
    rows = math.ceil(len(names) / max(1, int((width - 60) / widest)))
    return (rows - 1) * LEGEND * 1.6


def _without_page(layout: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The layout without what only a page needs; beside a narrow chart there is no room for a legend."""
    found = {name: value for name, value in layout.items() if name not in ("uirevision", "dragmode")}
    if width < 400 and (found.get("legend") or {}).get("orientation") == "v":
        found.pop("legend")
    return found


def _named(trace: Mapping[str, Any], turn: int, width: int) -> dict[str, Any]:
    """The trace with a name that fits into the legend; Plotly makes a selector of its uid."""
    lines = wrap(words_of(str(trace.get("name") or "")), max(12, int((width - 60 - KEY) / (LETTER * LEGEND))))
    name = {"name": "<br>".join(map(plain, lines))} if lines else {}
    return dict(trace) | {"uid": f"trace-{turn}"} | name


def _margin(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The chart's own margin; it grows with title and legend."""
    return {"l": 44, "r": 18, "t": 12, "b": 38, **(given or {}), "autoexpand": True}
