"""How large the weights of each layer are, and how many of them are as good as zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import plotly.graph_objects as go

from regdash.charts.group import Curve, Group, curve
from regdash.charts.lines import bands, epoch_axis, label, line
from regdash.charts.theme import LAYER_DASHES, PALETTES, STROKES, Palette, Role, Stroke, Theme, empty, figure

NAME, TITLE = "norms", "Weights"
EMPTY = "Train a network to see how its weights grow or shrink."
MOST_LAYERS = 6


@dataclass(frozen=True)
class NormsGroup:
    """sqrt(sum of w²) of each layer, and the share of all weights below 0.001 in per cent."""

    name: str
    role: Role
    layers: tuple[tuple[str, Curve], ...]
    near_zero: Curve


@dataclass(frozen=True)
class NormsData:
    """The weight curves of every setting."""

    groups: tuple[NormsGroup, ...]


def read_norms(groups: Sequence[Group]) -> NormsData:
    """The norm of every layer (only the whole network when there are more than six), averaged over seeds."""
    return NormsData(tuple(_read(group) for group in groups))


def draw_norms(data: NormsData, theme: Theme, *, epochs: int = 0) -> go.Figure:
    """Draw the norms above and the share of near-zero weights in a lower strip with the same epoch axis."""
    groups = [group for group in data.groups if any(values.drawn for _, values in group.layers)]
    if not groups:
        return empty(theme, NAME, TITLE, EMPTY)
    traces = [trace for group in groups for trace in _traces(group, PALETTES[theme])]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis=epoch_axis(epochs, anchor="y2"),
        yaxis={"title": {"text": "L2 norm"}, "domain": [0.4, 1], "rangemode": "tozero", "nticks": 5},
        yaxis2={
            "title": {"text": "near 0 (%)"},
            "domain": [0, 0.26],
            "range": [-4, 104],
            "tickvals": [0, 50, 100],
        },
        hoversubplots="axis",
    )


def alt_norms(data: NormsData) -> str:
    """What the chart shows, for people who do not see it."""
    return " ".join(_said(group) for group in data.groups if group.layers) or f"Weights chart: {EMPTY}"


def _read(group: Group) -> NormsGroup:
    names = next((history.layers for history in group.histories), ())
    shown = names if len(names) <= MOST_LAYERS else ("all",)
    layers = tuple((layer, curve(group, f"l2_norm/{layer}")) for layer in shown)
    return NormsGroup(group.name, group.role, layers, curve(group, "near_zero/all", 100.0))


def _traces(group: NormsGroup, colours: Palette) -> list[dict[str, Any]]:
    """A layer has one dash and one entry in the legend, which shows and hides it for every setting at once."""
    colour, stroke = colours.runs[group.role], STROKES[group.role, "validation"]
    current = group.role == "current"
    traces = [] if current else [_key(group.name, colour, stroke.width)]
    for (layer, values), dash in zip(group.layers, cycle(LAYER_DASHES), strict=False):
        name = "all layers" if layer == "all" else layer
        shown = Stroke(dash, stroke.width - 0.4)
        traces += _pair(
            values, label(group.role, group.name, name), colour, shown, legendgroup=name, showlegend=current
        )
    near = label(group.role, group.name, "near 0")
    return traces + _pair(group.near_zero, near, colour, stroke, suffix=" %", yaxis="y2", showlegend=False)


def _pair(values: Curve, name: str, colour: str, stroke: Stroke, **trace: Any) -> list[dict[str, Any]]:
    shared = {key: trace[key] for key in ("yaxis", "legendgroup") if key in trace}
    return [*bands(values, name, colour, **shared), line(values, name, colour, stroke, **trace)]


def _key(name: str, colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"key {name}",
        "name": name,
        "x": [None],
        "y": [None],
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
    }


def _said(group: NormsGroup) -> str:
    norms = ", ".join(f"{layer} {values.last:.3g}" for layer, values in group.layers)
    return f"L2 norm of the weights of {group.name} at the end: {norms}; {group.near_zero.last:.3g}% are near zero."
