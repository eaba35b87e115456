"""The diamond and the circle: where the loss of two weights touches what a penalty allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure, rgba
from regdash.charts.traces import dots, line
from regdash.intervals import Array
from regdash.params import param
from regdash.regularizers import L1, L2, ElasticNet

NAME, TITLE = "penalty_shapes", "Diamond and circle: where the loss touches the penalty"
BEST = np.array([2.0, 0.7])  # the weights of the smallest loss
STRONGEST = 5.0
ROUND = np.linspace(0, 2 * np.pi, 145)
WORDS = {"l1": "L1", "l2": "L2", "elastic": "elastic net"}
SHAPES = {"l1": "diamond", "l2": "circle", "elastic": "rounded diamond"}


@dataclass(frozen=True)
class PenaltyShapes:
    """Which penalty, how strong, and how alike the two inputs are."""

    penalty: str = param(
        "l1",
        "Penalty",
        "L1 charges |w₁| + |w₂|, L2 charges w₁² + w₂², the elastic net half of each.",
        choices=("l1", "l2", "elastic"),
    )
    strength: float = param(
        2.0,
        "Strength",
        "How much the penalty counts beside the loss. At 0 the best weights are those of the loss alone.",
        low=0.0,
        high=STRONGEST,
        step=0.1,
    )
    correlation: float = param(
        0.3,
        "Correlation of the inputs",
        "How alike the two inputs are. It tilts the ellipses of equal loss: 0 leaves them round.",
        low=-0.9,
        high=0.9,
        step=0.1,
    )


@dataclass(frozen=True)
class ShapesData:
    """The best weights [2] with the penalty, all of them as it grows [K, 2], and outlines [G, 2] about both."""

    settings: PenaltyShapes
    weights: Array
    path: Array
    ball: Array  # all weights with no more penalty than these
    ellipses: tuple[Array, ...]  # of equal loss; the first goes through the weights


def read_penalty_shapes(settings: PenaltyShapes) -> ShapesData:
    """The minimum over w of (w - c)' H (w - c) + l1 (|w1| + |w2|) + l2 (w1^2 + w2^2), in closed form.

    H = [[1, r], [r, 1]] is the correlation matrix of two standardised inputs, so this is the mean squared error of a
    linear model without noise whose right weights are c = (2, 0.7).
    """
    weights = solution(settings.penalty, settings.strength, settings.correlation)
    grown = np.linspace(0, STRONGEST, 101)
    path = np.array([solution(settings.penalty, each, settings.correlation) for each in grown])
    loss = float((weights - BEST) @ curvature(settings.correlation) @ (weights - BEST))
    ellipses = tuple(_ellipse(settings.correlation, share * np.sqrt(loss)) for share in (1.0, 0.75, 0.5, 0.25))
    return ShapesData(settings, weights, path, _ball(settings.penalty, weights), ellipses)


def curvature(correlation: float) -> Array:
    """The matrix H [2, 2] of the loss."""
    return np.array([[1.0, correlation], [correlation, 1.0]])


def solution(penalty: str, strength: float, correlation: float) -> Array:
    """The weights [2] of the smallest objective: the best of those that fit some choice of signs and zeros.

    For signs s the kept weights solve 2 (H + l2 I) w = 2 H c - l1 s.
    """
    l1, l2 = strengths(penalty, strength)
    h = curvature(correlation)
    fitting = [np.zeros(2)]
    for signs in product((-1, 0, 1), repeat=2):
        kept = np.flatnonzero(signs)
        if len(kept):
            found, chosen = np.zeros(2), np.array(signs, float)[kept]
            matrix = (h + l2 * np.eye(2))[np.ix_(kept, kept)]
            found[kept] = np.linalg.solve(matrix, (h @ BEST)[kept] - l1 * chosen / 2)
            if (found[kept] * chosen > 0).all() or not l1:
                fitting.append(found)
    costs = [(w - BEST) @ h @ (w - BEST) + _penalty(w[None], l1, l2)[0] for w in fitting]
    return fitting[int(np.argmin(costs))]


def strengths(penalty: str, strength: float) -> tuple[float, float]:
    """The strengths (l1, l2) that a penalty consists of."""
    net = ElasticNet(strength, {"l1": 1.0, "l2": 0.0, "elastic": 0.5}[penalty])
    return net.l1, net.l2


def draw_penalty_shapes(data: ShapesData, theme: Theme) -> Drawing:
    """The filled shape of the penalty, ellipses of equal loss, the point where they touch, and its path."""
    colours = PALETTES[theme]
    loss, penalty, mark = colours.series[0], colours.series[1], colours.series[2]
    hover = "w₁ %{x:.3~g}, w₂ %{y:.3~g}<extra>%{fullData.name}</extra>"
    filled: dict[str, Any] = {"fill": "toself", "fillcolor": rgba(penalty, 0.18)}
    traces = [line("equal penalty", data.ball[:, 0], data.ball[:, 1], penalty, **filled, hoverinfo="skip")]
    traces += [_equal_loss(place, each, loss) for place, each in enumerate(data.ellipses)]
    path: dict[str, Any] = {"dash": "dot", "width": 1.6, "hovertemplate": hover}
    traces += [
        line("path", data.path[:, 0], data.path[:, 1], colours.quiet, **path),
        dots("loss alone", BEST[:1], BEST[1:], loss, symbol="x", size=8, hovertemplate=hover),
        dots("with penalty", data.weights[:1], data.weights[1:], mark, size=11, hovertemplate=hover),
    ]
    zero = {"zeroline": True, "zerolinecolor": colours.quiet, "zerolinewidth": 1, "showgrid": False}
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis=zero | {"title": {"text": "first weight w₁"}, "range": [-1.6, 3.4], "dtick": 1},
        yaxis=zero | {"title": {"text": "second weight w₂"}, "range": [-1.4, 2.25], "dtick": 1, "scaleanchor": "x"},
        hovermode="closest",
    )


def alt_penalty_shapes(data: ShapesData) -> str:
    """What the chart shows, for people who do not see it."""
    zeros = int(np.count_nonzero(data.weights == 0))
    end = {0: "Neither is exactly zero.", 1: "One of them is exactly zero.", 2: "Both are exactly zero."}[zeros]
    return (
        f"The loss alone is smallest at weights 2 and 0.7. With {WORDS[data.settings.penalty]} of strength "
        f"{data.settings.strength:g} an ellipse of equal loss touches the {SHAPES[data.settings.penalty]} of equal "
        f"penalty at {data.weights[0]:.3g} and {data.weights[1]:.3g}. {end}"
    )


def facts_penalty_shapes(data: ShapesData) -> Mapping[str, float]:
    """Both weights, and how many of them are exactly zero."""
    return {
        "w1": float(data.weights[0]),
        "w2": float(data.weights[1]),
        "zeros": float(np.count_nonzero(data.weights == 0)),
    }


def _equal_loss(place: int, outline: Array, colour: str) -> dict[str, Any]:
    """An ellipse of equal loss, the first one firm."""
    if not place:
        return line("equal loss", outline[:, 0], outline[:, 1], colour, hoverinfo="skip")
    quiet: dict[str, Any] = {"width": 1, "showlegend": False, "hoverinfo": "skip"}
    return line(f"loss-{place}", outline[:, 0], outline[:, 1], rgba(colour, 0.45), **quiet)


def _penalty(weights: Array, l1: float, l2: float) -> Array:
    """The cost of weights [R, 2], by the penalties that training uses."""
    return np.asarray(L1.penalty(weights, l1, np) + L2.penalty(weights, l2, np))


def _ball(penalty: str, weights: Array) -> Array:
    """The outline [G, 2] of all weights that cost as much as these.

    Along a direction u the cost is a t + b t^2 with a = l1 (|u1| + |u2|) and b = l2.
    """
    directions = np.stack([np.cos(ROUND), np.sin(ROUND)], axis=1)
    l1, l2 = strengths(penalty, 1.0)
    budget = float(_penalty(weights[None], l1, l2)[0])
    a, b = l1 * np.abs(directions).sum(axis=1), l2
    reach = budget / a if not b else (np.sqrt(a**2 + 4 * b * budget) - a) / (2 * b)
    return np.asarray(directions * reach[:, None])


def _ellipse(correlation: float, radius: float) -> Array:
    """The outline [G, 2] of all weights whose loss is radius squared."""
    values, vectors = np.linalg.eigh(curvature(correlation))
    circle = np.stack([np.cos(ROUND), np.sin(ROUND)])
    return np.asarray(BEST + radius * (vectors @ (circle / np.sqrt(values)[:, None])).T)


PENALTY_SHAPES = Figure(
    NAME,
    TITLE,
    PenaltyShapes,
    read_penalty_shapes,
    draw_penalty_shapes,
    alt_penalty_shapes,
    facts_penalty_shapes,
    ("w1", "w2", "zeros"),
    380,
)
