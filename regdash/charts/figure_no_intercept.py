"""A straight line that must go through zero is a wrong line where the points do not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure, rgba
from regdash.charts.traces import dots, line
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "no_intercept", "A line with a bias and one without"
SLOPE, ROWS = 3.0, 100


@dataclass(frozen=True)
class NoIntercept:
    """Where the true line cuts the axis, and how far the points lie from it."""

    intercept: float = param(
        2.0, "True bias", "The b of y = 3x + b. At 0 both lines agree.", low=-4.0, high=4.0, step=0.5
    )
    noise: float = param(
        0.5, "Noise", "Standard deviation of the points around the true line.", low=0.0, high=2.0, step=0.1
    )
    seed: int = param(0, "Seed", "Other points of the same kind.", low=0, high=20, step=1)


@dataclass(frozen=True)
class InterceptData:
    """Points [ROWS], the best slope through zero, and the best line with a bias."""

    settings: NoIntercept
    x: Array
    y: Array
    without: float
    slope: float
    bias: float


def read_no_intercept(settings: NoIntercept) -> InterceptData:
    """Least squares: through zero the slope is sum(xy) / sum(x²), with a bias cov(x, y) / var(x).

    The points are drawn as tutorials draw them, by NumPy's older generator: x even in [0, 1).
    """
    rng = np.random.RandomState(settings.seed)
    x = rng.rand(ROWS)
    y = SLOPE * x + settings.intercept + settings.noise * rng.randn(ROWS)
    slope = float(np.cov(x, y, ddof=0)[0, 1] / x.var())
    return InterceptData(settings, x, y, float(x @ y / (x @ x)), slope, float(y.mean() - slope * x.mean()))


def draw_no_intercept(data: InterceptData, theme: Theme) -> Drawing:
    """The points and both lines."""
    colours, ends = PALETTES[theme], np.array([0.0, 1.0])
    points = dots("points", data.x, data.y, rgba(colours.quiet, 0.6), hoverinfo="skip", hovertemplate=None)
    with_name, without_name = "with a bias", "without a bias"
    traces = [
        points | {"marker": points["marker"] | {"size": 5}},
        line(with_name, ends, data.bias + data.slope * ends, colours.series[0]),
        line(without_name, ends, data.without * ends, colours.series[1], "7px,3px"),
    ]
    axes = {"xaxis": {"title": {"text": "x"}}, "yaxis": {"title": {"text": "y"}}}
    return figure(theme, NAME, TITLE, traces, hovermode="closest", **axes)


def alt_no_intercept(data: InterceptData) -> str:
    """What the chart shows, for people who do not see it."""
    return (
        f"{ROWS} points around y = 3x + {data.settings.intercept:g}. The best line with a bias is "
        f"{data.slope:.2f}x + {data.bias:.2f}; the best one through zero is {data.without:.2f}x."
    )


def facts_no_intercept(data: InterceptData) -> Mapping[str, float]:
    """The best slope without a bias and with one."""
    return {"slope_without": data.without, "slope_with": data.slope}


NO_INTERCEPT = Figure(
    NAME,
    TITLE,
    NoIntercept,
    read_no_intercept,
    draw_no_intercept,
    alt_no_intercept,
    facts_no_intercept,
    ("slope_without", "slope_with"),
)
