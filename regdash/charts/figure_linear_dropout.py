"""Dropout on the inputs of a linear model is ridge regression."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.figure_diabetes import diabetes
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import dots, line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "linear_dropout", "Dropout on a linear model is ridge regression"
HIGHEST = 0.9
RATES = HIGHEST * np.linspace(0, 1, 91) ** 2
SAMPLED = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
DRAWS = 100  # masks for every row


@dataclass(frozen=True)
class LinearDropout:
    """How many inputs are dropped."""

    rate: float = param(
        0.5,
        "Dropout rate",
        "The probability with which each input of a row is hidden, anew in every step.",
        low=0.0,
        high=HIGHEST,
        step=0.05,
        symbol="p",
    )


@dataclass(frozen=True)
class LinearDropoutData:
    """Norms of the weights: by the formula [91] at RATES, by drawn masks [9] at SAMPLED, and at the chosen rate.

    `off` says how far the drawn ones lie from the formula at most, as a share.
    """

    rate: float
    exact: Array
    sampled: Array
    norm: float
    off: float

    @property
    def l2(self) -> float:
        """The strength of the ridge regression that is the same: p / (1 - p)."""
        return self.rate / (1 - self.rate)


def read_linear_dropout(settings: LinearDropout) -> LinearDropoutData:
    """The weights that minimise the mean over all masks m of (y - (x * m / (1 - p)) w)^2, in two ways.

    Standardised inputs: the mean over masks is the mean squared error + p / (1 - p) sum w^2, ridge with that l2. The
    points are the least squares over 100 drawn masks for each of 442 rows; an entry is kept where u >= p.
    Source: Srivastava et al., JMLR 15 (2014) 1929-1958, section 9.1.
    """
    exact, sampled = _norms()
    off = np.abs(sampled / [_ridge_norm(float(rate)) for rate in SAMPLED] - 1)
    return LinearDropoutData(settings.rate, exact, sampled, _ridge_norm(settings.rate), float(off.max()))


def draw_linear_dropout(data: LinearDropoutData, theme: Theme) -> Drawing:
    """The norm against the rate: ridge as a line, dropout as points, the chosen rate as a diamond."""
    colours = PALETTES[theme]
    traces = [
        line("ridge with l2 = p/(1 - p)", RATES, data.exact, colours.series[1], uid="ridge"),
        dots(
            "dropout, masks drawn", SAMPLED, data.sampled, colours.series[0], uid="drawn", symbol="circle-open", size=10
        ),
        dots("chosen rate", [data.rate], [data.norm], colours.series[2], symbol="diamond", size=10),
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "dropout rate p"}, "range": [-0.03, 0.93]},
        yaxis={"title": {"text": "norm of the weights"}, "range": [0, 1.08 * float(data.exact[0])]},
        shapes=[upright(data.rate, colours.quiet)],
        hovermode="closest",
    )


def alt_linear_dropout(data: LinearDropoutData) -> str:
    """What the chart shows, for people who do not see it."""
    return (
        f"The norm of the weights falls from {data.exact[0]:.3g} without dropout to {data.norm:.3g} at rate "
        f"{data.rate:g}, which is ridge regression with l2 = {data.l2:.3g}. Nine points found by drawing masks lie on "
        f"the curve within {data.off:.1%}."
    )


def facts_linear_dropout(data: LinearDropoutData) -> Mapping[str, float]:
    """The norm at the rate and without dropout, the strength of the same ridge, and how far the points lie off."""
    return {
        "norm": data.norm,
        "norm_none": float(data.exact[0]),
        "ridge_l2": data.l2,
        "off": data.off,
    }


def _ridge_norm(rate: float) -> float:
    return float(np.linalg.norm(diabetes().ridge(rate / (1 - rate))))


@cache
def _norms() -> tuple[Array, Array]:
    exact = np.array([_ridge_norm(float(rate)) for rate in RATES])
    return exact, np.array([_sampled_norm(float(rate)) for rate in SAMPLED])


def _sampled_norm(rate: float) -> float:
    """The norm of the least-squares weights over DRAWS masks for every row; gathered, so that memory stays small."""
    problem, chance = diabetes(), np.random.default_rng(0)
    matrix, vector = np.zeros_like(problem.matrix), np.zeros_like(problem.vector)
    for _ in range(DRAWS):
        masked = problem.x * (chance.random(problem.x.shape) >= rate) / (1 - rate)
        matrix, vector = matrix + masked.T @ masked, vector + masked.T @ problem.y
    return float(np.linalg.norm(np.linalg.solve(matrix, vector)))


LINEAR_DROPOUT = Figure(
    NAME,
    TITLE,
    LinearDropout,
    read_linear_dropout,
    draw_linear_dropout,
    alt_linear_dropout,
    facts_linear_dropout,
    ("norm", "norm_none", "ridge_l2", "off"),
)
