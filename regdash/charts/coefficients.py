"""The coefficients of a linear network: on their way through the epochs, or as they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.lines import epoch_axis
from regdash.charts.screen import plain, short, shown, thinned
from regdash.charts.theme import PALETTES, STROKES, Palette, Theme, empty, figure, rgba
from regdash.datasets import Samples, samples
from regdash.intervals import Array
from regdash.record import RunRecord

NAME, TITLE = "coefficients", "Coefficients"
WAITING = "Shown as soon as a run has ended."
LAYERS = "Coefficients belong to a linear network; this one has hidden layers. Choose Linear to see them."
DIVERGED = "The run diverged before it had finite coefficients. Try a smaller learning rate."
MOST_COLOURED = 20
MOST_GREY = 80
MOST_BARS = 12  # names under each other need their room
MOST_EPOCHS, FEW_EPOCHS = 100, 30  # points of a coloured line, and of a grey one
DASHES = ("solid", "6px,3px", "2px,2px")


@dataclass(frozen=True)
class Path:
    """Coefficients [K, P] at `epochs` [K], means over the seeds; K = 1 where only the end is known."""

    epochs: Array
    values: Array

    @property
    def final(self) -> Array:
        """The coefficients at the end, [P]."""
        return np.asarray(self.values[-1])


NO_PATH = Path(np.zeros(0, int), np.zeros((0, 0)))


@dataclass(frozen=True)
class CoefficientsData:
    """The paths of the current runs and of the baseline; `names` [P], `order` [P] from the largest to the smallest."""

    names: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    current: Path = NO_PATH
    baseline: Path | None = None
    runs: int = 0
    standardized: bool = False
    problem: str = ""


def read_coefficients(records: Sequence[RunRecord], baseline: Sequence[RunRecord] = ()) -> CoefficientsData:
    """The kernel [F, O] of linear networks by the names of features (and classes), ordered by size at the end."""
    if not records:
        return CoefficientsData(problem=WAITING)
    rows = samples(records[0].experiment.data, records[0].experiment.split)
    shape = (rows.features, rows.outputs)
    if not any(_linear(record, shape) for record in records):
        return CoefficientsData(problem=LAYERS)
    current = _path([record for record in records if _linear(record, shape)], shape)
    if current is None:
        return CoefficientsData(problem=DIVERGED)
    same = [r for r in baseline if _linear(r, shape) and type(r.experiment.data) is type(records[0].experiment.data)]
    order = np.argsort(-np.abs(current.final), kind="stable")
    return CoefficientsData(
        coefficient_names(rows),
        tuple(order.tolist()),
        current,
        _path(same, shape),
        len(records),
        bool(records[0].experiment.data.standardize),
    )


def draw_coefficients(data: CoefficientsData, theme: Theme, *, epochs: int = 0) -> Drawing:
    """Draw the path of each coefficient over the epochs, or bars where only their ends are known."""
    if data.problem:
        return empty(theme, NAME, TITLE, data.problem)
    colours = PALETTES[theme]
    title = "standardised coefficient" if data.standardized else "coefficient"
    if len(data.current.epochs) < 2:
        return _draw_bars(data, theme, title)
    largest, others = data.order[:MOST_COLOURED], data.order[MOST_COLOURED:]
    traces = [_grey(data.current, others, colours)] if others else []
    for place, number in enumerate(largest):
        colour = colours.classes[place % len(colours.classes)]
        dash = DASHES[place // len(colours.classes) % len(DASHES)]
        traces.append(_line(data, data.current, number, colour, {"width": 1.8, "dash": dash}))
        if data.baseline is not None:
            traces.append(_before(data, data.baseline, number, colour))
    layout = {"xaxis": epoch_axis(epochs), "yaxis": {"title": {"text": title}, "zeroline": True}}
    layout["yaxis"]["zerolinecolor"] = colours.quiet
    side = {"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "font": {"size": 10, "color": colours.quiet}}
    return figure(theme, NAME, TITLE, traces, **layout, legend=side, hovermode="closest")


def alt_coefficients(data: CoefficientsData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"Coefficients: {data.problem}"
    final, seeds = data.current.final, f" (mean of {data.runs} runs)" if data.runs > 1 else ""
    largest = ", ".join(f"{data.names[number]} {final[number]:.3g}" for number in data.order[:3])
    zeros = int((final == 0).sum())
    return f"{len(final)} coefficients of a linear network{seeds}; the largest are {largest}; {zeros} are exactly 0."


def _linear(record: RunRecord, shape: tuple[int, int]) -> bool:
    """Whether the weights are those of a linear network on these data: a kernel [F, O] and its bias."""
    kernels = [np.shape(weight) for weight in record.weights if np.ndim(weight) > 1]
    return kernels == [shape]


def _path(records: Sequence[RunRecord], shape: tuple[int, int]) -> Path | None:
    """The mean over seeds at the epochs that all of them have; the final kernels where a run has no snapshots."""
    size = shape[0] * shape[1]
    tracks = [track for record in records if (track := _track(record, size)) is not None]
    common = sorted(set.intersection(*(set(epochs.tolist()) for epochs, _ in tracks))) if tracks else []
    if len(tracks) == len(records) and len(common) > 1:
        values = np.mean([track[np.isin(epochs, common)] for epochs, track in tracks], axis=0)
        return Path(np.array(common), values)
    finals = [kernel for record in records if np.isfinite(kernel := np.asarray(record.weights[0], float).ravel()).all()]
    return Path(np.zeros(1, int), np.mean(finals, axis=0)[None]) if finals else None


def _track(record: RunRecord, size: int) -> tuple[Array, Array] | None:
    """Epochs [K] and coefficients [K, P] that a run has kept on its way; None when it has not, or not all finite."""
    snapshots = record.snapshots
    kept = None if snapshots is None else snapshots.coefficients
    if snapshots is None or kept is None or np.shape(kept)[1:] != (size,):
        return None
    values, epochs = np.asarray(kept, float), np.asarray(snapshots.epochs)
    return (epochs, values) if len(epochs) == len(values) and np.isfinite(values).all() else None


def coefficient_names(rows: Samples) -> tuple[str, ...]:
    """Feature names, with the class for every output of a network of many, in the order of the flat kernel."""
    features = [short(name) for name in rows.feature_names]
    if rows.outputs == 1:
        return tuple(features)
    return tuple(f"{feature} → {short(name)}" for feature in features for name in rows.class_names)


def _line(data: CoefficientsData, path: Path, number: int, colour: str, line: dict[str, Any]) -> dict[str, Any]:
    kept = thinned(len(path.epochs), most=MOST_EPOCHS)
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"path {number}",
        "name": plain(data.names[number]),
        "legendgroup": f"{number}",
        "x": path.epochs[kept].tolist(),
        "y": shown(path.values[kept, number]),
        "line": {"color": colour} | line,
        "hovertemplate": "epoch %{x}: %{y:.3~g}<extra>%{fullData.name}</extra>",
    }


def _before(data: CoefficientsData, baseline: Path, number: int, colour: str) -> dict[str, Any]:
    """The baseline's end of the same coefficient, as an open diamond at its last epoch."""
    last = data.current.epochs[-1] if len(baseline.epochs) < 2 else baseline.epochs[-1]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"baseline {number}",
        "name": plain(f"baseline {data.names[number]}"),
        "legendgroup": f"{number}",
        "showlegend": False,
        "x": [int(last)],
        "y": shown(baseline.final[[number]]),
        "marker": {"symbol": "diamond-open", "size": 7, "color": colour},
        "hovertemplate": "%{y:.3~g}<extra>%{fullData.name}</extra>",
    }


def _grey(path: Path, numbers: Sequence[int], colours: Palette) -> dict[str, Any]:
    """The smaller coefficients as one trace, with a gap after each."""
    kept, drawn = thinned(len(path.epochs), most=FEW_EPOCHS), numbers[:MOST_GREY]
    steps, values = path.epochs[kept].tolist(), path.values[kept]
    count = f"{len(numbers)} smaller" if len(drawn) == len(numbers) else f"{len(drawn)} of {len(numbers)} smaller"
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": "smaller",
        "name": count,
        "x": [x for _ in drawn for x in (*steps, None)],
        "y": [y for number in drawn for y in (*shown(values[:, number]), None)],
        "line": {"color": rgba(colours.quiet, 0.35), "width": 1},
        "hoverinfo": "skip",
    }


def _draw_bars(data: CoefficientsData, theme: Theme, title: str) -> Drawing:
    """The largest coefficients, the largest at the top; diamonds are the baseline's."""
    colours, final = PALETTES[theme], data.current.final
    largest = list(data.order[:MOST_BARS])
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "uid": "current",
        "name": "current",
        "x": shown(final[largest]),
        "y": list(range(len(largest))),
        "customdata": [plain(data.names[number]) for number in largest],
        "marker": {"color": rgba(colours.runs["current"], 0.75)},
        "hovertemplate": "%{customdata}: %{x:.3~g}<extra></extra>",
    }
    traces = [bars]
    if data.baseline is not None:
        mark = {"symbol": "diamond-open", "size": 8, "color": colours.runs["baseline"]}
        mark["line"] = {"width": STROKES["baseline", "train"].width}
        before = {"type": "scatter", "mode": "markers", "uid": "baseline", "name": "baseline", "marker": mark}
        traces.append(bars | before | {"orientation": None, "x": shown(data.baseline.final[largest])})
    rest = len(data.order) - len(largest)
    names = {"tickvals": bars["y"], "ticktext": bars["customdata"], "tickfont": {"size": 9, "color": colours.quiet}}
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": f"{title}; {rest} smaller not drawn" if rest else title}, "showgrid": True},
        yaxis=names | {"range": [len(largest) - 0.4, -0.6], "showgrid": False, "ticks": ""},
        hovermode="closest",
    )
