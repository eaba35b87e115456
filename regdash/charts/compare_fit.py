"""Predicted against true values of the regressions of a comparison side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.compare_marks import colour_of, uid_of
from regdash.charts.compare_panels import MOST_PANELS, Panels, blank, headed, note
from regdash.charts.drawing import Drawing
from regdash.charts.fit import FitData, read_fit
from regdash.charts.lines import finite_range
from regdash.charts.screen import plain, short, shown, thinned
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.comparison import Series

NAME, TITLE = "compare-fit", "Predicted and true values"
EMPTY = "Predictions are drawn for data that ask for a number as soon as a run has ended."
MOST_POINTS = 2_000  # of all panels


@dataclass(frozen=True)
class FitPanel:
    """The predictions of one setting, means over its seeds; `missing` says why there are none."""

    name: str
    place: int
    fit: FitData
    missing: str = ""


@dataclass(frozen=True)
class FitsData:
    """A panel for each setting; `left_out` settings are not drawn."""

    panels: tuple[FitPanel, ...]
    left_out: int = 0

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return headed(TITLE, self.left_out)

    @property
    def drawn(self) -> tuple[FitPanel, ...]:
        """The panels with points."""
        return tuple(panel for panel in self.panels if not panel.missing)

    @property
    def shared(self) -> bool:
        """Whether all settings predict the same target, and so have the same axes."""
        return len({panel.fit.target_name for panel in self.drawn}) < 2

    @property
    def grid(self) -> Panels:
        """Two or three panels in a row."""
        return Panels.squares(len(self.panels), not self.shared, 0.14)

    @property
    def height(self) -> int:
        """Pixels with the names of the axes."""
        return self.grid.height + 70 if self.drawn else 240


def read_compare_fit(series: Sequence[Series]) -> FitsData:
    """The predictions of every setting on its validation rows at the end."""
    panels = tuple(_read(each, place) for place, each in enumerate(series[:MOST_PANELS]))
    return FitsData(panels, max(0, len(series) - MOST_PANELS))


def draw_compare_fit(data: FitsData, theme: Theme) -> Drawing:
    """Draw a point per validation row; on the line prediction and truth agree."""
    if not data.drawn:
        return empty(theme, NAME, TITLE, EMPTY)
    grid, colours = data.grid, PALETTES[theme]
    ends = shown(finite_range(np.concatenate([values for p in data.drawn for values in (p.fit.true, p.fit.predicted)])))
    traces: list[dict[str, Any]] = []
    for place, panel in enumerate(data.panels):
        if not panel.missing:
            own = ends if data.shared else shown(finite_range(np.concatenate([panel.fit.true, panel.fit.predicted])))
            traces += [_ideal(panel, own, colours, panel is data.drawn[0]) | grid.axes(place)]
            traces += [_points(panel, len(data.drawn), theme) | grid.axes(place)]
        else:
            traces += [blank(grid, place)]
    target = f" {plain(short(data.drawn[0].fit.target_name))}" if data.shared else ""
    x = {"title": {"text": f"true{target}", "standoff": 4}, "nticks": 5}
    y = {"title": {"text": f"predicted{target}", "standoff": 4}, "nticks": 5}
    layout = grid.layout(x, y, [_titled(panel) for panel in data.panels], theme)
    layout["annotations"] += [note(grid, k, p.missing, theme) for k, p in enumerate(data.panels) if p.missing]
    return figure(theme, NAME, data.title, traces, **layout, hovermode="closest")


def alt_compare_fit(data: FitsData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.drawn:
        return f"{TITLE}: {EMPTY}"
    return f"{TITLE} on the validation rows. " + " ".join(_said(panel) for panel in data.panels)


def _read(one: Series, place: int) -> FitPanel:
    records = [record for _, record in sorted(one.records.items())]
    first = {record.experiment.split for record in records[:1]}
    same = [record for record in records if record.experiment.split in first]  # other folds have other rows
    fit = read_fit(same)
    reasons = {"classes": "this data set asks for classes", "": "the runs diverged"}
    if one.experiment is None:
        return FitPanel(one.name, place, fit, "imported curves have no answers")
    if not records:
        return FitPanel(one.name, place, fit, "no run has ended yet")
    missing = reasons["classes" if "classes" in fit.problem else ""] if fit.problem else ""
    return FitPanel(one.name, place, fit, missing)


def _ideal(panel: FitPanel, ends: Sequence[float | None], colours: Palette, first: bool) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": uid_of("ideal", panel.name),
        "name": "predicted = true",
        "legendgroup": "ideal",
        "showlegend": first,
        "x": list(ends),
        "y": list(ends),
        "line": {"color": colours.quiet, "width": 1.2, "dash": "6px,4px"},
        "hoverinfo": "skip",
    }


def _points(panel: FitPanel, panels: int, theme: Theme) -> dict[str, Any]:
    kept = thinned(len(panel.fit.true), most=MOST_POINTS // panels)
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": uid_of("points", panel.name),
        "name": plain(short(panel.name)),
        "showlegend": False,
        "x": shown(panel.fit.true[kept]),
        "y": shown(panel.fit.predicted[kept]),
        "marker": {"size": 5, "color": rgba(colour_of(panel.place, theme), 0.6)},
        "hovertemplate": "true %{x}, predicted %{y}<extra></extra>",
    }


def _titled(panel: FitPanel) -> str:
    return panel.name if panel.missing else f"{panel.name}: R² {panel.fit.r2:.3g}"


def _said(panel: FitPanel) -> str:
    if panel.missing:
        return f"{panel.name}: {panel.missing}."
    runs = f", means of {panel.fit.runs} runs" if panel.fit.runs > 1 else ""
    return f"{panel.name}: R² is {panel.fit.r2:.3g} on {len(panel.fit.true)} rows{runs}."
