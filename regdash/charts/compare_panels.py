"""Small multiples: panels in rows and columns with a title each, and axes that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from regdash.charts.compare_marks import LEGEND
from regdash.charts.screen import plain, short
from regdash.charts.theme import PALETTES, Theme

MOST_PANELS = 12  # of one chart
LETTERS, LINES = 20, 2  # of a title: what fits above one of two panels on a narrow screen
FIRM = "\N{NO-BREAK SPACE}"
FEWER = 14  # letters above one of three panels
LINE, FOOT = 17, 8  # px of a line of a title, and below a panel


def headed(title: str, left_out: int) -> str:
    """The title of a chart that draws the first settings only, where some are left out."""
    return f"{title} (the first {MOST_PANELS} settings)" if left_out else title


@dataclass(frozen=True)
class Panels:
    """The places of `count` panels, `across` in a row of `row` px each; `gap` is the share of the width between two.

    With `own_x` or `own_y` every panel has that axis for itself, with its numbers.
    """

    count: int
    across: int
    row: int = 200
    gap: float = 0.05
    own_x: bool = False
    own_y: bool = False
    lines: int = LINES  # of the titles

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.across)

    @property
    def height(self) -> int:
        """Pixels of all rows."""
        return self.rows * self.row

    @property
    def letters(self) -> int:
        """How many letters fit side by side above a panel on a narrow screen."""
        return LETTERS if self.across < 3 else FEWER

    @classmethod
    def squares(cls, count: int, own: bool, gap: float) -> "Panels":
        """Two or three square panels in a row, with axes of their `own` and then a gap, or with shared ones."""
        across = min(2 if count <= 4 else 3, max(1, count))
        row = 300 if across < 3 else 250
        return cls(max(1, count), across, row, gap if own else 0.04, own_x=own, own_y=own)

    def axes(self, panel: int) -> dict[str, str]:
        """The axes of a panel (from 0) as a trace names them."""
        return {"xaxis": f"x{_number(panel)}", "yaxis": f"y{_number(panel)}"}

    def layout(self, x: Mapping[str, Any], y: Mapping[str, Any], titles: Sequence[str], theme: Theme) -> dict[str, Any]:
        """All axes, made from those given, and the titles; numbers and names of shared axes stand at the edge only."""
        found: dict[str, Any] = {
            "legend": LEGEND | {"y": 1.0},
            "annotations": [self._title(k, title, theme) for k, title in enumerate(titles)],
        }
        for panel in range(self.count):
            found[f"xaxis{_number(panel)}"] = self._x(panel, x)
            found[f"yaxis{_number(panel)}"] = self._y(panel, y)
        return found

    def _place(self, panel: int) -> tuple[float, float, float, float]:
        """Left, right, bottom and top as shares of the whole."""
        row, column = divmod(panel, self.across)
        width = (1 - self.gap * (self.across - 1)) / self.across
        left = column * (width + self.gap)
        foot = FOOT + (22 if self.own_x else 0)
        top = 1 - (row * self.row + LINE * self.lines + 4) / self.height
        bottom = 1 - ((row + 1) * self.row - (foot if row < self.rows - 1 else 0)) / self.height
        return left, min(1.0, left + width), max(0.0, bottom), top

    def _x(self, panel: int, given: Mapping[str, Any]) -> dict[str, Any]:
        left, right, _, _ = self._place(panel)
        lowest = panel + self.across >= self.count
        axis = dict(given) | {"domain": [left, right], "anchor": f"y{_number(panel)}"}
        axis |= {} if self.own_x or not panel else {"matches": "x"}
        return axis if lowest else _without_title(axis, numbers=self.own_x)

    def _y(self, panel: int, given: Mapping[str, Any]) -> dict[str, Any]:
        _, _, bottom, top = self._place(panel)
        first = panel % self.across == 0
        axis = dict(given) | {"domain": [bottom, top], "anchor": f"x{_number(panel)}"}
        axis |= {} if self.own_y or not panel else {"matches": "y"}
        return axis if first else _without_title(axis, numbers=self.own_y)

    def _title(self, panel: int, title: str, theme: Theme) -> dict[str, Any]:
        left, _, _, top = self._place(panel)
        return {
            "text": titled(title, self.letters),
            "showarrow": False,
            "xref": "paper",
            "yref": "paper",
            "x": left,
            "xanchor": "left",
            "align": "left",
            "y": top,
            "yanchor": "bottom",
            "font": {"color": PALETTES[theme].text, "size": 12},
        }


def titled(text: str, letters: int = LETTERS) -> str:
    """A title in at most two short lines, broken after commas where that is enough."""
    parts = text.split(", ")
    whole = text if max(map(len, parts)) >= letters else ", ".join(part.replace(" ", FIRM) for part in parts)
    lines = [line.replace(FIRM, " ") for line in wrap(whole, letters)] or [""]
    kept = lines[: LINES - 1] + ([short(" ".join(lines[LINES - 1 :]), letters)] if len(lines) >= LINES else [])
    return "<br>".join(plain(line) for line in kept)


def note(panels: Panels, panel: int, sentence: str, theme: Theme) -> dict[str, Any]:
    """A sentence in the middle of a panel that has nothing to show."""
    axes = panels.axes(panel)
    return {
        "text": "<br>".join(plain(line) for line in wrap(sentence, panels.letters)),
        "showarrow": False,
        "xref": f"{axes['xaxis']} domain",
        "yref": f"{axes['yaxis']} domain",
        "x": 0.5,
        "y": 0.5,
        "font": {"color": PALETTES[theme].quiet, "size": 11},
    }


def blank(panels: Panels, panel: int) -> dict[str, Any]:
    """A trace of nothing: Plotly draws no axes where there is no trace."""
    shared = {"type": "scatter", "mode": "markers", "uid": f"blank-{panel}", "showlegend": False, "hoverinfo": "skip"}
    return shared | {"x": [None], "y": [None]} | panels.axes(panel)


def _without_title(axis: dict[str, Any], *, numbers: bool) -> dict[str, Any]:
    return {name: value for name, value in axis.items() if name != "title"} | {"showticklabels": numbers}


def _number(panel: int) -> str:
    return "" if panel == 0 else str(panel + 1)
