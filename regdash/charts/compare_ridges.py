"""How the weights of a layer were spread at some epochs, one ridge above the other, for every setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.compare_marks import colour_of, uid_of
from regdash.charts.compare_panels import MOST_PANELS, Panels, blank, headed, note
from regdash.charts.drawing import Drawing
from regdash.charts.layers import layer_name
from regdash.charts.screen import plain, short, shown, thinned
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.comparison import Series
from regdash.intervals import Array
from regdash.record import Snapshots

NAME, TITLE = "compare-ridges", "Weight histograms over epochs"
EMPTY = "Weight histograms appear here as soon as a run has ended that was looked at on its way."
MOST_RIDGES = 12  # epochs in a panel
HIGH = 1.7  # of the distance between two ridges: how high the highest bin of a ridge reaches


@dataclass(frozen=True)
class RidgePanel:
    """Counts [K, M] of the weights at `epochs` [K] between `edges` [M + 1]; `missing` says why there are none."""

    name: str
    place: int
    epochs: Array
    counts: Array
    edges: Array
    run: str = ""
    missing: str = ""


@dataclass(frozen=True)
class RidgesData:
    """A panel for each setting, of one layer; `left_out` settings are not drawn."""

    panels: tuple[RidgePanel, ...]
    layer: str
    left_out: int = 0

    @property
    def title(self) -> str:
        """What stands above the chart."""
        layer = f", {layer_name(self.layer)}" if self.layer else ""
        return headed(f"{TITLE}{layer}", self.left_out)

    @property
    def drawn(self) -> tuple[RidgePanel, ...]:
        """The panels with ridges."""
        return tuple(panel for panel in self.panels if not panel.missing)

    @property
    def grid(self) -> Panels:
        """One to four panels in a row, each with epochs of its own where settings were looked at differently."""
        count, own = max(1, len(self.panels)), len({tuple(panel.epochs) for panel in self.drawn}) > 1
        across = min(2 if count <= 4 else 3, count)
        return Panels(count, across, 330 if across < 3 else 280, 0.12 if own else 0.04, own_y=own)

    @property
    def height(self) -> int:
        """Pixels with the names of the axes."""
        return self.grid.height + 50 if self.drawn else 240


def ridge_layers(series: Sequence[Series]) -> tuple[str, ...]:
    """The layers that can be chosen, in the order of the networks."""
    found = [record.snapshots for each in series for record in each.records.values()]
    return tuple(dict.fromkeys(layer for snapshots in found if snapshots is not None for layer in snapshots.counts))


def read_compare_ridges(series: Sequence[Series], layer: str = "") -> RidgesData:
    """The histograms of a layer (the first one if none is named) in the first run of every setting that has some."""
    layer = layer or next(iter(ridge_layers(series)), "")
    panels = tuple(_read(each, place, layer) for place, each in enumerate(series[:MOST_PANELS]))
    return RidgesData(panels, layer, max(0, len(series) - MOST_PANELS))


def draw_compare_ridges(data: RidgesData, theme: Theme) -> Drawing:
    """Draw time downwards, the last epoch in front; every ridge is scaled to its own highest bin."""
    if not data.drawn:
        return empty(theme, NAME, data.title, EMPTY)
    grid, quiet = data.grid, PALETTES[theme].grid
    traces = []
    for place, panel in enumerate(data.panels):
        ridges = [blank(grid, place)] if panel.missing else _ridges(panel, theme)
        traces += [trace | grid.axes(place) for trace in ridges]
    limit = max(float(np.abs(_reached(panel)).max()) for panel in data.drawn)
    x = {"title": {"text": "weight", "standoff": 4}, "range": shown([-1.04 * limit, 1.04 * limit]), "nticks": 5}
    shared = {"title": {"text": "epoch", "standoff": 4}, "showgrid": True, "gridcolor": quiet}
    layout = grid.layout(x, shared | _epochs(data.drawn[0]), [panel.name for panel in data.panels], theme)
    if grid.own_y:
        for place, panel in enumerate(data.panels):
            layout[f"yaxis{grid.axes(place)['yaxis'][1:]}"] |= _epochs(panel) if not panel.missing else {}
    layout["annotations"] += [note(grid, k, p.missing, theme) for k, p in enumerate(data.panels) if p.missing]
    return figure(theme, NAME, data.title, traces, **layout, hovermode="closest", showlegend=False)


def alt_compare_ridges(data: RidgesData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.drawn:
        return f"{TITLE}: {EMPTY}"
    return f"{data.title}. " + " ".join(_said(panel) for panel in data.panels)


def _read(one: Series, place: int, layer: str) -> RidgePanel:
    for (seed, _), record in sorted(one.records.items()):
        found = record.snapshots
        if found is not None and layer in found.counts and found.counts[layer].sum() > 0:
            return _panel(one.name, place, found, layer, f"seed {seed}")
    nothing = np.zeros(0)
    return RidgePanel(one.name, place, nothing, np.zeros((0, 0)), nothing, missing=_missing(one, layer))


def _panel(name: str, place: int, found: Snapshots, layer: str, run: str) -> RidgePanel:
    counted = found.counts[layer].sum(axis=1) > 0
    kept = np.flatnonzero(counted)[thinned(int(counted.sum()), most=MOST_RIDGES)]
    counts = np.asarray(found.counts[layer], float)[kept]
    return RidgePanel(name, place, found.epochs[kept], counts, np.asarray(found.edges[layer], float), run)


def _missing(one: Series, layer: str) -> str:
    if one.experiment is None:
        return "imported curves have no weights"
    if not one.records:
        return "no run has ended yet"
    return f"has no layer {layer_name(layer)}" if ridge_layers([one]) else "was not looked at on its way"


def _reached(panel: RidgePanel) -> Array:
    """The edges of the bins that hold any weight."""
    held = np.flatnonzero(panel.counts.sum(axis=0))
    return panel.edges[held[0] : held[-1] + 2]


def _ridges(panel: RidgePanel, theme: Theme) -> list[dict[str, Any]]:
    colour, paper = colour_of(panel.place, theme), PALETTES[theme].paper
    middle = (panel.edges[1:] + panel.edges[:-1]) / 2
    lowest = len(panel.epochs) - 1
    return [
        _ridge(panel.name, int(epoch), float(lowest - row), middle, counts, (colour, paper))
        for row, (epoch, counts) in enumerate(zip(panel.epochs, panel.counts, strict=True))
    ]


def _ridge(name: str, epoch: int, base: float, middle: Array, counts: Array, paints: tuple[str, str]) -> dict[str, Any]:
    """A filled outline from its base; outside the bins that hold any weight there is none."""
    held = np.flatnonzero(counts)
    first, last = max(0, held[0] - 1), min(len(counts), held[-1] + 2)
    heights = base + HIGH * counts[first:last] / counts.max()
    x, y = middle[first:last], np.concatenate([[base], heights[1:-1], [base]]) if len(heights) > 2 else heights
    shares = counts[first:last] / counts.sum()
    colour, paper = paints
    shared = {
        "type": "scatter",
        "mode": "lines",
        "legendgroup": uid_of("setting", name),
        "name": f"{plain(short(name))}, epoch {epoch}",
    }
    outline = {
        "x": shown(x),
        "y": shown(y),
        "fill": "toself",
        "fillcolor": rgba(_mixed(colour, paper), 0.85),
        "line": {"color": colour, "width": 1.2},
        "text": [f"{100 * share:.3g} % of the weights" for share in shares],
        "hovertemplate": f"epoch {epoch}: %{{text}} near %{{x:.3~g}}<extra></extra>",
    }
    return shared | outline | {"uid": uid_of(f"ridge-{epoch}", name)}


def _mixed(colour: str, paper: str, share: float = 0.35) -> str:
    """A colour thinned with the paper, opaque enough to hide the ridge behind it."""
    pairs = ((int(colour[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


def _epochs(panel: RidgePanel) -> dict[str, Any]:
    """The epochs as the names of the ridges, the first one on top."""
    places = list(range(len(panel.epochs)))
    return {
        "tickvals": places,
        "ticktext": [str(int(epoch)) for epoch in panel.epochs[::-1]],
        "range": [-0.3, len(places) - 1 + HIGH + 0.1],
    }


def _said(panel: RidgePanel) -> str:
    if panel.missing:
        return f"{panel.name}: {panel.missing}."
    return f"{panel.name}, {panel.run}: {_spread(panel, 0)}; {_spread(panel, -1)}."


def _spread(panel: RidgePanel, row: int) -> str:
    """The middle half of the weights by their bins."""
    share = panel.counts[row].cumsum() / panel.counts[row].sum()
    low, high = (panel.edges[1:][np.searchsorted(share, at)] for at in (0.25, 0.75))
    low -= panel.edges[1] - panel.edges[0]
    return f"at epoch {int(panel.epochs[row])} the middle half of the weights lies between {low:.3g} and {high:.3g}"
