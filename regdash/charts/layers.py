"""One number of each layer's weights over the epochs: its norm, its largest weight, its share of zeros and the like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, curve, seen_curve
from regdash.charts.lines import bands, epoch_axis, label, line
from regdash.charts.theme import LAYER_DASHES, PALETTES, STROKES, Palette, Role, Stroke, Theme, empty, figure
from regdash.intervals import Array

NAME = "layers"
WAITING = "Shown when the run has ended."
NOTHING = "These runs were not looked at on their way. Press Train to run them again."
NOT_FINITE = "The weights were never finite numbers: the run diverged at once. Try a smaller learning rate."
MOST_LAYERS = 6


@dataclass(frozen=True)
class LayerMeasure:
    """A number that every layer has: columns `name/<layer>` of a history, or a table of the snapshots.

    Snapshots know only some epochs, and nothing of the network as a whole: of many layers `whole` is taken.
    """

    name: str
    title: str
    axis: str
    factor: float = 1.0
    seen: bool = False
    whole: tuple[str, Callable[..., Any]] = ("all layers", np.max)

    @property
    def unit(self) -> str:
        """The unit: "%" or nothing."""
        return "%" if self.factor == 100 else ""


LAYER_MEASURES = {
    each.name: each
    for each in (
        LayerMeasure("l1_norm", "L1 norm of weights", "sum of |w|"),
        LayerMeasure("max_norm", "Largest weight", "largest |w|"),
        LayerMeasure("spectral", "Spectral norm", "largest singular value", 1, True, ("largest of all", np.max)),
        LayerMeasure("near_zero", "Weights near zero", "below 0.001 (%)", 100),
        LayerMeasure("zeros", "Exact zeros", "exactly 0 (%)", 100),
        LayerMeasure("dead", "Dead units", "units always 0 (%)", 100, True, ("mean of all", np.mean)),
    )
}
"""What the chart can show, in the order of its menu."""


@dataclass(frozen=True)
class LayersGroup:
    """The curve of each layer of one setting."""

    name: str
    role: Role
    layers: tuple[tuple[str, Curve], ...]

    @property
    def drawn(self) -> bool:
        """Whether there is anything finite to draw."""
        return any(values.drawn for _, values in self.layers)


@dataclass(frozen=True)
class LayersData:
    """The curves of every setting and what they measure; `problem` says why there are none."""

    groups: tuple[LayersGroup, ...]
    measure: LayerMeasure
    problem: str = ""


def read_layers(groups: Sequence[Group], name: str = "l1_norm", *, ended: bool = False) -> LayersData:
    """The mean over seeds for every layer, or for the network as a whole when there are more than six.

    `ended` says whether the current runs have: until then what only snapshots know is still to come.
    """
    measure = LAYER_MEASURES[name]
    read = _read_snapshots if measure.seen else _read_histories
    found = tuple(LayersGroup(group.name, group.role, read(group, measure)) for group in groups)
    waits = measure.seen and not any(each.layers for each in found if each.role == "current")
    if waits or not any(each.drawn for each in found):
        return LayersData(found, measure, _problem(measure, found, ended))
    return LayersData(found, measure)


def draw_layers(data: LayersData, theme: Theme, *, epochs: int = 0) -> Drawing:
    """Draw a line per layer; what was looked at only now and then has a marker at each of those epochs."""
    measure = data.measure
    if data.problem:
        return empty(theme, NAME, measure.title, data.problem)
    suffix = f" {measure.unit}".rstrip()
    drawn = [group for group in data.groups if group.drawn]
    traces = [t for g in drawn for t in layer_traces(g.name, g.role, g.layers, PALETTES[theme], suffix=suffix)]
    axis = {"title": {"text": measure.axis}, "rangemode": "tozero", "nticks": 5}
    if measure.unit:
        axis["autorangeoptions"] = {"clipmax": 101}
    return figure(theme, NAME, measure.title, traces, xaxis=epoch_axis(epochs), yaxis=axis)


def alt_layers(data: LayersData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"{data.measure.title}: {data.problem}"
    return " ".join(_said(group, data.measure) for group in data.groups if group.drawn)


def layer_traces(
    name: str, role: Role, layers: Sequence[tuple[str, Curve]], colours: Palette, suffix: str = ""
) -> list[dict[str, Any]]:
    """A layer has one dash and one entry in the legend, which shows and hides it for every setting at once."""
    colour, stroke = colours.runs[role], STROKES[role, "validation"]
    current = role == "current"
    traces = [] if current else [_key(name, colour, stroke.width)]
    for (layer, values), dash in zip(layers, cycle(LAYER_DASHES), strict=False):
        said, shown = layer_name(layer), Stroke(dash, stroke.width - 0.4)
        facts: dict[str, Any] = {"legendgroup": said}
        drawn = label(role, name, said)
        traces += bands(values, drawn, colour, **facts)
        traces.append(line(values, drawn, colour, shown, suffix=suffix, showlegend=current, **facts))
    return traces


def layer_name(layer: str) -> str:
    """The name of a layer for people: "hidden 1" for hidden_1."""
    return "all layers" if layer == "all" else layer.replace("_", " ")


def _read_histories(group: Group, measure: LayerMeasure) -> tuple[tuple[str, Curve], ...]:
    names = next((history.layers for history in group.histories), ())
    chosen = names if len(names) <= MOST_LAYERS else ("all",)
    return tuple((layer, curve(group, f"{measure.name}/{layer}", measure.factor)) for layer in chosen)


def _read_snapshots(group: Group, measure: LayerMeasure) -> tuple[tuple[str, Curve], ...]:
    tables = [getattr(each, measure.name) for each in group.snapshots]
    names = tuple(tables[0]) if tables else ()
    if len(names) > MOST_LAYERS:
        word, reduce = measure.whole
        columns: dict[str, list[Array]] = {word: [reduce(list(table.values()), axis=0) for table in tables]}
    else:
        columns = {name: [table[name] for table in tables] for name in names}
    return tuple((name, seen_curve(group.snapshots, each, measure.factor)) for name, each in columns.items())


def _problem(measure: LayerMeasure, groups: Sequence[LayersGroup], ended: bool) -> str:
    if not groups:
        return f"Train a network to see this: {measure.axis.removesuffix(' (%)')}."
    if any(len(values.mean) for group in groups if group.role == "current" for _, values in group.layers):
        return NOT_FINITE
    return NOTHING if ended else WAITING


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


def _said(group: LayersGroup, measure: LayerMeasure) -> str:
    values = ", ".join(f"{layer_name(layer)} {each.last:.3g}{measure.unit}" for layer, each in group.layers)
    return f"{measure.title} ({measure.axis}) of {group.name} at the end: {values}."
