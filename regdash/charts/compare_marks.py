"""How settings side by side are told apart: a colour and a dash by their order, and one entry each in the legend."""

from collections.abc import Sequence
from hashlib import blake2s
from typing import Any

from regdash.charts.screen import plain, short
from regdash.charts.theme import PALETTES, SERIES_DASHES, Theme

LONGEST_NAME = 40  # letters of a setting's name
LEGEND_ROW = 20  # px
LEGEND_WIDTH = 330  # px of the narrowest card
LEGEND = {"maxheight": 0.75}  # share of the chart, before it has to be scrolled
LETTER, SWATCH = 6.2, 50  # px of a letter, and of the line before it


def colour_of(place: int, theme: Theme) -> str:
    """The colour of the setting at a place (from 0) of the comparison."""
    colours = PALETTES[theme].series
    return colours[place % len(colours)]


def dash_of(place: int) -> str:
    """The dash of the setting at a place: another one for every round of the colours."""
    return SERIES_DASHES[place // len(PALETTES["light"].series) % len(SERIES_DASHES)]


def said(name: str) -> str:
    """The name of a setting as a chart may show it."""
    return plain(short(name, LONGEST_NAME))


def uid_of(part: str, name: str) -> str:
    """What keeps a trace apart from others: Plotly builds selectors of it, so a visitor's words are no part of it."""
    return f"{part}-{blake2s(name.encode(), digest_size=6).hexdigest()}"


def entry(name: str, line: dict[str, Any], *, uid: str, **trace: Any) -> dict[str, Any]:
    """An entry of the legend that stands for no mark by itself."""
    shared = {
        "type": "scatter",
        "mode": "lines",
        "uid": uid,
        "name": name,
        "legendgroup": uid,
        "x": [None],
        "y": [None],
    }
    return shared | {"line": line, "hoverinfo": "skip", "showlegend": True} | trace


def legend_height(names: Sequence[str]) -> int:
    """How many pixels a legend with these entries takes on the narrowest card."""
    across = max((SWATCH + LETTER * min(len(name), LONGEST_NAME) for name in names), default=0)
    columns = max(1, int(LEGEND_WIDTH // across)) if across else 1
    return LEGEND_ROW * -(-len(names) // columns)
