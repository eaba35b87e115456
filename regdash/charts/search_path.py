"""The regularisation path: training and validation error against one searched strength."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regdash.charts.coefficients import coefficient_names
from regdash.charts.drawing import Drawing
from regdash.charts.screen import shown
from regdash.charts.search_axes import labels_of, scale_of
from regdash.charts.search_cells import cells_of
from regdash.charts.search_peer import Peer, peer_of
from regdash.charts.search_scores import FAILED, NOTHING, Scores, and_others, scores_of
from regdash.charts.search_track import Figures, Track, along, figures_of, track_of
from regdash.charts.theme import PALETTES, STROKES, Palette, Theme, empty, figure
from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.intervals import Array
from regdash.search import Plan, Trial

NAME, TITLE = "search-path", "Regularisation path"
FIGURES = {"loss": 1.0, "val_loss": 1.0, "norm": 1.0, "near_zero": 100.0}  # name -> times


@dataclass(frozen=True)
class PathData:
    """The trials [P] of a path in the order of their places, with their figures; `best` and `chosen` are turns in it.

    `coefficients` [P, F * O] are those of a linear network; `peer` is scikit-learn's path.
    """

    track: Track | None = None
    figures: Mapping[str, Figures] = field(default_factory=dict)
    coefficients: Array = field(default_factory=lambda: np.zeros((0, 0)))
    names: tuple[str, ...] = ()
    peer: Peer | None = None
    best: int | None = None
    chosen: int | None = None
    unit: str = ""
    over: str = ""
    problem: str = NOTHING

    def title(self, what: str = TITLE) -> str:
        """What stands above one of its charts."""
        return f"{what} over {self.over}"


def read_path(
    plan: Plan, trials: Sequence[Trial], path: str = "", best: int | None = None, chosen: int | None = None
) -> PathData:
    """The trials along one setting, the first searched one without `path`; `best` and `chosen` are trials' numbers.

    Where more is searched, each value (or bin) of the setting is represented by its best trial. Without `best` it is
    the trial with the best score.
    """
    labels = labels_of(plan.space)
    path = path if path in labels else next(iter(labels))
    scores, over = scores_of(plan, trials), _over(labels, path)
    if scores.best is None:
        return PathData(over=over, problem=FAILED if len(scores.failed) else NOTHING)
    on_it = [scores.trials[turn] for turn in _kept(plan, scores, path)]
    numbers = [each.number for each in on_it]
    coefficients, names = _coefficients(plan, on_it)
    return PathData(
        track_of(plan, on_it, path),
        {name: figures_of(on_it, name, times) for name, times in FIGURES.items()},
        coefficients,
        names,
        peer_of(plan) if names else None,
        _turn(numbers, scores.trials[scores.best].number if best is None else best),
        _turn(numbers, chosen),
        "cross-entropy (nats)" if plan.space.base.data.classes else "mean squared error",
        over,
        "",
    )


def draw_path(data: PathData, theme: Theme) -> Drawing:
    """Draw both errors with their 95 % bands over runs; the best and the chosen strength are marked."""
    if data.track is None:
        return empty(theme, NAME, data.title(), data.problem)
    colours = PALETTES[theme]
    colour, traces = colours.runs["current"], []
    for name, part in (("loss", "train"), ("val_loss", "validation")):
        traces += along(data.track, data.figures[name], part, colour, STROKES["current", part])
    traces += _marks(data, data.track, colours)
    return figure(
        theme,
        NAME,
        data.title(),
        traces,
        xaxis=data.track.scale.axis(),
        yaxis={"title": {"text": data.unit}},
        shapes=upright(data, data.track, colours),
        hovermode="closest",
    )


def alt_path(data: PathData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.track is None:
        return f"{data.title()}: {data.problem}"
    track, validation = data.track, data.figures["val_loss"]
    ticks = [word for _, word in track.scale.ticks]
    parts = [f"{data.title()}: {len(track.places)} trials from {ticks[0]} to {ticks[-1]}."]
    for word, turn in (("The best", data.best), ("The one-standard-error choice", data.chosen)):
        if turn is not None:
            setting = track.settings[turn].replace("<br>", ", ")
            parts.append(f"{word} is {setting} with a validation loss of {validation.word(turn)}.")
    return " ".join(parts)


def upright(data: PathData, track: Track, colours: Palette) -> list[dict[str, Any]]:
    """Upright lines through the best (dotted) and the chosen trial (dashed)."""
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    marked = [(turn, dash) for turn, dash in ((data.best, "dot"), (data.chosen, "dash")) if turn is not None]
    return [
        line
        | {"x0": float(track.places[turn]), "x1": float(track.places[turn])}
        | {"line": {"color": colours.quiet, "width": 1.2, "dash": dash}}
        for turn, dash in marked
    ]


def _over(labels: Mapping[str, str], path: str) -> str:
    others = [label for other, label in labels.items() if other != path]
    return labels[path] + (f", each with the best {and_others(others)}" if others else "")


def _kept(plan: Plan, scores: Scores, path: str) -> list[int]:
    """The trials on the path by their places: with one setting all that have a score, else the best of each cell."""
    good = scores.good.tolist()
    if len(plan.space.dimensions) > 1:
        cells = cells_of(plan, path, [scores.trials[turn].values[path] for turn in good])
        best: dict[int, int] = {}
        for turn in sorted(good, key=lambda turn: scores.better * scores.mean[turn]):
            best[cells.of(scores.trials[turn].values[path])] = turn
        good = list(best.values())
    scale = scale_of(plan.space, path)
    return sorted(good, key=lambda turn: scale.at(scores.trials[turn].values[path]))


def _coefficients(plan: Plan, trials: Sequence[Trial]) -> tuple[Array, tuple[str, ...]]:
    """The coefficients of linear networks and their names; nothing where a trial's network is another one."""
    found = [each.outcome.coefficients if each.outcome else () for each in trials]
    try:
        rows = samples(plan.space.base.data, plan.space.base.split)
    except RegdashError:
        return np.zeros((0, 0)), ()
    names = coefficient_names(rows)
    right = all(len(each) == len(names) for each in found)
    return (np.array(found, float), names) if right else (np.zeros((0, 0)), ())


def _turn(numbers: Sequence[int], number: int | None) -> int | None:
    return numbers.index(number) if number is not None and number in numbers else None


def _marks(data: PathData, track: Track, colours: Palette) -> list[dict[str, Any]]:
    """A ring around the best and a diamond around the chosen trial, on the validation error."""
    validation = data.figures["val_loss"]
    marks = (("best", data.best, "circle-open", 13), ("one standard error", data.chosen, "diamond-open", 15))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "uid": name,
            "name": name,
            "x": shown(track.places[[turn]]),
            "y": shown(validation.mean[[turn]]),
            "customdata": [[track.numbers[turn]]],
            "marker": {"symbol": symbol, "size": size, "color": colours.runs["baseline"], "line": {"width": 2.2}},
            "hoverinfo": "skip",
        }
        for name, turn, symbol, size in marks
        if turn is not None
    ]
