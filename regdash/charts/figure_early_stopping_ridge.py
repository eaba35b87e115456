"""Stopping early is much like ridge regression: the norm grows with the steps as it grows with a weaker penalty."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.figure_diabetes import diabetes
from regdash.charts.figure_panels import below
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import dots, line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "early_stopping_ridge", "Early stopping beside ridge regression"
RATE = 0.05  # learning rate
MOST = 500
L2S = np.logspace(-3, 2, 2001)


@dataclass(frozen=True)
class EarlyStoppingRidge:
    """When gradient descent is stopped."""

    steps: float = param(
        20.0,
        "Stopped after",
        "How many steps of gradient descent (learning rate 0.05, all rows) are made, beginning with weights of 0.",
        low=1,
        high=MOST,
        log=True,
        unit="steps",
    )


@dataclass(frozen=True)
class StoppedData:
    """Weights [10] where it was stopped and of the nearest ridge; norms [MOST] after each step and by the rule."""

    steps: int
    stopped: Array
    ridge: Array
    matching: float
    norms: Array
    rule_norms: Array
    names: tuple[str, ...]

    @property
    def rule(self) -> float:
        """The strength 1 / (2 learning rate steps)."""
        return 1 / (2 * RATE * self.steps)

    @property
    def distance(self) -> float:
        """Of the two weights, as a share of the norm where it was stopped."""
        return float(np.linalg.norm(self.stopped - self.ridge) / np.linalg.norm(self.stopped))


def read_early_stopping_ridge(settings: EarlyStoppingRidge) -> StoppedData:
    """Gradient descent on the mean squared error of the standardised diabetes data, from 0, and the nearest ridge.

    The rule of thumb l2 = 1 / (2 * learning rate * steps) holds where the curvature is small against l2.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.8.
    """
    descent, ridges, rules = _paths()
    steps = round(settings.steps)
    stopped = descent[steps - 1]
    nearest = int(np.argmin(np.linalg.norm(ridges - stopped, axis=1)))
    norms, rule_norms = (np.linalg.norm(each, axis=1) for each in (descent, rules))
    names = diabetes().names
    return StoppedData(steps, stopped, ridges[nearest], float(L2S[nearest]), norms, rule_norms, names)


def draw_early_stopping_ridge(data: StoppedData, theme: Theme) -> Drawing:
    """Above the norm against the step, below the ten weights of both."""
    colours = PALETTES[theme]
    steps, at, low = np.arange(1, MOST + 1), data.steps, {"xaxis": "x2", "yaxis": "y2"}
    places = np.arange(len(data.names))
    stopped, ridge = colours.series[0], colours.series[1]
    traces = [
        line("gradient descent", steps, data.norms, stopped, legendgroup="descent"),
        line(
            "ridge, l2 = 1/(2·rate·step)",
            steps,
            data.rule_norms,
            ridge,
            dash="7px,3px",
            uid="ridge",
            legendgroup="ridge",
        ),
        dots("stopped", [at], data.norms[[at - 1]], stopped, showlegend=False),
        dots("stopped here", places, data.stopped, stopped, size=8, **low),
        dots("nearest ridge", places, data.ridge, ridge, symbol="diamond-open", size=10, **low),
    ]
    axes = below(
        {
            "x": {"type": "log", "title": {"text": "step (logarithmic)", "standoff": 4}, "dtick": 1},
            "y": {"title": {"text": "norm of weights"}},
        },
        {
            "x": {"tickvals": places.tolist(), "ticktext": list(data.names), "tickangle": 0, "tickfont": {"size": 10}},
            "y": {"title": {"text": "weight"}, "zeroline": True, "zerolinecolor": colours.quiet},
        },
        gap=0.2,
    )
    return figure(
        theme, NAME, TITLE, traces, **axes, shapes=[upright(at, colours.quiet, yref="y domain")], hovermode="closest"
    )


def alt_early_stopping_ridge(data: StoppedData) -> str:
    """What the chart shows, for people who do not see it."""
    return (
        f"After {data.steps} steps of gradient descent the weights have the norm {data.norms[data.steps - 1]:.3g}. The "
        f"nearest ridge regression has l2 = {data.matching:.3g} (the rule of thumb says {data.rule:.3g}) and lies "
        f"{data.distance:.1%} of that norm away."
    )


def facts_early_stopping_ridge(data: StoppedData) -> Mapping[str, float]:
    """The norm where it was stopped, the strength of the nearest ridge and of the rule, and how far that ridge is."""
    return {
        "norm": float(data.norms[data.steps - 1]),
        "matching_l2": data.matching,
        "rule_l2": data.rule,
        "distance": data.distance,
    }


@cache
def _paths() -> tuple[Array, Array, Array]:
    """The weights after each step [MOST, 10], of ridge at L2S [2001, 10], and of ridge by the rule [MOST, 10]."""
    problem = diabetes()
    weights, descent = np.zeros(len(problem.vector)), []
    for _ in range(MOST):
        weights = weights - RATE * 2 * (problem.matrix @ weights - problem.vector)
        descent.append(weights)
    rules = 1 / (2 * RATE * np.arange(1, MOST + 1))
    ridges, by_rule = (np.array([problem.ridge(l2) for l2 in each]) for each in (L2S, rules))
    return np.array(descent), ridges, by_rule


EARLY_STOPPING_RIDGE = Figure(
    NAME,
    TITLE,
    EarlyStoppingRidge,
    read_early_stopping_ridge,
    draw_early_stopping_ridge,
    alt_early_stopping_ridge,
    facts_early_stopping_ridge,
    ("norm", "matching_l2", "rule_l2", "distance"),
    440,
)
