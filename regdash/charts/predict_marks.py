"""What the charts of predictions share: what was predicted is orange, what the runs say is blue."""

import re
from collections.abc import Sequence
from itertools import accumulate
from textwrap import wrap
from typing import Any

from regdash.charts.compare_marks import entry
from regdash.charts.screen import plain
from regdash.charts.theme import PALETTES, Theme, rgba

RUNS, GUESS = "Prediction and result", "your prediction"
DASH = "8px,3px"
LETTERS = 44  # of a line above a bar, on the narrowest card
LINE, BAR, GAP = 17.0, 16.0, 16.0  # px


def words(text: str) -> str:
    """A text of a lesson as a chart may show it: without the marks of Markdown and formulas, and without markup."""
    return plain(re.sub(r"[$`]|(?<!\w)[*_]+|[*_]+(?!\w)", "", " ".join(text.split())))


def wrapped(text: str, letters: int) -> str:
    """Such a text in lines of at most so many letters."""
    return "<br>".join(plain(line) for line in wrap(re.sub(r"[$`]", "", " ".join(text.split())), letters))


def seeds(count: int, of: int) -> str:
    """In how many seeds something is so."""
    return f"in {count} of {of} seeds" if of > 1 else ("so it is" if count else "not so")


def rows(texts: Sequence[str]) -> list[float]:
    """The pixels that each text takes with the bar below it."""
    return [LINE * max(1, len(wrap(text, LETTERS))) + BAR + GAP for text in texts]


def bars(values: Sequence[float], texts: Sequence[str], theme: Theme, **trace: Any) -> dict[str, Any]:
    """A bar for each text, across; the vertical axis counts pixels from the top."""
    shared = {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": middles(texts),
        "width": BAR,
        "marker": {"color": rgba(PALETTES[theme].runs["current"], 0.8)},
    }
    return shared | trace


def middles(texts: Sequence[str]) -> list[float]:
    """Where the bar of each text lies."""
    return [float(end) - GAP / 2 - BAR / 2 for end in accumulate(rows(texts))]


def above(text: str, texts: Sequence[str], place: int, theme: Theme) -> dict[str, Any]:
    """The note above a bar."""
    return _note(text, 0, sum(rows(texts)[:place]), PALETTES[theme].text) | {"yanchor": "top"}


def behind(text: str, value: float, texts: Sequence[str], place: int, theme: Theme) -> dict[str, Any]:
    """The note behind a bar that ends at `value`."""
    return _note(text, value, middles(texts)[place], PALETTES[theme].quiet) | {"yanchor": "middle", "xshift": 6}


def pixel_axis(texts: Sequence[str]) -> dict[str, Any]:
    """The vertical axis of such bars."""
    return {"range": [sum(rows(texts)), -4.0], "visible": False}


def _note(text: str, x: float, y: float, colour: str) -> dict[str, Any]:
    font = {"color": colour, "size": 12}
    return {"text": text, "x": x, "y": y, "xanchor": "left", "align": "left", "showarrow": False, "font": font}


def guess_key(theme: Theme, symbol: str = "diamond") -> dict[str, Any]:
    """The legend's entry for a mark at what was predicted."""
    marker = {"symbol": symbol, "size": 11, "color": PALETTES[theme].runs["baseline"]}
    return entry(GUESS, {}, uid="key prediction", mode="markers", marker=marker)


def guess_line(x: list[Any], y: list[Any], theme: Theme, **trace: Any) -> dict[str, Any]:
    """A dashed line for what was predicted."""
    line = {"color": PALETTES[theme].runs["baseline"], "width": 2.4, "dash": DASH}
    shared = {"type": "scatter", "mode": "lines", "uid": "prediction", "name": GUESS, "x": x, "y": y, "line": line}
    return shared | trace


def dots(x: list[Any], y: list[Any], name: str, theme: Theme, **trace: Any) -> dict[str, Any]:
    """A dot for each run."""
    colour = PALETTES[theme].runs["current"]
    marker = {"size": 9, "color": rgba(colour, 0.45), "line": {"color": colour, "width": 1}}
    return {"type": "scatter", "mode": "markers", "uid": name, "name": name, "x": x, "y": y, "marker": marker} | trace
