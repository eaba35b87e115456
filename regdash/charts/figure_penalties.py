"""What each penalty charges for one weight, and how hard it pulls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.figure_panels import beside
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line
from regdash.intervals import Array
from regdash.params import param
from regdash.regularizers import L1, L2, ElasticNet

NAME, TITLE = "penalties", "What a weight costs, and how hard it is pulled"
WIDEST = 2.0
SMALL = 0.1
JUMP = 1e-9  # beside 0, where the slope of L1 jumps
DASHES = ("solid", "7px,3px", "2px,2px")


@dataclass(frozen=True)
class Penalties:
    """How strong the penalties are, and how the elastic net mixes them."""

    strength: float = param(
        1.0,
        "Strength",
        "What each penalty is multiplied by: l1 of |w|, l2 of w².",
        low=0.1,
        high=2.0,
        step=0.1,
    )
    l1_ratio: float = param(
        0.5,
        "Share of L1 in the elastic net",
        "1 makes the elastic net the same as L1, 0 the same as L2.",
        low=0.0,
        high=1.0,
        step=0.05,
    )


@dataclass(frozen=True)
class PenaltiesData:
    """Weights [G]; for L1, L2 and the elastic net costs [3, G] and slopes [3, G]."""

    settings: Penalties
    weights: Array
    costs: Array
    slopes: Array


def read_penalties(settings: Penalties) -> PenaltiesData:
    """The costs l1 |w| and l2 w^2 with the slopes l1 sign(w) and 2 l2 w, by the penalties that training uses."""
    weights = np.sort(np.concatenate([np.linspace(-WIDEST, WIDEST, 161), [-JUMP, JUMP]]))
    net = ElasticNet(settings.strength, settings.l1_ratio)
    mixes = ((settings.strength, 0.0), (0.0, settings.strength), (net.l1, net.l2))
    column = weights[:, None]
    costs = [L1.penalty(column, l1, np) + L2.penalty(column, l2, np) for l1, l2 in mixes]
    slopes = [(L1.gradient(column, l1, np) + L2.gradient(column, l2, np))[:, 0] for l1, l2 in mixes]
    return PenaltiesData(settings, weights, np.array(costs), np.array(slopes))


def draw_penalties(data: PenaltiesData, theme: Theme) -> Drawing:
    """Costs on the left, slopes on the right."""
    colours = PALETTES[theme]
    traces = []
    for place, name in enumerate(("L1", "L2", "elastic net")):
        look: dict[str, Any] = {"dash": DASHES[place], "legendgroup": name}
        traces += [
            line(name, data.weights, data.costs[place], colours.series[place], **look),
            line(name, data.weights, data.slopes[place], colours.series[place], **look)
            | {"uid": f"{name} slope", "showlegend": False, "xaxis": "x2", "yaxis": "y2"},
        ]
    x = {"title": {"text": "weight"}, "nticks": 5}
    axes = beside({"x": x, "y": {}, "title": "cost added to the loss"}, {"x": x, "y": {}, "title": "slope of the cost"})
    return figure(theme, NAME, TITLE, traces, **axes)


def alt_penalties(data: PenaltiesData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_penalties(data)
    return (
        f"At strength {data.settings.strength:g} L1 pulls every weight towards zero with {facts['l1_slope_one']:.3g}, "
        f"however small it is. L2 pulls a weight of 1 with {facts['l2_slope_one']:.3g} and a weight of 0.1 with only "
        f"{facts['l2_slope_small']:.3g}. The elastic net is a mixture with {data.settings.l1_ratio:.0%} of L1."
    )


def facts_penalties(data: PenaltiesData) -> Mapping[str, float]:
    """Costs of the weight 1, and slopes at 1 and at 0.1."""
    one, small = (int(np.argmin(np.abs(data.weights - at))) for at in (1.0, SMALL))
    return {
        "l1_of_one": float(data.costs[0, one]),
        "l2_of_one": float(data.costs[1, one]),
        "l1_slope_one": float(data.slopes[0, one]),
        "l2_slope_one": float(data.slopes[1, one]),
        "l1_slope_small": float(data.slopes[0, small]),
        "l2_slope_small": float(data.slopes[1, small]),
    }


PENALTIES = Figure(
    NAME,
    TITLE,
    Penalties,
    read_penalties,
    draw_penalties,
    alt_penalties,
    facts_penalties,
    ("l1_of_one", "l2_of_one", "l1_slope_one", "l2_slope_one", "l1_slope_small", "l2_slope_small"),
)
