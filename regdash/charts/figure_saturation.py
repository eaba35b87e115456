"""Large weights press tanh and sigmoid flat; a ReLU only gets steeper."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "saturation", "Share of units that have gone flat"
ROWS, INPUTS, UNITS, SEED = 100, 50, 100, 0
LOWEST, HIGHEST, POINTS = 0.1, 30.0, 40
FLAT = 0.1  # of its steepest slope


@dataclass(frozen=True)
class Saturation:
    """How large the weights are."""

    scale: float = param(
        5.0,
        "Scale of the weights",
        "All weights are multiplied by this. At 1 a unit's input has a standard deviation of about 1.",
        low=LOWEST,
        high=HIGHEST,
        log=True,
    )


@dataclass(frozen=True)
class SaturationData:
    """Scales [P] and shares of flat units [P] for each activation; at the chosen scale the shares and ReLU's ratio."""

    scale: float
    scales: Array
    shares: Mapping[str, Array]
    here: Mapping[str, float]
    relu_ratio: float


def read_saturation(settings: Saturation) -> SaturationData:
    """Units of a random layer on random rows, flat where the slope is under a tenth of the steepest.

    ReLU is positively homogeneous, relu(c·z) = c·relu(z) for c > 0: `relu_ratio` is the mean of relu(c·z) / c over
    that of relu(z).
    """
    rng = np.random.default_rng(SEED)
    inputs = rng.normal(size=(ROWS, INPUTS))
    sums = (inputs @ rng.normal(size=(INPUTS, UNITS)) / np.sqrt(INPUTS)).ravel()
    scales = np.geomspace(LOWEST, HIGHEST, POINTS)
    each = [flat_shares(scale * sums) for scale in scales]
    ratio = np.maximum(settings.scale * sums, 0).mean() / settings.scale / np.maximum(sums, 0).mean()
    return SaturationData(
        settings.scale,
        scales,
        {name: np.array([found[name] for found in each]) for name in each[0]},
        flat_shares(settings.scale * sums),
        float(ratio),
    )


def flat_shares(sums: Array) -> dict[str, float]:
    """The share of inputs z at which each activation's slope is below a tenth of its steepest.

    Slopes over the steepest: tanh 1 - tanh(z)^2; sigmoid 4 s(z) (1 - s(z)) = 1 - tanh(z / 2)^2; ReLU 1 for z > 0.
    """
    slopes = {"tanh": 1 - np.tanh(sums) ** 2, "sigmoid": 1 - np.tanh(sums / 2) ** 2, "ReLU": (sums > 0).astype(float)}
    return {name: float(np.mean(slope < FLAT)) for name, slope in slopes.items()}


def draw_saturation(data: SaturationData, theme: Theme) -> Drawing:
    """The share of flat units against the scale."""
    colours, dashes = PALETTES[theme], ("solid", "7px,3px", "2px,2px")
    traces = [
        line(name, data.scales, 100 * data.shares[name], colours.series[turn], dashes[turn])
        | {"hovertemplate": f"%{{y:.0f}} %<extra>{name}</extra>"}
        for turn, name in enumerate(data.shares)
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "scale of the weights (times)"}, "type": "log", "dtick": 1},
        yaxis={"title": {"text": "flat units (%)"}, "range": [-3, 103]},
        shapes=[upright(data.scale, colours.quiet)],
    )


def alt_saturation(data: SaturationData) -> str:
    """What the chart shows, for people who do not see it."""
    said = ", ".join(f"{100 * share:.0f} % of {name}" for name, share in data.here.items())
    return (
        f"With weights {data.scale:g} times as large the slope is under a tenth of the steepest in {said} units. "
        f"The ReLU share is that of units switched off and the same at every scale: its outputs, divided by the scale, "
        f"are {data.relu_ratio:.3f} times what they were."
    )


def facts_saturation(data: SaturationData) -> Mapping[str, float]:
    """The shares of flat units at the chosen scale, and what ReLU's outputs are over the scale (1: no change)."""
    return {
        "tanh": data.here["tanh"],
        "sigmoid": data.here["sigmoid"],
        "relu": data.here["ReLU"],
        "relu_ratio": data.relu_ratio,
    }


SATURATION = Figure(
    NAME,
    TITLE,
    Saturation,
    read_saturation,
    draw_saturation,
    alt_saturation,
    facts_saturation,
    ("tanh", "sigmoid", "relu", "relu_ratio"),
)
