"""More parameters than rows: the test error comes down a second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "double_descent", "Test error against random features"
ROWS, INPUTS, NOISE, TESTS, SEEDS = 100, 20, 0.5, 400, 20
WIDTHS = (10, 25, 50, 80, 95, 100, 105, 120, 150, 200, 400, 1000, 3000)
SAID = (25, 100, 400, 3000)
ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class DoubleDescent:
    """How strong a ridge penalty is laid beside the fit without one."""

    alpha: float = param(
        0.0,
        "Ridge penalty α",
        "Adds α·Σw² to the sum of squared errors. 0 is none: where many fits are perfect, the one with the smallest "
        "weights.",
        low=1e-3,
        high=100.0,
        log=True,
        off=0.0,
    )


@dataclass(frozen=True)
class DescentData:
    """Median test error [P] over seeds at each width, without a penalty and with it."""

    alpha: float
    without: Array
    penalised: Array


def read_double_descent(settings: DoubleDescent) -> DescentData:
    """Least squares on p random features max(0, x·u): 100 rows of 20 inputs, a straight line with noise 0.5.

    The test error is against the line itself. Without a penalty the fit is the one of least norm. Source: Belkin, Hsu,
    Ma and Mandal, PNAS 116 (2019) 15849-15854.
    """
    return DescentData(settings.alpha, median_errors(0.0), median_errors(settings.alpha))


@lru_cache(maxsize=8)
def median_errors(alpha: float) -> Array:
    """The median over the seeds of the test error at each of WIDTHS [P]."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with ONE_AT_A_TIME, threadpool_limits(1, "blas"):  # small products: threads would mostly wait for each other
        found: Array = np.median([_errors(seed, alpha) for seed in range(SEEDS)], axis=0)
    return found


def draw_double_descent(data: DescentData, theme: Theme) -> Drawing:
    """Both curves on logarithmic axes; a line where there are as many features as rows."""
    colours = PALETTES[theme]
    traces = [line("no penalty", WIDTHS, data.without, colours.series[0], mode="lines+markers")]
    if data.alpha:
        name = f"ridge, α = {data.alpha:g}"
        traces.append(
            line(name, WIDTHS, data.penalised, colours.series[1], "7px,3px", mode="lines+markers", uid="ridge")
        )
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": f"random features (dotted: {ROWS}, one for each row)"}, "type": "log", "dtick": 1},
        yaxis={"title": {"text": "test error (mean square)"}, "type": "log", "dtick": 1, "tickformat": "~g"},
        shapes=[upright(ROWS, colours.quiet)],
        showlegend=True,
    )


def alt_double_descent(data: DescentData) -> str:
    """What the chart shows, for people who do not see it."""
    told = f"Median test error of {SEEDS} seeds at {len(WIDTHS)} numbers of features, fitted to {ROWS} rows. "
    told += f"Without a penalty {_said(data.without)}."
    return told + (f" With ridge α = {data.alpha:g} {_said(data.penalised)}." if data.alpha else "")


def facts_double_descent(data: DescentData) -> Mapping[str, float]:
    """The highest error and where it is, and the error at some numbers of features, all with the penalty alpha."""
    errors = data.penalised
    peak = int(np.argmax(errors))
    return {
        "peak": float(errors[peak]),
        "peak_width": float(WIDTHS[peak]),
        **{f"at_{width}": float(errors[WIDTHS.index(width)]) for width in SAID},
    }


def _said(errors: Array) -> str:
    return ", ".join(f"{errors[WIDTHS.index(p)]:.3g} at {p}" for p in SAID)


def _errors(seed: int, alpha: float) -> Array:
    """One seed's test error at each width [P]; a wider fit has all features of a narrower one."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=INPUTS)
    true /= np.linalg.norm(true)
    x, tests = rng.normal(size=(ROWS, INPUTS)), rng.normal(size=(TESTS, INPUTS))
    y = x @ true + NOISE * rng.normal(size=ROWS)
    directions = rng.normal(size=(INPUTS, max(WIDTHS))) / np.sqrt(INPUTS)
    features, test_features = np.maximum(x @ directions, 0), np.maximum(tests @ directions, 0)
    answers = (test_features[:, :p] @ fitted(features[:, :p], y, alpha) for p in WIDTHS)
    return np.array([np.mean((answer - tests @ true) ** 2) for answer in answers])


def fitted(features: Array, y: Array, alpha: float) -> Array:
    """The weights [P] that minimise |y - F w|^2 + alpha |w|^2, for alpha 0 the shortest of them.

    Solved in the smaller of both spaces: (F'F + alpha) w = F'y, or w = F'c with (FF' + alpha) c = y.
    """
    rows, width = features.shape
    if width <= rows:
        found: Array = np.linalg.solve(features.T @ features + alpha * np.eye(width), features.T @ y)
    else:
        found = features.T @ np.linalg.solve(features @ features.T + alpha * np.eye(rows), y)
    return found


DOUBLE_DESCENT = Figure(
    NAME,
    TITLE,
    DoubleDescent,
    read_double_descent,
    draw_double_descent,
    alt_double_descent,
    facts_double_descent,
    ("peak", "peak_width", *(f"at_{width}" for width in SAID)),
)
