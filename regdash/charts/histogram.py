"""How the weights of each layer are spread, and how many of them are exactly zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.layers import layer_name
from regdash.charts.screen import shown
from regdash.charts.theme import LAYER_DASHES, PALETTES, STROKES, Palette, Role, Theme, empty, figure, rgba
from regdash.intervals import Array
from regdash.record import RunRecord

NAME, TITLE = "histogram", "Weights now"
WAITING = "Shown as soon as a run has ended."
NOTHING = "These runs hold no finite weights. Try a smaller learning rate."
MOST_LAYERS = 6
BINS = 41  # odd: the middle bin lies about zero
BASELINE_DASHES = (*LAYER_DASHES[1:], "4px,4px")  # an outline that is never solid


@dataclass(frozen=True)
class HistogramGroup:
    """Per layer the share [M] of its weights in each bin, exact zeros apart, and the share of exact zeros of all."""

    role: Role
    layers: tuple[tuple[str, Array], ...]
    zeros: float
    runs: int


@dataclass(frozen=True)
class HistogramData:
    """The spread of the weights of the current runs and of the baseline, in bins with the same edges [M + 1]."""

    groups: tuple[HistogramGroup, ...]
    edges: Array
    problem: str = ""


def read_histogram(records: Sequence[RunRecord], baseline: Sequence[RunRecord] = ()) -> HistogramData:
    """Count the final weights (kernels; biases are not penalised) of each layer; shares are means over the seeds."""
    kernels = {"baseline": [_kernels(r) for r in baseline], "current": [_kernels(r) for r in records]}
    every = [values for runs in kernels.values() for run in runs for values in run.values()]
    limit = max((float(np.abs(values).max()) for values in every if len(values)), default=0.0)
    edges = np.linspace(-1, 1, BINS + 1) * (limit or 1.0)
    if not any(len(values) for values in every):
        return HistogramData((), edges, NOTHING if records else WAITING)
    roles: tuple[Role, ...] = ("baseline", "current")
    return HistogramData(tuple(_read(role, kernels[role], edges) for role in roles if kernels[role]), edges)


def draw_histogram(data: HistogramData, theme: Theme) -> Drawing:
    """Draw a step line per layer, the baseline as dashed outlines, and the exact zeros as a bar of their own.

    That bar has its own scale, the whole height for 100 %, or it would flatten everything else.
    """
    if data.problem:
        return empty(theme, NAME, TITLE, data.problem)
    colours = PALETTES[theme]
    traces = [trace for group in data.groups for trace in _traces(group, data.edges, colours)]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "weight"}, "range": shown([1.04 * data.edges[0], 1.04 * data.edges[-1]]), "nticks": 7},
        yaxis={"title": {"text": "% of the layer"}, "rangemode": "tozero", "nticks": 5},
        yaxis2={"overlaying": "y", "range": [0, 108], "visible": False, "fixedrange": True},
        annotations=[_note(data, colours)],
        hovermode="closest",
    )


def alt_histogram(data: HistogramData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"Weight histogram: {data.problem}"
    zeros = " and ".join(f"{100 * group.zeros:.3g}% of the {group.role}" for group in reversed(data.groups))
    layers = len(data.groups[-1].layers)
    return (
        f"Histogram of the weights of {layers} layer{'s' if layers > 1 else ''} between {data.edges[0]:.3g} and "
        f"{data.edges[-1]:.3g}. Exactly zero are {zeros}."
    )


def _kernels(record: RunRecord) -> dict[str, Array]:
    """The finite kernel entries of each layer; of many layers all together."""
    kernels = [np.asarray(weight, float).ravel() for weight in record.weights if np.ndim(weight) > 1]
    names = record.history.layers
    if len(names) != len(kernels):
        names = tuple(f"layer {place}" for place in range(1, len(kernels) + 1))
    if len(kernels) > MOST_LAYERS:
        names, kernels = ("all layers",), [np.concatenate(kernels)]
    return {name: values[np.isfinite(values)] for name, values in zip(names, kernels, strict=True)}


def _read(role: Role, runs: Sequence[dict[str, Array]], edges: Array) -> HistogramGroup:
    """Runs of one setting have the same layers; one without finite weights takes no part in a mean."""
    counted = [run for run in runs if sum(map(len, run.values()))]
    names = tuple(counted[0]) if counted else ()
    layers = tuple((name, np.mean([_shares(run[name], edges) for run in counted], axis=0)) for name in names)
    zeros = [float(np.mean(np.concatenate(list(run.values())) == 0)) for run in counted]
    return HistogramGroup(role, layers, float(np.mean(zeros)) if zeros else 0.0, len(counted))


def _shares(values: Array, edges: Array) -> Array:
    counts, _ = np.histogram(values[values != 0], edges)
    return counts / max(len(values), 1)


def _traces(group: HistogramGroup, edges: Array, colours: Palette) -> list[dict[str, Any]]:
    """A layer has one entry in the legend, which shows and hides it for both settings at once."""
    current = group.role == "current"
    colour, width = colours.runs[group.role], STROKES[group.role, "validation"].width - 0.6
    dashes = cycle(LAYER_DASHES if current else BASELINE_DASHES)
    traces = [] if current else [_key(group.role, colour, width)]
    for (name, shares), dash in zip(group.layers, dashes, strict=False):
        layer = layer_name(name)
        said = layer if current else f"{group.role} {layer}"
        line = _step(100 * shares, edges) | {
            "uid": name if current else f"{group.role} {name}",
            "name": layer,
            "legendgroup": layer,
            "showlegend": current,
            "line": {"color": colour, "width": width, "dash": dash, "shape": "hv"},
            "hovertemplate": f"%{{customdata}}: %{{y:.3~g}} %<extra>{said}</extra>",
        }
        traces.append(line | ({"fill": "tozeroy", "fillcolor": rgba(colour, 0.1)} if current else {}))
    return [*traces, _zeros(group, edges, colour, width)] if group.zeros else traces


def _step(shares: Array, edges: Array) -> dict[str, Any]:
    """A line that rises from 0 at the first edge and falls to 0 at the last."""
    between = [f"{low:.2g} to {high:.2g}" for low, high in pairwise(edges)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": shown([edges[0], *edges]),
        "y": shown([0.0, *shares, 0.0]),
        "customdata": [between[0], *between, between[-1]],
    }


def _zeros(group: HistogramGroup, edges: Array, colour: str, width: float) -> dict[str, Any]:
    half, height = float(edges[-1] - edges[-2]) / 2, 100 * group.zeros
    current = group.role == "current"
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"{group.role} zeros",
        "name": "exactly 0",
        "showlegend": False,
        "yaxis": "y2",
        "x": shown([-half, -half, half, half]),
        "y": shown([0.0, height, height, 0.0]),
        "line": {"color": colour, "width": width, "dash": "solid" if current else BASELINE_DASHES[0]},
        "fill": "toself" if current else "none",
        "fillcolor": rgba(colour, 0.7),
        "hoveron": "points",
        "hovertemplate": f"exactly 0: {height:.3g} % of all weights<extra>{group.role}</extra>",
    }


def _note(data: HistogramData, colours: Palette) -> dict[str, Any]:
    """The shares of exact zeros in words at the top right of the place where they stand."""
    said = [f"{100 * g.zeros:.3g} %" if g.role == "current" else f"{g.role} {100 * g.zeros:.3g} %" for g in data.groups]
    return {
        "text": f"exactly 0: {', '.join(reversed(said))}",
        "showarrow": False,
        "x": 0.5,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 12,
        "y": 1,
        "yref": "paper",
        "yanchor": "top",
        "bgcolor": rgba(colours.paper, 0.8),
        "font": {"color": colours.text, "size": 12},
    }


def _key(name: str, colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"key {name}",
        "name": name,
        "x": [None],
        "y": [None],
        "line": {"color": colour, "width": width, "dash": BASELINE_DASHES[0]},
        "hoverinfo": "skip",
    }
