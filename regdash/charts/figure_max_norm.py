"""Max-norm cuts the weights that enter a unit back to a greatest length and leaves shorter ones alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure, rgba
from regdash.charts.traces import line
from regdash.intervals import Array
from regdash.params import param
from regdash.regularizers import MaxNorm

NAME, TITLE = "max_norm", "What max-norm does to the weights of each unit"
ANGLES = np.deg2rad([15, 62, 105, 148, 200, 246, 290, 338])
LENGTHS = np.array([2.4, 0.7, 1.6, 0.5, 2.0, 0.9, 1.3, 1.8])


@dataclass(frozen=True)
class MaxNormLimit:
    """The greatest length."""

    limit: float = param(
        1.0,
        "Limit",
        "The greatest length that the weights entering one unit may have.",
        low=0.1,
        high=3.0,
        step=0.1,
    )


@dataclass(frozen=True)
class MaxNormData:
    """A kernel of two inputs and eight units before and after, each [2, 8]."""

    limit: float
    before: Array
    after: Array

    @property
    def lengths(self) -> tuple[Array, Array]:
        """The lengths [8] before and after."""
        return np.linalg.norm(self.before, axis=0), np.linalg.norm(self.after, axis=0)

    @property
    def cut(self) -> int:
        """How many units were longer than the limit."""
        return int(np.count_nonzero(self.lengths[0] > self.limit))


def read_max_norm(settings: MaxNormLimit) -> MaxNormData:
    """W * min(||w||, limit) / ||w|| for each column w of a kernel, by the constraint that training uses."""
    before = LENGTHS * np.stack([np.cos(ANGLES), np.sin(ANGLES)])
    after = MaxNorm.constrained(before[None], np, 1.0, settings.limit)[0]
    return MaxNormData(settings.limit, before, after)


def draw_max_norm(data: MaxNormData, theme: Theme) -> Drawing:
    """Arrows from zero, faint before and firm after, and the circle of the limit."""
    colours = PALETTES[theme]
    turn = np.linspace(0, 2 * np.pi, 121)
    across, up = data.limit * np.cos(turn), data.limit * np.sin(turn)
    traces = [
        line("limit", across, up, colours.series[1], dash="7px,3px", hoverinfo="skip"),
        _arrows("before", data.before, rgba(colours.quiet, 0.75), 1.4, "2px,2px"),
        _arrows("after", data.after, colours.series[0], 2.6, "solid"),
    ]
    reach = 1.1 * max(float(LENGTHS.max()), data.limit)
    zero = {"zeroline": True, "zerolinecolor": colours.grid, "showgrid": False, "range": [-reach, reach], "dtick": 1}
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis=zero | {"title": {"text": "weight from the first input"}, "constrain": "domain"},
        yaxis=zero | {"title": {"text": "weight from the second"}, "scaleanchor": "x"},
        hovermode="closest",
    )


def alt_max_norm(data: MaxNormData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_max_norm(data)
    return (
        f"The weights of eight units as arrows, the longest {facts['before']:.3g} long. The limit {data.limit:g} cuts "
        f"{data.cut} of them back without turning them, so that the longest is {facts['after']:.3g}; the other "
        f"{8 - data.cut} stay as they are."
    )


def facts_max_norm(data: MaxNormData) -> Mapping[str, float]:
    """The greatest length before and after, and how many units were cut."""
    before, after = data.lengths
    return {"before": float(before.max()), "after": float(after.max()), "cut": float(data.cut)}


def _arrows(name: str, kernel: Array, colour: str, width: float, dash: str) -> dict[str, object]:
    """An arrow from zero to each column of the kernel [2, 8], with a gap after each."""
    ends = np.full((2, 3 * kernel.shape[1]), np.nan)
    ends[:, 0::3], ends[:, 1::3] = 0.0, kernel
    lengths = np.full(ends.shape[1], np.nan)
    lengths[1::3] = np.linalg.norm(kernel, axis=0)
    marker = {"symbol": "arrow", "angleref": "previous", "size": [0, 10, 0] * kernel.shape[1], "color": colour}
    return line(name, ends[0], ends[1], colour, dash=dash, width=width) | {
        "mode": "lines+markers",
        "marker": marker | {"opacity": 1, "line": {"width": 0}},
        "customdata": [None if np.isnan(each) else float(f"{each:.4g}") for each in lengths],
        "hovertemplate": f"length %{{customdata:.3~g}}<extra>{name}</extra>",
    }


MAX_NORM = Figure(
    NAME,
    TITLE,
    MaxNormLimit,
    read_max_norm,
    draw_max_norm,
    alt_max_norm,
    facts_max_norm,
    ("before", "after", "cut"),
    380,
)
