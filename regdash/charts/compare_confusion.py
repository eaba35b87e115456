"""The confusion matrices of a comparison side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.compare_marks import uid_of
from regdash.charts.compare_panels import MOST_PANELS, Panels, blank, headed, note
from regdash.charts.confusion import ConfusionData, read_confusion
from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.comparison import Series
from regdash.intervals import Array

NAME, TITLE = "compare-confusion", "Confusion matrices"
EMPTY = "Confusion matrices are drawn for data with classes as soon as a run has ended."
FEW = 4  # up to so many classes a cell has room for its share and its count
LONGEST = 11  # letters of a class name


@dataclass(frozen=True)
class ConfusionPanel:
    """Counts [C, C] (rows: true class, columns: answer) summed over `runs` runs; `missing` says why there are none."""

    name: str
    counts: Array
    class_names: tuple[str, ...]
    runs: int
    missing: str = ""

    @property
    def shares(self) -> Array:
        """The share of each answer among the rows of a true class, [C, C]."""
        totals = self.counts.sum(axis=1, keepdims=True)
        return self.counts / np.where(totals > 0, totals, 1)

    @property
    def right(self) -> float:
        """The share of right answers."""
        return float(np.trace(self.counts) / max(self.counts.sum(), 1))


@dataclass(frozen=True)
class ConfusionsData:
    """A matrix for each setting; `left_out` settings are not drawn."""

    panels: tuple[ConfusionPanel, ...]
    left_out: int = 0

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return headed(TITLE, self.left_out)

    @property
    def shared(self) -> bool:
        """Whether all settings have the same classes, and so the same axes."""
        return len({panel.class_names for panel in self.panels if not panel.missing}) < 2

    @property
    def grid(self) -> Panels:
        """Two or three matrices in a row."""
        return Panels.squares(len(self.panels), not self.shared, 0.14)

    @property
    def height(self) -> int:
        """Pixels with the names of the axes."""
        return self.grid.height + 80 if any(not panel.missing for panel in self.panels) else 240


def read_compare_confusion(series: Sequence[Series]) -> ConfusionsData:
    """Count the answers on the validation rows at the end of every run."""
    return ConfusionsData(tuple(_read(each) for each in series[:MOST_PANELS]), max(0, len(series) - MOST_PANELS))


def draw_compare_confusion(data: ConfusionsData, theme: Theme) -> Drawing:
    """Draw the matrices with one scale of colours: the darker a cell, the larger its share of the true class."""
    drawn = [panel for panel in data.panels if not panel.missing]
    if not drawn:
        return empty(theme, NAME, TITLE, EMPTY)
    grid, colours = data.grid, PALETTES[theme]
    traces = [
        blank(grid, place) if panel.missing else _cells(panel, colours) | grid.axes(place)
        for place, panel in enumerate(data.panels)
    ]
    shared = {"showgrid": False, "showline": False, "ticks": ""} | (_classes(drawn[0]) if data.shared else {})
    last = len(drawn[0].class_names) - 0.5
    across: dict[str, Any] = {"range": [-0.5, last]} if data.shared else {}
    down: dict[str, Any] = {"range": [last, -0.5]} if data.shared else {"autorange": "reversed"}
    x = shared | {"title": {"text": "answer", "standoff": 4}} | across
    y = shared | {"title": {"text": "true class", "standoff": 4}} | down
    layout = grid.layout(x, y, [panel.name for panel in data.panels], theme)
    for place, panel in enumerate(data.panels):
        if not panel.missing and not data.shared:
            for axis in grid.axes(place).values():
                layout[f"{axis[0]}axis{axis[1:]}"] |= _classes(panel)
    missing = [note(grid, k, panel.missing, theme) for k, panel in enumerate(data.panels) if panel.missing]
    layout["annotations"] += missing
    return figure(theme, NAME, data.title, traces, **layout, coloraxis=_scale(drawn, colours), hovermode="closest")


def alt_compare_confusion(data: ConfusionsData) -> str:
    """What the chart shows, for people who do not see it."""
    if not any(not panel.missing for panel in data.panels):
        return f"{TITLE}: {EMPTY}"
    return f"{TITLE} on the validation rows. " + " ".join(_said(panel) for panel in data.panels)


def _read(one: Series) -> ConfusionPanel:
    records = [record for _, record in sorted(one.records.items())]
    found = read_confusion(records) if records else ConfusionData(np.zeros((0, 0)), np.zeros((0, 0)), (), 0)
    missing = "" if found.class_names else _missing(one)
    return ConfusionPanel(one.name, np.rint(found.counts * found.runs), found.class_names, found.runs, missing)


def _missing(one: Series) -> str:
    if one.experiment is None:
        return "imported curves have no answers"
    return "this data set asks for a number" if one.records else "no run has ended yet"


def _cells(panel: ConfusionPanel, colours: Palette) -> dict[str, Any]:
    places = list(range(len(panel.class_names)))
    names = [plain(name) for name in panel.class_names]
    words = [[f"true {true}, answered {answer}" for answer in names] for true in names]
    return {
        "type": "heatmap",
        "uid": uid_of("cells", panel.name),
        "name": plain(short(panel.name)),
        "z": [shown(row) for row in panel.shares],
        "x": places,
        "y": places,
        "coloraxis": "coloraxis",
        "xgap": 2,
        "ygap": 2,
        "text": _texts(panel),
        "texttemplate": "%{text}",
        "textfont": {"color": colours.text, "size": 11},
        "hovertext": words,
        "customdata": [shown(row) for row in panel.counts],
        "meta": {"z": "share", "customdata": "rows"},
        "hovertemplate": "%{hovertext}: %{customdata} rows, %{z:.1%} of this class<extra></extra>",
    }


def _texts(panel: ConfusionPanel) -> list[list[str]]:
    if len(panel.class_names) > FEW:
        return [[""] * len(panel.class_names)] * len(panel.class_names)
    return [
        [f"{share:.0%}<br>{count:.0f}" for count, share in zip(counts, shares, strict=True)]
        for counts, shares in zip(panel.counts, panel.shares, strict=True)
    ]


def _classes(panel: ConfusionPanel) -> dict[str, Any]:
    names = [plain(short(name, LONGEST)) for name in panel.class_names]
    return {"tickvals": list(range(len(names))), "ticktext": names}


def _scale(drawn: Sequence[ConfusionPanel], colours: Palette) -> dict[str, Any]:
    """The colours, explained where the cells have no room for words."""
    accent = colours.runs["current"]
    return {
        "cmin": 0,
        "cmax": 1,
        "colorscale": [(0, rgba(colours.quiet, 0.07)), (0.001, rgba(accent, 0.12)), (1, rgba(accent, 0.75))],
        "showscale": any(len(panel.class_names) > FEW for panel in drawn),
        "colorbar": {
            "title": {"text": "share of the true class", "side": "top", "font": {"color": colours.quiet, "size": 11}},
            "orientation": "h",
            "len": 0.45,
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "tickformat": ".0%",
            "tickfont": {"color": colours.quiet, "size": 11},
            "thickness": 8,
            "outlinewidth": 0,
            "nticks": 3,
        },
    }


def _said(panel: ConfusionPanel) -> str:
    if panel.missing:
        return f"{panel.name}: {panel.missing}."
    runs = f" in {panel.runs} runs together" if panel.runs > 1 else ""
    said = f"{panel.name}: {panel.right:.1%} of {panel.counts.sum():.0f} answers{runs} are right"
    wrong = panel.counts * (1 - np.eye(len(panel.class_names)))
    if not wrong.any():
        return f"{said}."
    true, answer = np.unravel_index(int(wrong.argmax()), wrong.shape)
    pair = panel.class_names[int(true)], panel.class_names[int(answer)]
    return f"{said}; most often {pair[0]} is taken for {pair[1]}, {wrong.max():.0f} times."
