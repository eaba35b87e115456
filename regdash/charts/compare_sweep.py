"""A measure against one setting that was varied: a line for each sweep, with its 95 % band over seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.compare_marks import LEGEND, LEGEND_ROW, colour_of, dash_of, legend_height, said, uid_of
from regdash.charts.drawing import Drawing
from regdash.charts.lines import BAND_OPACITY
from regdash.charts.screen import shown
from regdash.charts.search_axes import OFF_GAP, Scale
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.intervals import Array, summary

NAME = "compare-sweep"
EMPTY = "The curve appears here as soon as its runs are trained."
PLOT = 300  # px
DECADES = 1.2  # from the smallest to the largest value; beyond them the axis is logarithmic


@dataclass(frozen=True)
class SweepLine:
    """One sweep: the value at each of its points, and the measure of each of its runs there."""

    name: str
    values: tuple[float, ...]
    runs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class SweptLine:
    """The same as places on the axis [P] with mean, low and high [P]."""

    name: str
    values: Array
    places: Array
    mean: Array
    low: Array
    high: Array
    count: int


@dataclass(frozen=True)
class SweepData:
    """All sweeps of a chart on one axis; `better` is -1 where less is better, 1 where more is, and 0 for neither."""

    over: str
    measure: str
    scale: Scale
    lines: tuple[SweptLine, ...]
    better: int

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"{self.measure[:1].upper()}{self.measure[1:]} against {self.over}"

    @property
    def height(self) -> int:
        """Pixels that leave room for the legend on a narrow screen."""
        return PLOT + LEGEND_ROW + (legend_height([line.name for line in self.lines]) if len(self.lines) > 1 else 0)


def read_sweep(lines: Sequence[SweepLine], over: str, measure: str, better: int = 0) -> SweepData:
    """Means over the runs at every value; `over` and `measure` name the axes."""
    scale = sweep_scale(over, [value for line in lines for value in line.values])
    return SweepData(over, measure, scale, tuple(_swept(line, scale) for line in lines), better)


def sweep_scale(over: str, values: Sequence[float]) -> Scale:
    """An axis for these values: logarithmic where they span decades, with a 0 among them apart on the left."""
    positive = [value for value in values if value > 0]
    wide = len(positive) > 1 and math.log10(max(positive) / min(positive)) > DECADES and min(values, default=0) >= 0
    if not wide:
        low, high = min(values, default=0.0), max(values, default=1.0)
        return Scale("", over, False, low, high if high > low else low + 1, None, None, (), ())
    low, high = math.log10(min(positive)), math.log10(max(positive))
    off = low - OFF_GAP * (high - low) if 0 in values else None
    return Scale("", over, True, low, high, off, 0.0 if off is not None else None, (), ())


def draw_sweep(data: SweepData, theme: Theme) -> Drawing:
    """Draw means with bands; a ring marks the best value of each sweep, where the measure has a better side."""
    lines = [(place, line) for place, line in enumerate(data.lines) if np.isfinite(line.mean).any()]
    if not lines:
        return empty(theme, NAME, data.title, EMPTY)
    traces = [trace for place, line in lines for trace in _traces(data, line, place, theme)]
    return figure(
        theme,
        NAME,
        data.title,
        traces,
        xaxis=data.scale.axis(),
        yaxis={"title": {"text": data.measure}},
        hovermode="closest",
        legend=LEGEND,
        showlegend=len(data.lines) > 1,
    )


def alt_sweep(data: SweepData) -> str:
    """What the chart shows, for people who do not see it."""
    drawn = [line for line in data.lines if np.isfinite(line.mean).any()]
    if not drawn:
        return f"{data.title}: {EMPTY}"
    return f"{data.title}. " + " ".join(_said(data, line) for line in drawn)


def best_of(line: SweptLine, better: int) -> int | None:
    """The place of the best mean; None where the measure has no better side."""
    if not better or not np.isfinite(line.mean).any():
        return None
    return int(np.nanargmax(better * line.mean))


def _swept(line: SweepLine, scale: Scale) -> SweptLine:
    order = np.argsort(line.values, kind="stable")
    values = np.array(line.values, float)[order]
    found = [summary(line.runs[at]) for at in order]
    mean, low, high = (np.array([getattr(each, name) for each in found], float) for name in ("mean", "low", "high"))
    places = np.array([scale.at(value) for value in values])
    return SweptLine(line.name, values, places, mean, low, high, max((each.n for each in found), default=0))


def _traces(data: SweepData, line: SweptLine, place: int, theme: Theme) -> list[dict[str, Any]]:
    colour, name, uid = colour_of(place, theme), said(line.name), uid_of("sweep", line.name)
    shared = {"type": "scatter", "name": name, "legendgroup": uid}
    drawn = []
    banded = np.flatnonzero(np.isfinite(line.low))
    if len(banded) > 1:
        x = line.places[banded].tolist()
        outline = {"x": [*x, *x[::-1]], "y": [*shown(line.high[banded]), *shown(line.low[banded][::-1])]}
        fill = {"fill": "toself", "fillcolor": rgba(colour, BAND_OPACITY), "line": {"width": 0}, "hoverinfo": "skip"}
        drawn.append(shared | {"mode": "lines", "uid": f"{uid}-band", "showlegend": False} | outline | fill)
    drawn.append(
        shared
        | {
            "mode": "lines+markers",
            "uid": uid,
            "x": shown(line.places),
            "y": shown(line.mean),
            "line": {"color": colour, "width": 2, "dash": dash_of(place)},
            "marker": {"size": 5, "color": colour},
            "customdata": [data.scale.word(value) for value in line.values],
            "hovertemplate": f"%{{customdata}}: %{{y:.3~g}}<extra>{name}</extra>",
        }
    )
    best = best_of(line, data.better)
    if best is not None:
        ring = {"size": 13, "symbol": "circle-open", "color": PALETTES[theme].runs["baseline"], "line": {"width": 2.2}}
        at = {"x": shown(line.places[[best]]), "y": shown(line.mean[[best]])}
        drawn.append(shared | {"mode": "markers", "uid": f"{uid}-best", "showlegend": False, "marker": ring} | at)
        drawn[-1]["hoverinfo"] = "skip"
    return drawn


def _said(data: SweepData, line: SweptLine) -> str:
    first, last = (f"{line.mean[at]:.3g} at {data.scale.word(line.values[at])}" for at in (0, -1))
    best = best_of(line, data.better)
    marked = f"; best {line.mean[best]:.3g} at {data.scale.word(line.values[best])}" if best is not None else ""
    runs = f", mean of {line.count} runs" if line.count > 1 else ""
    return f"{line.name}{runs}: {first}, {last}{marked}."
