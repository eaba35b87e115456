"""What a whole class predicts: answers counted, numbers as dots, sketches over one another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.lines import epoch_axis
from regdash.charts.predict_marks import LETTERS, above, bars, behind, dots, pixel_axis, rows, words, wrapped
from regdash.charts.predict_sketch import DRAWN, epoch_at, words_of
from regdash.charts.screen import shown
from regdash.charts.sketch_curve import Points, sketched
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba

NAME, TITLE = "predict-crowd", "What the class predicts"
EMPTY = "Nobody has predicted anything yet. Predictions appear here as soon as they are made."
BINS = 24
MOST_CURVES = 200


@dataclass(frozen=True)
class Crowd:
    """What a question offers and what was answered; only the answers of its `kind` are given."""

    kind: Literal["choice", "number", "sketch"] = "choice"
    texts: tuple[str, ...] = ()
    choices: Sequence[int] = ()
    numbers: Sequence[float] = ()
    sketches: Sequence[Points] = ()
    column: str = "loss"
    epochs: int = 0
    low: float = 0.0
    high: float = 1.0
    unit: str = ""


@dataclass(frozen=True)
class CrowdData:
    """The answers; `counts` of each choice, or of numbers in equal parts of the scale, and the middle answer."""

    given: Crowd
    answers: int
    counts: tuple[int, ...]
    median: float
    curves: tuple[tuple[float, ...], ...]
    middle: tuple[float, ...]

    @property
    def height(self) -> int:
        """Pixels with axis."""
        if self.given.kind == "choice" and self.answers:
            return int(60 + sum(rows(self.given.texts)))
        return {"number": 240, "sketch": 320, "choice": 200}[self.given.kind] if self.answers else 200


def read_predict_crowd(given: Crowd | Sequence[Any]) -> CrowdData:
    """Count the choices; find the median of the numbers, and that of the sketches at each place."""
    given = given if isinstance(given, Crowd) else Crowd()
    if given.kind == "choice":
        counts = tuple(sum(choice == place for choice in given.choices) for place in range(len(given.texts)))
        return CrowdData(given, sum(counts), counts, math.nan, (), ())
    if given.kind == "number":
        numbers = np.array([value for value in given.numbers if math.isfinite(value)], float)
        counts = tuple(np.histogram(numbers, BINS, (given.low, given.high))[0].tolist())
        return CrowdData(given, len(numbers), counts, float(np.median(numbers)) if len(numbers) else math.nan, (), ())
    curves = np.array([sketched(points, np.linspace(0, 1, DRAWN)) for points in given.sketches]).reshape(-1, DRAWN)
    middle = tuple(np.median(curves, axis=0).tolist()) if len(curves) else ()
    return CrowdData(given, len(curves), (), math.nan, tuple(map(tuple, curves[:MOST_CURVES].tolist())), middle)


def draw_predict_crowd(data: CrowdData, theme: Theme) -> Drawing:
    """Draw bars with counts, stacked dots, or thin curves with their median."""
    if not data.answers:
        return empty(theme, NAME, TITLE, EMPTY)
    return {"choice": _choices, "number": _numbers, "sketch": _sketches}[data.given.kind](data, theme)


def alt_predict_crowd(data: CrowdData) -> str:
    """What the chart shows, for people who do not see it."""
    given, many = data.given, f"{data.answers} {'prediction' if data.answers == 1 else 'predictions'}"
    if not data.answers:
        return EMPTY
    if given.kind == "choice":
        each = "; ".join(f"“{text}” {count}" for text, count in zip(given.texts, data.counts, strict=True))
        return f"{many}: {each}."
    if given.kind == "number":
        unit = f" {words(given.unit)}" if given.unit else ""
        ends = f"from {min(given.numbers):.4g} to {max(given.numbers):.4g}{unit}"
        return f"{many} {ends}; half of them are at most {data.median:.4g}{unit}."
    return (
        f"{many} of the {words_of(given.column)} as curves; their median begins at {data.middle[0]:.3g}, is "
        f"{data.middle[DRAWN // 2]:.3g} half way and ends at {data.middle[-1]:.3g}."
    )


def _choices(data: CrowdData, theme: Theme) -> Drawing:
    texts, notes = data.given.texts, []
    for place, (text, count) in enumerate(zip(texts, data.counts, strict=True)):
        notes.append(above(wrapped(text, LETTERS), texts, place, theme))
        notes.append(behind(f"{count} ({100 * count / data.answers:.0f} %)", count, texts, place, theme))
    hover = {"customdata": [words(text) for text in texts], "hovertemplate": "%{customdata}: %{x}<extra></extra>"}
    answers = bars(data.counts, texts, theme, uid="answers", name="answers", showlegend=False, **hover)
    xaxis = {"title": {"text": "answers"}, "range": [0, 1.25 * max(data.counts)], "nticks": 6, "tickformat": "d"}
    layout = {"annotations": notes, "hovermode": "closest", "bargap": 0}
    return figure(theme, NAME, TITLE, [answers], xaxis=xaxis, yaxis=pixel_axis(texts), **layout)


def _numbers(data: CrowdData, theme: Theme) -> Drawing:
    """A dot for each answer, on one another within each part of the scale."""
    given = data.given
    numbers = sorted(value for value in given.numbers if math.isfinite(value))
    part = (given.high - given.low) / BINS
    bins = [min(int((value - given.low) / part), BINS - 1) for value in numbers]
    heights = [bins[:at].count(each) + 1 for at, each in enumerate(bins)]
    most, unit = max(heights), words(given.unit)
    hover = "%{x:.4~g}" + (f" {unit}" if unit else "") + "<extra></extra>"
    middle = {
        "type": "scatter",
        "mode": "lines",
        "uid": "median",
        "name": f"median {data.median:.4g}",
        "x": shown([data.median] * 2),
        "y": [0, most + 1],
        "line": {"color": PALETTES[theme].quiet, "width": 1.6, "dash": "2px,2px"},
        "hoverinfo": "skip",
    }
    margin = 0.03 * (given.high - given.low)
    xaxis = {"title": {"text": unit or "value"}, "range": [given.low - margin, given.high + margin]}
    yaxis = {"title": {"text": "predictions"}, "range": [0, most + 1], "tickformat": "d", "nticks": min(6, most + 2)}
    traces = [middle, dots(shown(numbers), heights, "each prediction", theme, hovertemplate=hover)]
    return figure(theme, NAME, TITLE, traces, xaxis=xaxis, yaxis=yaxis, hovermode="closest")


def _sketches(data: CrowdData, theme: Theme) -> Drawing:
    colours, given = PALETTES[theme], data.given
    at = shown(epoch_at(np.linspace(0, 1, DRAWN), given.epochs) if given.epochs > 1 else np.linspace(0, 1, DRAWN))
    thin = rgba(colours.runs["current"], 0.35)
    x = [value for _ in data.curves for value in (*at, None)]
    y = [value for curve in data.curves for value in (*shown(curve), None)]
    every = {
        "type": "scatter",
        "mode": "lines",
        "uid": "sketches",
        "name": "each sketch",
        "x": x,
        "y": y,
        "line": {"color": thin, "width": 1},
        "hoverinfo": "skip",
    }
    middle = {
        "type": "scatter",
        "mode": "lines",
        "uid": "median",
        "name": "median",
        "x": at,
        "y": shown(data.middle),
        "line": {"color": colours.text, "width": 2.4},
        "hovertemplate": "%{y:.3~g}<extra>median</extra>",
    }
    xaxis = epoch_axis(given.epochs) if given.epochs > 1 else {"title": {"text": "share of the epochs"}}
    yaxis = {"title": {"text": words_of(given.column)}, "range": [given.low, given.high]}
    return figure(theme, NAME, TITLE, [every, middle], xaxis=xaxis, yaxis=yaxis)
