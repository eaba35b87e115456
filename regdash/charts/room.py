"""What a whole class has found: one dot per pupil and setting, over the setting that varies most."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.room_axis import Axis, axis_of, spread_out
from regdash.charts.screen import plain, shown
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.experiment import CHOICES, Experiment
from regdash.intervals import Summary, summary
from regdash.params import params_of
from regdash.params import shown as in_words

NAME = "room"
REPEATED = ("training.seed", "split.fold", "split.folds")
NOTHING = "Nothing has been found yet. Results appear here as soon as somebody trains a network."


@dataclass(frozen=True)
class Found:
    """What one pupil found with one setting; each figure once per run, that is per seed or fold.

    `best` is the lowest validation loss, `gap` validation less training loss at the end, `score` the accuracy or R²
    on validation rows at the end.
    """

    nickname: str
    experiment: Experiment
    best: tuple[float, ...]
    epochs: tuple[int, ...]
    gap: tuple[float, ...]
    score: tuple[float, ...]


@dataclass(frozen=True)
class Measure:
    """A figure that can be drawn: `better` tells of two means which is the better one, the smaller wins."""

    title: str
    axis: str
    read: Callable[[Found], Sequence[float]]
    better: Callable[[float], float] = lambda value: value


MEASURES: Mapping[str, Measure] = {
    "best": Measure("Best validation loss", "lowest validation loss", lambda each: each.best),
    "gap": Measure("Generalisation gap", "validation less training loss, at the end", lambda each: each.gap, abs),
    "accuracy": Measure(
        "Accuracy", "right answers on validation rows (%)", lambda each: _percent(each.score), lambda value: -value
    ),
    "r2": Measure("R²", "R² on validation rows (1 is perfect)", lambda each: each.score, lambda value: -value),
}


@dataclass(frozen=True)
class Dot:
    """One pupil's result with one setting."""

    nickname: str
    at: Any  # the value of the setting on the axis
    over: Summary
    words: str


@dataclass(frozen=True)
class RoomData:
    """All dots, what they measure, and over which setting they stand; `best` is the place of the best one."""

    dots: tuple[Dot, ...]
    measure: Measure
    axis: Axis
    best: int | None
    chosen: str = ""

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"{self.measure.title} by {self.chosen}" if self.chosen else self.measure.title


def varying(found: Sequence[Found]) -> dict[str, str]:
    """The settings in which the results differ, those with the most values first: path -> how it is called."""
    values: dict[str, set[Any]] = {}
    for each in found:
        for name, value in _facts(each.experiment).items():
            values.setdefault(name, set()).add(value)
    several = [name for name in values if len(values[name]) > 1]
    labels = {name: next(_label(each.experiment, name) for each in found if _has(each, name)) for name in several}
    return {name: labels[name] for name in sorted(several, key=lambda name: -len(values[name]))}


def read_room(found: Sequence[Found], over: str = "", measure: str = "best") -> RoomData:
    """The dots of everybody over one setting; without `over` it is the one that took the most values."""
    path = over or next(iter(varying(found)), "l2.l2")
    kept = [each for each in found if _has(each, path)]
    drawn = [(each, summary(MEASURES[measure].read(each))) for each in kept]
    drawn = [(each, total) for each, total in drawn if math.isfinite(total.mean)]
    dots = [Dot(each.nickname, _facts(each.experiment)[path], total, _words(each, path)) for each, total in drawn]
    label = _label(kept[0].experiment, path) if kept else ""
    better = MEASURES[measure].better
    best = min(range(len(dots)), key=lambda place: better(dots[place].over.mean), default=None)
    axis = axis_of([dot.at for dot in dots], label, _is_log(kept[0].experiment, path) if kept else False)
    return RoomData(tuple(dots), MEASURES[measure], axis, best, label if over else "")


def draw_room(data: RoomData, theme: Theme, *, own: str = "") -> Drawing:
    """Draw the dots of the nickname `own` in the accent colour, the others quietly, and a ring around the best one."""
    if not data.dots:
        return empty(theme, NAME, data.title, NOTHING)
    colours = PALETTES[theme]
    places = spread_out([(dot.at, dot.nickname) for dot in data.dots], data.axis)
    mine = [k for k, dot in enumerate(data.dots) if dot.nickname == own]
    others = [k for k, dot in enumerate(data.dots) if dot.nickname != own]
    parts = (("the class", others, rgba(colours.quiet, 0.55), 8), ("you", mine, colours.runs["current"], 11))
    traces = [_trace(data, places, *part) for part in parts if part[1]]
    if data.best is not None:
        traces.append(_ring(data, places, colours))
    xaxis = {"title": {"text": data.axis.label}, "showgrid": False, "range": data.axis.range}
    if data.axis.ticks:
        xaxis |= {
            "tickvals": [at for at, _ in data.axis.ticks],
            "ticktext": [plain(word) for _, word in data.axis.ticks],
        }
    yaxis = {"title": {"text": data.measure.axis}}
    return figure(theme, NAME, data.title, traces, xaxis=xaxis, yaxis=yaxis, hovermode="closest")


def alt_room(data: RoomData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.best is None:
        return f"Chart of the class: {NOTHING}"
    best, pupils = data.dots[data.best], len({dot.nickname for dot in data.dots})
    return (
        f"{data.title}: {len(data.dots)} results of {pupils} {'pupil' if pupils == 1 else 'pupils'} over "
        f"{data.axis.label}. The best, {best.over.mean:.3g}, was found by {best.nickname} with {best.words}."
    )


def _trace(
    data: RoomData, places: Sequence[float], name: str, which: Sequence[int], colour: str, size: int
) -> dict[str, Any]:
    dots = [data.dots[k] for k in which]
    halves = [dot.over.high - dot.over.mean if dot.over.n > 1 else 0.0 for dot in dots]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": name,
        "name": name,
        "showlegend": True,
        "x": [_place(places[k]) for k in which],
        "y": shown([dot.over.mean for dot in dots]),
        "error_y": {"type": "data", "array": shown(halves), "thickness": 1.2, "width": 3, "color": colour}
        | {"visible": any(halves)},
        "marker": {"size": size, "color": colour},
        "customdata": [[plain(dot.nickname), plain(dot.words), _seeds(dot.over.n)] for dot in dots],
        "hovertemplate": "<b>%{customdata[0]}</b>: %{y:.3~g}%{customdata[2]}<br>%{customdata[1]}<extra></extra>",
    }


def _ring(data: RoomData, places: Sequence[float], colours: Palette) -> dict[str, Any]:
    assert data.best is not None
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "best",
        "name": "best setting",
        "x": [_place(places[data.best])],
        "y": shown([data.dots[data.best].over.mean]),
        "marker": {"size": 17, "color": "rgba(0,0,0,0)", "line": {"color": colours.runs["baseline"], "width": 2}},
        "hoverinfo": "skip",
    }


def _facts(experiment: Experiment) -> dict[str, Any]:
    """Every setting that may be drawn over: kinds of parts by their label, hyper-parameters by their value."""
    kinds = {place: experiment.parts[place].label for place in CHOICES if place not in ("split", "training")}
    keys = {f"data.{p.name}" for p in params_of(type(experiment.data)) if p.kind == "key"}
    return kinds | {
        path: value for path, value in experiment.values.items() if path not in REPEATED and path not in keys
    }


def _has(found: Found, path: str) -> bool:
    return path in _facts(found.experiment)


def _label(experiment: Experiment, path: str) -> str:
    declared = _declared(experiment, path)
    if declared is None:
        return path.capitalize()
    return f"{declared.label} ({declared.unit})" if declared.unit else declared.label


def _is_log(experiment: Experiment, path: str) -> bool:
    declared = _declared(experiment, path)
    return declared is not None and declared.log


def _declared(experiment: Experiment, path: str) -> Any:
    place, _, name = path.partition(".")
    return next((each for each in params_of(type(experiment.parts[place])) if each.name == name), None)


def _words(found: Found, path: str) -> str:
    value = _facts(found.experiment)[path]
    return f"{_label(found.experiment, path)} {in_words(value)}"


def _place(at: float) -> float:
    return float(f"{at:.7g}")


def _seeds(runs: int) -> str:
    return f" (mean of {runs} runs)" if runs > 1 else ""


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]
