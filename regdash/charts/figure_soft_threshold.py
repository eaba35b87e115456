"""What one step of each penalty does to a weight: L1 cuts a fixed piece off, L2 a fixed share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.intervals import Array
from regdash.params import param
from regdash.regularizers import ProximalL1

NAME, TITLE = "soft_threshold", "What a penalty leaves of a weight"
WIDEST = 3.0


@dataclass(frozen=True)
class SoftThreshold:
    """How strong both penalties are."""

    strength: float = param(
        1.0,
        "Strength",
        "The best weight without a penalty is moved to the best one with it: l1 of |w|, and l2 of w²/2.",
        low=0.0,
        high=2.0,
        step=0.1,
    )


@dataclass(frozen=True)
class ThresholdData:
    """Weights before [G], and after under L1 and under L2 [G]."""

    strength: float
    before: Array
    under_l1: Array
    under_l2: Array


def read_soft_threshold(settings: SoftThreshold) -> ThresholdData:
    """The minimum of (v - w)^2 / 2 + l1 |v|, and of (v - w)^2 / 2 + l2 v^2 / 2, over v.

    The first is sign(w) max(|w| - l1, 0), the step of ProximalL1; the second w / (1 + l2).
    """
    before = np.linspace(-WIDEST, WIDEST, 121)
    under_l1 = ProximalL1.constrained(before, np, 1.0, settings.strength)
    return ThresholdData(settings.strength, before, under_l1, before / (1 + settings.strength))


def draw_soft_threshold(data: ThresholdData, theme: Theme) -> Drawing:
    """Both curves, and the diagonal on which nothing changes."""
    colours = PALETTES[theme]
    lines = (
        ("no penalty", data.before, colours.quiet, "dot"),
        ("L1", data.under_l1, colours.series[0], "solid"),
        ("L2", data.under_l2, colours.series[1], "dash"),
    )
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "uid": name,
            "name": name,
            "x": shown(data.before),
            "y": shown(values),
            "line": {"color": colour, "width": 2, "dash": dash},
            "hovertemplate": f"%{{y:.2f}}<extra>{name}</extra>",
        }
        for name, values, colour, dash in lines
    ]
    axes = {"xaxis": {"title": {"text": "weight without a penalty"}}, "yaxis": {"title": {"text": "weight with it"}}}
    return figure(theme, NAME, TITLE, traces, **axes)


def alt_soft_threshold(data: ThresholdData) -> str:
    """What the chart shows, for people who do not see it."""
    return (
        f"At strength {data.strength:g} L1 makes every weight between -{data.strength:g} and {data.strength:g} exactly "
        f"zero and moves all others by {data.strength:g} towards zero; L2 divides every weight by "
        f"{1 + data.strength:g} and makes none of them zero."
    )


def facts_soft_threshold(data: ThresholdData) -> Mapping[str, float]:
    """What a weight of 1 becomes, and the share of zeros on the curve."""
    at_one = int(np.argmin(np.abs(data.before - 1)))
    return {
        "l1_of_one": float(data.under_l1[at_one]),
        "l2_of_one": float(data.under_l2[at_one]),
        "zeros": float(np.mean(data.under_l1 == 0)),
    }


SOFT_THRESHOLD = Figure(
    NAME,
    TITLE,
    SoftThreshold,
    read_soft_threshold,
    draw_soft_threshold,
    alt_soft_threshold,
    facts_soft_threshold,
    ("l1_of_one", "l2_of_one", "zeros"),
)
