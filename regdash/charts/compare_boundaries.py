"""The decision boundaries of a comparison side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regdash.charts.boundary import BoundaryData, Marks, class_keys, paints_of, read_boundary, regions
from regdash.charts.compare_marks import uid_of
from regdash.charts.compare_panels import MOST_PANELS, Panels, blank, headed, note
from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure
from regdash.comparison import Series
from regdash.datasets import samples
from regdash.record import RunRecord

NAME, TITLE = "compare-boundaries", "Decision boundaries"
EMPTY = "Decision boundaries are drawn for data with two inputs and classes, such as moons, as soon as a run has ended."
MOST_POINTS = 80  # training points in a panel


@dataclass(frozen=True)
class BoundaryPanel:
    """The last frame of the first run of a setting that has one; `missing` says why there is none."""

    name: str
    boundary: BoundaryData | None
    epoch: int = 0
    run: str = ""
    missing: str = ""


@dataclass(frozen=True)
class BoundariesData:
    """A panel for each setting; `left_out` settings are not drawn."""

    panels: tuple[BoundaryPanel, ...]
    left_out: int = 0

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return headed(TITLE, self.left_out)

    @property
    def drawn(self) -> tuple[BoundaryData, ...]:
        """The boundaries there are."""
        return tuple(panel.boundary for panel in self.panels if panel.boundary is not None)

    @property
    def shared(self) -> bool:
        """Whether all panels have the same two inputs, and so the same axes."""
        return len({boundary.feature_names for boundary in self.drawn}) < 2

    @property
    def grid(self) -> Panels:
        """Two or three panels in a row."""
        return Panels.squares(len(self.panels), not self.shared, 0.12)

    @property
    def height(self) -> int:
        """Pixels with the legend."""
        return self.grid.height + 70 if self.drawn else 240


def read_compare_boundaries(series: Sequence[Series]) -> BoundariesData:
    """The boundary of every setting at the end of its first run."""
    panels = tuple(_read(each) for each in series[:MOST_PANELS])
    return BoundariesData(panels, max(0, len(series) - MOST_PANELS))


def draw_compare_boundaries(data: BoundariesData, theme: Theme) -> Drawing:
    """Draw the regions of each setting, some of its training points above them, and the axes in common."""
    drawn = data.drawn
    if not drawn:
        return empty(theme, NAME, TITLE, EMPTY)
    grid, colours = data.grid, PALETTES[theme]
    traces = [*_keys(drawn, colours)]
    for place, panel in enumerate(data.panels):
        boundary = panel.boundary
        traces += _panel(panel, boundary, grid.axes(place), colours) if boundary else [blank(grid, place)]
    x_name, y_name = (plain(short(name)) for name in drawn[0].feature_names)
    own = not data.shared
    x: dict[str, Any] = {"nticks": 5} | ({} if own else {"title": {"text": x_name, "standoff": 4}})
    y: dict[str, Any] = {"nticks": 5, "showgrid": False} | ({} if own else {"title": {"text": y_name, "standoff": 4}})
    if not own:
        x["range"], y["range"] = _range(drawn, 0), _range(drawn, 1)
    layout = grid.layout(x, y, [panel.name for panel in data.panels], theme)
    notes = [note(grid, k, panel.missing, theme) for k, panel in enumerate(data.panels) if panel.missing]
    layout["annotations"] += notes
    return figure(theme, NAME, data.title, traces, **layout, hovermode="closest")


def alt_compare_boundaries(data: BoundariesData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.drawn:
        return f"{TITLE}: {EMPTY}"
    said = " ".join(_said(panel) for panel in data.panels)
    return f"{TITLE} of {len(data.panels)} settings side by side. {said}"


def _read(one: Series) -> BoundaryPanel:
    found = _first(one)
    if found is None:
        return BoundaryPanel(one.name, None, missing=_missing(one))
    (seed, _), record = found
    rows = samples(record.experiment.data, record.experiment.split)
    boundary = read_boundary(record.probe, rows)
    if not len(boundary.epochs):
        return BoundaryPanel(one.name, None, missing="not two inputs and classes")
    last = replace(boundary, frames=boundary.frames[-1:], epochs=boundary.epochs[-1:], frame=0)
    return BoundaryPanel(one.name, last, int(boundary.epochs[-1]), f"seed {seed}")


def _first(one: Series) -> tuple[tuple[int, int], RunRecord] | None:
    return next(((place, each) for place, each in sorted(one.records.items()) if each.probe is not None), None)


def _missing(one: Series) -> str:
    if one.experiment is None:
        return "imported curves have no boundary"
    if not one.records:
        return "no run has ended yet"
    rows = samples(one.experiment.data, one.experiment.split)
    return "no run kept its boundary" if rows.features == 2 and rows.class_names else "not two inputs and classes"


def _keys(drawn: Sequence[BoundaryData], colours: Palette) -> list[dict[str, Any]]:
    """What the colours and marks mean, for every different set of classes once."""
    kinds = {boundary.class_names: boundary for boundary in drawn}
    keys = {key["name"]: key for boundary in kinds.values() for key in class_keys(boundary, colours)}
    point = {"symbol": "circle", "size": 6, "color": colours.quiet}
    train = {"type": "scatter", "mode": "markers", "uid": "key train", "name": "training point", "marker": point}
    return [*keys.values(), train | {"x": [None], "y": [None], "hoverinfo": "skip", "showlegend": True}]


def _panel(
    panel: BoundaryPanel, boundary: BoundaryData, axes: dict[str, str], colours: Palette
) -> list[dict[str, Any]]:
    few = Marks(boundary.train.places[:MOST_POINTS], boundary.train.classes[:MOST_POINTS], boundary.train.total)
    paints = paints_of(boundary, colours)
    points = {
        "type": "scatter",
        "mode": "markers",
        "uid": uid_of("points", panel.name),
        "name": f"{plain(short(panel.name))}, training points",
        "showlegend": False,
        "x": shown(few.places[:, 0]),
        "y": shown(few.places[:, 1]),
        "text": [plain(boundary.class_names[number]) for number in few.classes],
        "marker": {
            "size": 4.5,
            "color": [paints[number] for number in few.classes],
            "line": {"width": 0.6, "color": colours.paper},
        },
        "hovertemplate": "%{text} (%{x}, %{y})<extra></extra>",
    }
    name = {"uid": uid_of("regions", panel.name), "name": plain(short(panel.name))}
    return [regions(boundary, colours) | name | axes, points | axes]


def _range(drawn: Sequence[BoundaryData], axis: int) -> list[float]:
    ticks = np.concatenate([boundary.x if axis == 0 else boundary.y for boundary in drawn])
    return [float(ticks.min()), float(ticks.max())]


def _said(panel: BoundaryPanel) -> str:
    if panel.boundary is None:
        return f"{panel.name}: {panel.missing}."
    frame, names = panel.boundary.frames[0], panel.boundary.class_names
    count = len(names)
    classes = frame > 127 if count == 2 else np.minimum(frame // (256 // count), count - 1)
    shares = ", ".join(f"{name} {(classes == number).mean():.0%}" for number, name in enumerate(names))
    return f"{panel.name} at epoch {panel.epoch}, {panel.run}: {shares} of the plane."
