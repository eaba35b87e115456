"""A figure along a path of trials: a line with its band over the range, and "off" as a mark of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.lines import BAND_OPACITY
from regdash.charts.screen import shown
from regdash.charts.search_axes import Scale, scale_of
from regdash.charts.search_scores import intervals, said, settings_of
from regdash.charts.theme import Stroke, rgba
from regdash.intervals import Array
from regdash.search import Plan, Trial

FEW, MANY = 5, 60  # marks that are drawn large, and beyond which they are small


@dataclass(frozen=True)
class Figures:
    """One figure of all trials on the path: mean, low and high over the runs, [P] each; nan without an interval."""

    mean: Array
    low: Array
    high: Array

    def at(self, turns: Array) -> "Figures":
        """The same of some trials."""
        return Figures(self.mean[turns], self.low[turns], self.high[turns])

    def word(self, turn: int) -> str:
        """The figure of one trial, for people."""
        return said(self.mean[turn], self.low[turn], self.high[turn])


@dataclass(frozen=True)
class Track:
    """The trials [P] on a path: where they stand, which of them apart, their numbers and settings."""

    scale: Scale
    places: Array
    off: Array
    numbers: tuple[int, ...]
    settings: tuple[str, ...]


def track_of(plan: Plan, trials: Sequence[Trial], path: str) -> Track:
    """The places of trials along one searched setting."""
    scale, values = scale_of(plan.space, path), [each.values[path] for each in trials]
    places = np.array([scale.at(value) for value in values])
    off = np.array([scale.off is not None and value == scale.off_value for value in values])
    return Track(scale, places, off, tuple(each.number for each in trials), tuple(settings_of(plan, trials)))


def figures_of(trials: Sequence[Trial], name: str, times: float = 1.0) -> Figures:
    """One figure of all trials over their runs."""
    runs = [each.outcome.figures.get(name, ()) if each.outcome else () for each in trials]
    return Figures(*intervals(runs, times))


def along(track: Track, given: Figures, name: str, colour: str, stroke: Stroke, **trace: Any) -> list[dict[str, Any]]:
    """A figure along the path: a line with its band over the range, and "off" as a mark of its own."""
    inside, apart = np.flatnonzero(~track.off), np.flatnonzero(track.off)
    joined = not track.scale.choices
    found = [_band(track.places[inside], given.at(inside), name, colour)] if joined and len(inside) > 1 else []
    mode = "lines+markers" if joined else "markers"
    found.append(_line(track, given, inside, name, colour, stroke, mode=mode, error=not joined))
    if len(apart):
        found.append(_line(track, given, apart, name, colour, stroke, mode="markers", error=True, apart=True))
    return [each | trace for each in found if each]


def _band(places: Array, given: Figures, name: str, colour: str) -> dict[str, Any]:
    there = np.isfinite(given.low)
    if there.sum() < 2:
        return {}
    x = shown(places[there])
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"{name} band",
        "name": name,
        "legendgroup": name,
        "showlegend": False,
        "x": [*x, *x[::-1]],
        "y": [*shown(given.high[there]), *shown(given.low[there][::-1])],
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": rgba(colour, BAND_OPACITY),
        "hoverinfo": "skip",
    }


def _line(
    track: Track,
    given: Figures,
    turns: Array,
    name: str,
    colour: str,
    stroke: Stroke,
    *,
    mode: str,
    error: bool,
    apart: bool = False,
) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "scatter",
        "mode": mode,
        "uid": f"{name} off" if apart else name,
        "name": name,
        "legendgroup": name,
        "showlegend": not apart,
        "x": shown(track.places[turns]),
        "y": shown(given.mean[turns]),
        "line": {"color": colour, "width": stroke.width, "dash": stroke.dash},
        "marker": {
            "size": _size(len(turns)),
            "color": colour,
            "symbol": "circle" if stroke.dash == "solid" else "circle-open",
        },
        "customdata": [[track.numbers[turn]] for turn in turns],
        "hovertext": [
            f"{name} {given.word(turn)}<br>{track.settings[turn]}<br>trial {track.numbers[turn]}" for turn in turns
        ],
        "hoverinfo": "text",
    }
    if error:
        halves = shown(given.high[turns] - given.mean[turns])
        drawn["error_y"] = {"type": "data", "array": halves, "thickness": 1.2, "width": 3, "color": colour}
    return drawn


def _size(marks: int) -> int:
    return 7 if marks <= FEW else 5 if marks <= MANY else 3
