"""A sketched curve over the one that the runs have drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve
from regdash.charts.lines import bands, epoch_axis, line
from regdash.charts.measure_words import WORDS
from regdash.charts.predict_marks import GUESS, RUNS, guess_line
from regdash.charts.screen import shown
from regdash.charts.sketch_curve import Points, sketched
from regdash.charts.theme import PALETTES, Stroke, Theme, empty, figure
from regdash.intervals import Array, band

NAME = "predict-sketch"
EMPTY = "There is no curve to compare with yet: no run has finished an epoch with a finite value."
DRAWN = 101  # places at which a sketch is drawn


@dataclass(frozen=True)
class Sketched:
    """The curve of every run [E_s], and three points (share of the epochs, value); `epochs` are those planned."""

    column: str
    curves: Sequence[Array]
    points: Points = ()
    epochs: int = 0
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class SketchData:
    """The mean curve with its interval; the sketch at the same epochs and how far it is from the mean.

    `apart` is the mean of |sketch - curve| over the epochs, nan without a sketch; `worst` the epoch of the largest one.
    """

    axis: str
    curve: Curve
    points: tuple[tuple[float, float], ...]
    epochs: int
    low: float
    high: float
    guess: Array
    apart: float
    worst: int

    @property
    def height(self) -> int:
        """Pixels with legend and axis."""
        return 320


def words_of(column: str) -> str:
    """What a curve is called on an axis."""
    return WORDS.get(column, column.replace("_", " "))


def epoch_at(share: Array | float, epochs: int) -> Array:
    """The epoch of a share of the way: 0 is epoch 1, 1 the last one."""
    return 1 + np.asarray(share, float) * max(epochs - 1, 1)


def read_predict_sketch(given: Sketched | Sequence[Any]) -> SketchData:
    """The mean over runs, and the sketch at each of its epochs."""
    given = given if isinstance(given, Sketched) else Sketched("loss", ())
    found = band([np.asarray(curve, float) for curve in given.curves])
    curve = Curve(found.mean, found.low, found.high, len(given.curves))
    epochs = max(given.epochs, len(curve.mean))
    points = tuple((float(x), float(y)) for x, y in given.points)
    guess = sketched(points, (curve.epochs - 1) / max(epochs - 1, 1)) if points else np.zeros(0)
    off = np.abs(guess - curve.mean) if points else np.zeros(0)
    there = np.isfinite(off)
    apart = float(off[there].mean()) if there.any() else math.nan
    worst = int(np.nanargmax(np.where(there, off, -1.0))) + 1 if there.any() else 0
    return SketchData(words_of(given.column), curve, points, epochs, given.low, given.high, guess, apart, worst)


def draw_predict_sketch(data: SketchData, theme: Theme) -> Drawing:
    """Draw the runs' mean with its band, and over it the sketch, dashed, with its three points."""
    if not data.curve.drawn:
        return empty(theme, NAME, _title(data), EMPTY)
    colour = PALETTES[theme].runs["current"]
    name = f"the runs, mean of {data.curve.runs}" if data.curve.runs > 1 else "the run"
    traces = [
        *bands(data.curve, name, colour),
        line(data.curve, name, colour, Stroke("solid", 2.4), interval=data.curve.runs > 1),
        *(_sketch(data, theme) if data.points else ()),
    ]
    yaxis = {"title": {"text": data.axis}, "range": _range(data)}
    return figure(theme, NAME, _title(data), traces, xaxis=epoch_axis(data.epochs), yaxis=yaxis)


def alt_predict_sketch(data: SketchData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.curve.drawn:
        return EMPTY
    runs = f", mean of {data.curve.runs} runs" if data.curve.runs > 1 else ""
    first = data.curve.mean[np.isfinite(data.curve.mean)][0]
    said = (
        f"{data.axis.capitalize()} over {len(data.curve.mean)} epochs{runs}: from {first:.3g} to {data.curve.last:.3g}"
    )
    if not data.points:
        return f"{said}."
    drawn = ", ".join(f"{y:.3g} at epoch {epoch_at(x, data.epochs):.0f}" for x, y in data.points)
    return f"{said}. The sketch goes through {drawn}; it is {data.apart:.3g} away on average."


def _range(data: SketchData) -> list[float]:
    """The box that was drawn in, larger where the mean leaves it, and half as large again at most for its band."""
    mean, band_low, band_high = (each[np.isfinite(each)] for each in (data.curve.mean, data.curve.low, data.curve.high))
    size = data.high - data.low
    low = min(data.low, float(mean.min()), max(float(band_low.min(initial=data.low)), data.low - size / 2))
    high = max(data.high, float(mean.max()), min(float(band_high.max(initial=data.high)), data.high + size / 2))
    return [low - 0.02 * (high - low), high + 0.02 * (high - low)]


def _title(data: SketchData) -> str:
    return f"{RUNS}: {data.axis}" if data.points else data.axis.capitalize()


def _sketch(data: SketchData, theme: Theme) -> list[dict[str, Any]]:
    shares = np.linspace(0, 1, DRAWN)
    curve = shown(sketched(data.points, shares))
    points = {
        "type": "scatter",
        "mode": "markers",
        "uid": "points",
        "name": "the points that you set",
        "showlegend": False,
        "x": shown([float(epoch_at(x, data.epochs)) for x, _ in data.points]),
        "y": shown([y for _, y in data.points]),
        "marker": {"size": 9, "color": PALETTES[theme].runs["baseline"]},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    hover = f"%{{y:.3~g}}<extra>{GUESS}</extra>"
    return [guess_line(shown(epoch_at(shares, data.epochs)), curve, theme, hovertemplate=hover), points]
