"""Random search tries a new value of every setting in each trial, a grid few values of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Palette, Theme, figure
from regdash.charts.traces import dots, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "random_and_grid", "Trials of a grid and at random"
SEARCHES, TOP = 1000, 0.05
FLOOR = -0.09  # where the projections stand, below the square


@dataclass(frozen=True)
class RandomAndGrid:
    """How many trials both may make."""

    trials: int = param(
        64,
        "Trials",
        "How many trials both searches may make. The grid takes the largest square number that is not above it.",
        low=4,
        high=100,
        step=1,
    )
    seed: int = param(0, "Seed", "Another draw of the random trials.", low=0, high=20, step=1)


@dataclass(frozen=True)
class TrialsData:
    """Points [T, 2] of both in the unit square, and the best score of many random searches [SEARCHES]."""

    grid: Array
    random: Array
    best_of_many: Array


def read_random_and_grid(settings: RandomAndGrid) -> TrialsData:
    """The score is the first setting itself and the second does not matter, as often with hyper-parameters.

    The best of t random trials is t / (t + 1) on average; the mid-points of a grid with k steps end at 1 - 1 / (2k).
    Source: Bergstra and Bengio, JMLR 13 (2012) 281-305.
    """
    steps = isqrt(settings.trials)
    middle = (np.arange(steps) + 0.5) / steps
    grid = np.stack(np.meshgrid(middle, middle), axis=-1).reshape(-1, 2)
    drawn = np.random.default_rng(settings.seed).random((settings.trials, 2))
    many = np.random.default_rng([settings.seed, 1]).random((SEARCHES, settings.trials)).max(axis=1)
    return TrialsData(grid, drawn, many)


def draw_random_and_grid(data: TrialsData, theme: Theme) -> Drawing:
    """Both squares side by side, below each the values of the setting that matters."""
    colours = PALETTES[theme]
    traces, shapes = [], []
    panels = (("grid", data.grid, colours.series[0]), ("random", data.random, colours.series[1]))
    for turn, (name, points, colour) in enumerate(panels):
        axis = "" if turn == 0 else "2"
        traces += _panel(name, points, colour, colours, {"xaxis": f"x{axis}", "yaxis": f"y{axis}"})
        shapes.append(upright(float(points[:, 0].max()), colour, "7px,3px", xref=f"x{axis}"))
    side = {"range": [-0.04, 1.06], "tickvals": [0, 0.5, 1], "title": {"text": "setting that matters"}}
    up = {"range": [FLOOR - 0.06, 1.06], "tickvals": [0, 0.5, 1], "showgrid": False}
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis=side | {"domain": [0, 0.475]},
        xaxis2=side | {"domain": [0.525, 1], "anchor": "y2"},
        yaxis=up | {"title": {"text": "setting that does not"}},
        yaxis2=up | {"anchor": "x2", "showticklabels": False},
        shapes=shapes,
        hovermode="closest",
    )


def alt_random_and_grid(data: TrialsData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_random_and_grid(data)
    return (
        f"A grid of {len(data.grid)} points tries {len(np.unique(data.grid[:, 0]))} values of the setting that matters "
        f"and reaches {facts['best_grid']:.4g} of 1; {len(data.random)} random trials try "
        f"{len(np.unique(data.random[:, 0]))} and reach {data.random[:, 0].max():.3f} here, {facts['best_random']:.3f} "
        f"on average over {SEARCHES} searches. With a chance of {100 * facts['hit']:.1f} % one of them is in the top "
        f"{100 * TOP:.0f} %."
    )


def facts_random_and_grid(data: TrialsData) -> Mapping[str, float]:
    """The grid's best, the mean best of many random searches, and the chance of a trial in the top 5 %."""
    return {
        "best_grid": float(data.grid[:, 0].max()),
        "best_random": float(data.best_of_many.mean()),
        "hit": 1 - (1 - TOP) ** len(data.random),
        "values_grid": float(len(np.unique(data.grid[:, 0]))),
    }


def _panel(name: str, points: Array, colour: str, colours: Palette, axes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trials, and their projections as ticks below."""
    hover = f"score %{{x:.3f}}<extra>{name}</extra>"
    trials = dots(name, points[:, 0], points[:, 1], colour, hovertemplate=hover, **axes)
    values = np.unique(points[:, 0])
    below = dots(f"{name} values", values, np.full(len(values), FLOOR), colour, "line-ns", **axes)
    ticks = {"size": 9, "color": colour, "symbol": "line-ns", "line": {"width": 1.6, "color": colour}}
    best = points[points[:, 0].argmax()]
    ring = dots(f"{name} best", best[:1], best[1:], colours.text, "circle-open", showlegend=False, **axes)
    return [
        trials | {"marker": trials["marker"] | {"size": 5}},
        below | {"marker": ticks, "showlegend": False, "hovertemplate": hover},
        ring | {"marker": ring["marker"] | {"size": 11, "line": {"width": 1.6}}, "hoverinfo": "skip"},
    ]


RANDOM_AND_GRID = Figure(
    NAME,
    TITLE,
    RandomAndGrid,
    read_random_and_grid,
    draw_random_and_grid,
    alt_random_and_grid,
    facts_random_and_grid,
    ("best_grid", "best_random", "hit", "values_grid"),
)
