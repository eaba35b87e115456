"""Dropout by hand: which units are off in which step, and why what is left is scaled up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.figure_panels import below
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import level, line
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "dropout_mask", "Dropout masks, and the mean activation they leave"


@dataclass(frozen=True)
class DropoutMask:
    """How often units are switched off, and how many draws are looked at."""

    rate: float = param(
        0.5,
        "Dropout rate",
        "The probability with which each unit is switched off, anew in every step.",
        low=0.0,
        high=0.9,
        step=0.05,
        symbol="p",
    )
    units: int = param(16, "Units", "How many units the layer has.", low=1, high=40, unit="units")
    steps: int = param(60, "Steps", "How many training steps are drawn.", low=10, high=200, unit="steps")
    seed: int = param(0, "Seed", "Another number draws other masks.", low=0, high=99)


@dataclass(frozen=True)
class MaskData:
    """Which units are kept [units, steps]; the mean activation so far [steps] without and with the scaling."""

    settings: DropoutMask
    kept: Array
    unscaled: Array
    scaled: Array

    @property
    def scale(self) -> float:
        """1 / (1 - p)."""
        return 1 / (1 - self.settings.rate)


def read_dropout_mask(settings: DropoutMask) -> MaskData:
    """Masks for units that all answer 1: kept where a uniform number u >= p, and then times 1 / (1 - p).

    The mean over units and steps tends to 1 - p without the scaling and to 1 with it. The rule is that of inverted
    dropout, which Keras has. Source: Srivastava et al., JMLR 15 (2014) 1929-1958.
    """
    uniform = np.random.default_rng(settings.seed).random((settings.steps, settings.units)).T
    kept = uniform >= settings.rate
    so_far = np.cumsum(kept.mean(axis=0)) / np.arange(1, settings.steps + 1)
    return MaskData(settings, kept, so_far, so_far / (1 - settings.rate))


def draw_dropout_mask(data: MaskData, theme: Theme) -> Drawing:
    """The masks as a grid, and below it, step by step, the mean activation so far."""
    colours = PALETTES[theme]
    steps = np.arange(1, data.settings.steps + 1)
    grid = {
        "type": "heatmap",
        "uid": "masks",
        "z": data.kept.astype(np.uint8),
        "x": steps.tolist(),
        "y": list(range(1, data.settings.units + 1)),
        "colorscale": [[0, colours.grid], [1, colours.series[0]]],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "step %{x}, unit %{y}: %{customdata}<extra></extra>",
        "customdata": [["kept" if each else "off" for each in row] for row in data.kept.tolist()],
    }
    low: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}
    traces = [
        grid,
        line("without dropout", steps, np.ones(len(steps)), colours.quiet, dash="dot", **low),
        line("masked", steps, data.unscaled, colours.series[1], dash="7px,3px", **low),
        line("masked and scaled", steps, data.scaled, colours.series[2], **low),
    ]
    ends = {"range": [0.5, data.settings.steps + 0.5]}
    highest = max(1.2, 1.1 * float(data.scaled.max()))
    axes = below(
        {
            "x": ends | {"showticklabels": False},
            "y": {"title": {"text": "unit (filled: kept)"}, "showgrid": False, "dtick": 5},
        },
        {
            "x": ends | {"title": {"text": "step"}, "matches": "x"},
            "y": {"title": {"text": "mean so far"}, "range": [0, highest]},
        },
        share=0.52,
        gap=0.06,
    )
    return figure(theme, NAME, TITLE, traces, **axes, shapes=[level(1 - data.settings.rate, colours.quiet, yref="y2")])


def alt_dropout_mask(data: MaskData) -> str:
    """What the chart shows, for people who do not see it."""
    p = data.settings.rate
    return (
        f"{data.settings.units} units over {data.settings.steps} steps at dropout rate {p:g}: {data.kept.mean():.1%} "
        f"of the activations are kept. Units that all answer 1 answer {data.unscaled[-1]:.3g} on average when they are "
        f"only masked, where {1 - p:.3g} is expected; multiplied by {data.scale:.3g} they answer "
        f"{data.scaled[-1]:.3g}, where 1 is expected."
    )


def facts_dropout_mask(data: MaskData) -> Mapping[str, float]:
    """The share kept, the factor for what is kept, and the mean activation without and with it."""
    return {
        "kept": float(data.kept.mean()),
        "scale": data.scale,
        "mean_scaled": float(data.scaled[-1]),
        "mean_unscaled": float(data.unscaled[-1]),
    }


DROPOUT_MASK = Figure(
    NAME,
    TITLE,
    DropoutMask,
    read_dropout_mask,
    draw_dropout_mask,
    alt_dropout_mask,
    facts_dropout_mask,
    ("kept", "scale", "mean_scaled", "mean_unscaled"),
    420,
)
