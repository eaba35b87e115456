"""A number that was predicted, on one line with what every run gives and their mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.predict_marks import GUESS, RUNS, dots, guess_line, words
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, Theme, empty, figure
from regdash.intervals import Summary, summary

NAME = "predict-number"
EMPTY = "No run gives this number: it is not defined, or all runs have diverged."
STACK = 0.16  # of the height, from dot to dot where several would stand on one place


@dataclass(frozen=True)
class Guessed:
    """What the runs give, one value per seed; the prediction and the ends of the scale it was chosen from."""

    values: Sequence[float]
    predicted: float | None = None
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    step: float = 0.0


@dataclass(frozen=True)
class NumberData:
    """The finite values, their mean with its 95 % interval, and the prediction."""

    values: tuple[float, ...]
    over: Summary
    predicted: float | None
    low: float
    high: float
    unit: str
    step: float

    @property
    def apart(self) -> float:
        """How far the prediction is from the mean; nan without one of them."""
        return abs(self.predicted - self.over.mean) if self.predicted is not None else math.nan

    @property
    def height(self) -> int:
        """Pixels with legend and axis."""
        return 230


def read_predict_number(given: Guessed | Sequence[Any]) -> NumberData:
    """The values that are finite, and their mean +- t(n - 1) s / sqrt(n)."""
    given = given if isinstance(given, Guessed) else Guessed(())
    values = tuple(float(value) for value in given.values if math.isfinite(value))
    return NumberData(values, summary(values), given.predicted, given.low, given.high, given.unit, given.step)


def draw_predict_number(data: NumberData, theme: Theme) -> Drawing:
    """Draw the runs as dots, their mean as a diamond with its interval, the prediction as a line across."""
    if not data.values:
        return empty(theme, NAME, RUNS, EMPTY)
    one = data.over.n == 1
    traces = []
    if data.predicted is not None:
        at = shown([data.predicted])[0]
        hover = f"{GUESS}: %{{x:.4~g}}{_unit(data)}<extra></extra>"
        traces.append(guess_line([at, at], [0, 1], theme, hovertemplate=hover))
    traces += [_runs(data, theme)] if not one else []
    traces.append(_mean(data, theme))
    ends = (data.low, data.high, *data.values, *([data.predicted] if data.predicted is not None else []))
    low, high = min(ends), max(ends)
    margin = 0.04 * (high - low) or 0.5
    return figure(
        theme,
        NAME,
        RUNS if data.predicted is not None else "What the runs say" if data.over.n > 1 else "What it is",
        traces,
        xaxis={"title": {"text": words(data.unit) or "value"}, "range": [low - margin, high + margin]}
        | {"showgrid": True, "nticks": 6},
        yaxis={"range": [-0.02, 1.02], "visible": False},
        hovermode="closest",
    )


def alt_predict_number(data: NumberData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.values:
        return EMPTY
    pick = f" Predicted was {data.predicted:.4g}{_unit(data)}." if data.predicted is not None else ""
    return f"What the runs give: {mean_said(data)}.{pick}"


def mean_said(data: NumberData) -> str:
    """The mean with its unit, its interval and how many runs are behind it."""
    over = data.over
    mean = f"{over.mean:.4g}{_unit(data)}"
    if over.n < 2:
        return mean
    if over.sd <= 1e-9 * abs(over.mean):
        return f"{mean} in each of {over.n} runs"
    return f"{mean} (mean of {over.n} runs, 95 % interval {over.low:.3g} to {over.high:.3g})"


def _unit(data: NumberData) -> str:
    return f" {words(data.unit)}" if data.unit else ""


def _runs(data: NumberData, theme: Theme) -> dict[str, Any]:
    """A dot for each run; equal ones stand on one another."""
    before = [sum(_near(data, other, value) for other in data.values[:at]) for at, value in enumerate(data.values)]
    heights = [0.62 + STACK * (count % 3) for count in before]
    hover = f"%{{x:.4~g}}{_unit(data)}<extra>each run</extra>"
    return dots(shown(data.values), heights, "each run", theme, hovertemplate=hover)


def _near(data: NumberData, one: float, other: float) -> bool:
    return abs(one - other) < 0.025 * (data.high - data.low)


def _mean(data: NumberData, theme: Theme) -> dict[str, Any]:
    over, colours = data.over, PALETTES[theme]
    half = over.high - over.mean if over.n > 1 else 0.0
    name = "mean and 95 % interval" if over.n > 1 else "result"
    between = f"<br>95 % interval {over.low:.3g} to {over.high:.3g}" if over.n > 1 else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "mean",
        "name": name,
        "x": shown([over.mean]),
        "y": [0.3 if over.n > 1 else 0.5],
        "error_x": {"type": "data", "array": shown([half]), "thickness": 2, "width": 6, "visible": half > 0}
        | {"color": colours.runs["current"]},
        "marker": {"symbol": "diamond", "size": 11, "color": colours.runs["current"]},
        "hovertemplate": f"%{{x:.4~g}}{_unit(data)}{between}<extra>{name}</extra>",
    }
