"""Each weight of a linear network against one setting that was varied: the regularisation path, trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.coefficients import MOST_COLOURED
from regdash.charts.compare_sweep import EMPTY, sweep_scale
from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_axes import Scale
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.intervals import Array

NAME = "compare-coefficients"
DASHES = ("solid", "10px,3px", "3px,3px")


@dataclass(frozen=True)
class CoefficientPath:
    """Weights [P, F] of a linear network with one output, mean over its runs, at the places [P] of an axis."""

    over: str
    names: tuple[str, ...]
    scale: Scale
    values: Array
    places: Array
    weights: Array
    height: int = 360

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"Weights against {self.over}"

    @property
    def zeros(self) -> Array:
        """How many weights are exactly 0 at each place."""
        return np.asarray(np.sum(self.weights == 0, axis=1))


def read_coefficient_path(
    over: str, names: Sequence[str], values: Sequence[float], weights: Sequence[Sequence[Array]]
) -> CoefficientPath:
    """`weights` holds for each value the weight vectors [F] of its runs; values without a run are left out."""
    order = [at for at in np.argsort(values, kind="stable") if weights[at]]
    scale = sweep_scale(over, list(values))
    kept = np.array([values[at] for at in order], float)
    means = np.array([np.mean(np.stack(list(weights[at])), axis=0) for at in order])
    places = np.array([scale.at(value) for value in kept])
    return CoefficientPath(over, tuple(names), scale, kept, places, means.reshape(len(order), len(names)))


def draw_coefficient_path(data: CoefficientPath, theme: Theme) -> Drawing:
    """A line for each weight, the largest in colour."""
    if not len(data.places):
        return empty(theme, NAME, data.title, EMPTY)
    colours = PALETTES[theme]
    order = np.argsort(-np.abs(data.weights).max(axis=0), kind="stable")
    traces = []
    for place, number in enumerate(order.tolist()):
        coloured = place < MOST_COLOURED
        colour = colours.classes[place % len(colours.classes)] if coloured else rgba(colours.quiet, 0.4)
        dash = DASHES[place // len(colours.classes) % len(DASHES)]
        traces.append(_line(data, number, colour, dash, coloured))
    side = {"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "font": {"size": 10, "color": colours.quiet}}
    return figure(
        theme,
        NAME,
        data.title,
        traces,
        xaxis=data.scale.axis(),
        yaxis={"title": {"text": "weight"}, "zeroline": True, "zerolinecolor": colours.quiet},
        legend=side,
        hovermode="closest",
    )


def alt_coefficient_path(data: CoefficientPath) -> str:
    """What the chart shows, for people who do not see it."""
    if not len(data.places):
        return f"{data.title}: {EMPTY}"
    first, last = (data.scale.word(data.values[at]) for at in (0, -1))
    return (
        f"{data.title}: {len(data.names)} weights of a linear network. At {first} {data.zeros[0]} of them are exactly "
        f"zero, at {last} {data.zeros[-1]}."
    )


def _line(data: CoefficientPath, number: int, colour: str, dash: str, legend: bool) -> dict[str, Any]:
    name = plain(data.names[number])
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "uid": f"weight-{number}",
        "name": name,
        "showlegend": legend,
        "x": shown(data.places),
        "y": shown(data.weights[:, number]),
        "line": {"color": colour, "width": 1.8 if legend else 1, "dash": dash},
        "marker": {"size": 4, "color": colour},
        "customdata": [data.scale.word(value) for value in data.values],
        "hovertemplate": f"%{{customdata}}: %{{y:.3~g}}<extra>{name}</extra>",
    }
