"""How large the weights of each layer are, and how many of them are as good as zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, curve
from regdash.charts.layers import MOST_LAYERS, layer_name, layer_traces
from regdash.charts.lines import bands, epoch_axis, label, line
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Theme, empty, figure

NAME, TITLE = "norms", "L2 norm of weights"
EMPTY = "Train a network to see how its weights grow or shrink."


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


def draw_norms(data: NormsData, theme: Theme, *, epochs: int = 0) -> Drawing:
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
        yaxis={"title": {"text": "√ sum of w²"}, "domain": [0.4, 1], "rangemode": "tozero", "nticks": 5},
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
    """The norms above; the share of near-zero weights of the whole network in the strip."""
    colour, stroke = colours.runs[group.role], STROKES[group.role, "validation"]
    near = label(group.role, group.name, "near 0")
    strip: dict[str, Any] = {"yaxis": "y2"}
    return [
        *layer_traces(group.name, group.role, group.layers, colours),
        *bands(group.near_zero, near, colour, **strip),
        line(group.near_zero, near, colour, stroke, suffix=" %", showlegend=False, **strip),
    ]


def _said(group: NormsGroup) -> str:
    norms = ", ".join(f"{layer_name(layer)} {values.last:.3g}" for layer, values in group.layers)
    return f"L2 norm of the weights of {group.name} at the end: {norms}; {group.near_zero.last:.3g}% are near zero."
