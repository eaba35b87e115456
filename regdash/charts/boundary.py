"""The decision boundary of a network with two inputs, and the points it was drawn through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.datasets import Part, Samples
from regdash.intervals import Array
from regdash.record import Probe

NAME, TITLE = "boundary", "Decision boundary"
EMPTY = "The boundary can be drawn for data with two inputs and classes, such as moons or circles."
MOST_TRAIN, MOST_VALIDATION = 500, 250
STRENGTH = 0.5  # opacity of a region where the network is certain


@dataclass(frozen=True)
class Marks:
    """Points [M, 2] in the units of the data with their class numbers [M]; `total` counts those not drawn too."""

    places: Array
    classes: Array
    total: int


@dataclass(frozen=True)
class BoundaryData:
    """Frames [K, G, G] of codes 0..255 at `epochs` [K], the ticks [G] of both axes, and the points.

    With two classes a code is 255 * p(second class). With C classes codes fall into C equal bands: the band is the
    likeliest class and the place within it the confidence, from a tie to certainty.
    """

    frames: Array
    epochs: Array
    x: Array
    y: Array
    frame: int
    train: Marks
    validation: Marks
    wrong: Array  # [W, 2] drawn training points whose label was made wrong
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]


def read_boundary(probe: Probe | None, samples: Samples, frame: int = -1) -> BoundaryData:
    """The frames of a probe (none before training) and the points of its data set."""
    classes = samples.class_names if samples.features == 2 else ()
    train, validation = (
        _marks(samples, part, most)
        for part, most in ((samples.train, MOST_TRAIN), (samples.validation, MOST_VALIDATION))
    )
    flipped = samples.flipped[: len(train.places)]
    usable = probe is not None and len(probe.epochs) > 0 and len(classes) > 0
    return BoundaryData(
        frames=codes(probe.answers) if probe is not None and usable else np.zeros((0, 0, 0), np.uint8),
        epochs=probe.epochs if probe is not None and usable else np.zeros(0, int),
        x=probe.x if probe is not None and usable else np.zeros(0),
        y=probe.y if probe is not None and usable else np.zeros(0),
        frame=frame,
        train=train,
        validation=validation,
        wrong=train.places[: len(flipped)][flipped],
        class_names=classes,
        feature_names=samples.feature_names,
    )


def codes(answers: Array) -> Array:
    """Answers [K, G, G, O] as round(255 * probability) -> codes [K, G, G] (see BoundaryData), uint8."""
    if answers.shape[-1] == 1:
        return answers[..., 0].astype(np.uint8)
    count = answers.shape[-1]
    width = 256 // count
    tie = 1 / count
    confidence = np.clip((answers.max(axis=-1) / 255 - tie) / (1 - tie), 0, 1)
    found: Array = answers.argmax(axis=-1) * width + np.round(confidence * (width - 1))
    return found.astype(np.uint8)


def draw_boundary(data: BoundaryData, theme: Theme) -> Drawing:
    """Draw the regions at one epoch under the points; circles are training points, crosses validation points."""
    if not data.class_names:
        return empty(theme, NAME, TITLE, EMPTY)
    colours = PALETTES[theme]
    traces = [regions(data, colours), *class_keys(data, colours), *_points(data, colours)]
    x_name, y_name = (plain(short(name)) for name in data.feature_names)
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": x_name, "standoff": 4}, "range": _range(data, 0), "nticks": 8},
        yaxis={"title": {"text": y_name, "standoff": 4}, "range": _range(data, 1), "nticks": 6, "showgrid": False},
        hovermode="closest",
        legend={"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "itemwidth": 30},
    )


def alt_boundary(data: BoundaryData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.class_names:
        return f"Decision boundary: {EMPTY}"
    points = f"{data.train.total} training and {data.validation.total} validation points"
    if not len(data.epochs):
        return f"Decision boundary: {points} of {len(data.class_names)} classes; train a network to see its regions."
    shares = _shares(data)
    regions = ", ".join(f"{name} {share:.0%}" for name, share in zip(data.class_names, shares, strict=True))
    wrong = f"; {len(data.wrong)} drawn training labels are wrong" if len(data.wrong) else ""
    epoch = data.epochs[data.frame]
    return f"Decision boundary at epoch {epoch} among {points}. Share of the plane: {regions}{wrong}."


def _marks(samples: Samples, part: Part, most: int) -> Marks:
    """The first `most` rows: rows are shuffled class by class, so a beginning is a fair sample."""
    places = samples.input_mean + samples.input_scale * part.x[:most].astype(float)
    return Marks(places, part.y[:most].astype(int), len(part))


def _shares(data: BoundaryData) -> Sequence[float]:
    count, frame = len(data.class_names), data.frames[data.frame]
    classes = frame > 127 if count == 2 else np.minimum(frame // (256 // count), count - 1)
    return [float((classes == number).mean()) for number in range(count)]


def regions(data: BoundaryData, colours: Palette) -> dict[str, Any]:
    """Always the first trace, so that a player knows where to put another frame."""
    shared = {"uid": "regions", "meta": {"z": "code"}, "zmin": 0, "zmax": 255, "showscale": False, "hoverinfo": "skip"}
    if len(data.epochs):
        shared |= {"x": shown(data.x), "y": shown(data.y), "z": data.frames[data.frame]}
    shared |= {"visible": bool(len(data.epochs)), "colorscale": _colour_scale(data, colours)}
    if len(data.class_names) == 2:
        line = {"coloring": "heatmap", "start": 127.5, "end": 127.5, "size": 1, "showlines": True}
        return shared | {"type": "contour", "contours": line, "line": {"width": 1.5, "color": colours.quiet}}
    return shared | {"type": "heatmap", "zsmooth": False}


def _colour_scale(data: BoundaryData, colours: Palette) -> list[tuple[float, str]]:
    paints = paints_of(data, colours)
    if len(paints) == 2:
        certain = [rgba(paint, STRENGTH) for paint in paints]
        return [(0.0, certain[0]), (0.5, rgba(paints[0], 0.03)), (0.5, rgba(paints[1], 0.03)), (1.0, certain[1])]
    width = 256 // len(paints)
    edges = [0.0, *((number * width - 0.5) / 255 for number in range(1, len(paints))), 1.0]
    return [
        (edges[number + side], rgba(paint, (0.08, STRENGTH)[side]))
        for number, paint in enumerate(paints)
        for side in (0, 1)
    ]


def paints_of(data: BoundaryData, colours: Palette) -> list[str]:
    """The colour of each class."""
    return [colours.classes[number % len(colours.classes)] for number in range(len(data.class_names))]


def class_keys(data: BoundaryData, colours: Palette) -> list[dict[str, Any]]:
    """Entries of the legend only: what the colours mean."""
    paints = paints_of(data, colours)
    return [
        _key(plain(short(name)), {"symbol": "square", "size": 10, "color": paint}, uid=f"class {name}")
        for name, paint in zip(data.class_names, paints, strict=True)
    ]


def _key(name: str, marker: dict[str, Any], group: str = "", uid: str = "") -> dict[str, Any]:
    key = {"type": "scatter", "mode": "markers", "uid": uid or f"key {name}", "name": name, "x": [None], "y": [None]}
    return key | {"marker": marker, "legendgroup": group or uid or name, "hoverinfo": "skip"}


def _points(data: BoundaryData, colours: Palette) -> list[dict[str, Any]]:
    grey = {"color": colours.quiet}
    parts = (("train", data.train, "circle", 6), ("validation", data.validation, "x", 5))
    traces = []
    for name, marks, symbol, size in parts:
        label = name if len(marks.places) == marks.total else f"{name} ({len(marks.places)} of {marks.total})"
        traces.append(_key(label, grey | {"symbol": symbol, "size": size + 1}, group=name))
        traces.append(_cloud(data, colours, name, marks, {"symbol": symbol, "size": size}))
    if len(data.wrong):
        ring = {"symbol": "circle-open", "size": 11, "color": colours.text, "line": {"width": 1.3}}
        places = {"x": shown(data.wrong[:, 0]), "y": shown(data.wrong[:, 1])}
        traces.append(_key("wrong label", ring) | places | {"uid": "wrong"})
    return traces


def _cloud(data: BoundaryData, colours: Palette, name: str, marks: Marks, marker: dict[str, Any]) -> dict[str, Any]:
    paints = paints_of(data, colours)
    steps = len(paints)
    scale = [(edge / steps, paint) for number, paint in enumerate(paints) for edge in (number, number + 1)]
    names = [plain(data.class_names[number]) for number in marks.classes]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": name,
        "name": name,
        "legendgroup": name,
        "showlegend": False,
        "x": shown(marks.places[:, 0]),
        "y": shown(marks.places[:, 1]),
        "text": names,
        "marker": marker
        | {
            "color": marks.classes.tolist(),
            "colorscale": scale,
            "cmin": -0.5,
            "cmax": steps - 0.5,
            "line": {"width": 0.8, "color": colours.paper},
        },
        "hovertemplate": f"%{{text}} (%{{x}}, %{{y}})<extra>{name}</extra>",
    }


def _range(data: BoundaryData, axis: int) -> list[float]:
    ticks = data.x if axis == 0 else data.y
    if not len(ticks):
        places = np.concatenate([data.train.places[:, axis], data.validation.places[:, axis]])
        margin = 0.05 * float(np.ptp(places))
        return [float(places.min()) - margin, float(places.max()) + margin]
    return [float(ticks[0]), float(ticks[-1])]
