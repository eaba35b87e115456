"""Two searched settings as a map: the mean score of each cell and how many trials it rests on."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_axes import labels_of, scale_above
from regdash.charts.search_cells import Cells, cells_of
from regdash.charts.search_scores import (
    FAILED,
    NOTHING,
    STEPS,
    Scores,
    and_others,
    intervals,
    named,
    said,
    scores_of,
    window_of,
)
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure
from regdash.search import Plan, Trial

NAME, TITLE = "search-heat-map", "Heat map"
TWO = "A heat map needs two searched settings; this search has one. Its path and its slices show it."
MOST_WRITTEN = 14  # cells in a direction whose counts are written


@dataclass(frozen=True)
class Cell:
    """One filled cell: the mean over its trials, the interval, their numbers (best first), and how many failed."""

    mean: float
    low: float
    high: float
    numbers: tuple[int, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True)
class HeatMapData:
    """The filled cells by (row, column), what they measure, and the place of the best."""

    x: Cells | None = None
    y: Cells | None = None
    cells: dict[tuple[int, int], Cell] | None = None
    best: tuple[int, int] | None = None
    window: tuple[float, float] = (0.0, 1.0)
    axis: str = ""
    suffix: str = ""
    better: int = -1
    title: str = TITLE
    problem: str = ""


def read_heat_map(plan: Plan, trials: Sequence[Trial], x: str = "", y: str = "") -> HeatMapData:
    """The mean score over all trials in each cell of two settings; without names over the first two searched ones."""
    labels = labels_of(plan.space)
    if len(labels) < 2:
        return HeatMapData(problem=TWO)
    x = x if x in labels else next(path for path in labels if path != y)
    y = y if y in labels and y != x else next(path for path in labels if path != x)
    scores = scores_of(plan, trials)
    title = _title(scores.label, labels, x, y)
    if not len(scores.good):
        return HeatMapData(title=title, problem=FAILED if len(scores.failed) else NOTHING)
    across, up = (cells_of(plan, path, [each.values[path] for each in scores.trials]) for path in (x, y))
    cells = _cells(scores, [(up.of(each.values[y]), across.of(each.values[x])) for each in scores.trials])
    filled = {place: cell for place, cell in cells.items() if cell.numbers}
    best = max(filled, key=lambda place: scores.better * filled[place].mean)
    means = np.array([cell.mean for cell in filled.values()])
    ends = window_of(means, scores.better)
    return HeatMapData(across, up, cells, best, ends, scores.axis, scores.suffix, scores.better, title=title)


def draw_heat_map(data: HeatMapData, theme: Theme) -> Drawing:
    """Draw the cells, the brighter the better, with their counts; a frame stands around the best one."""
    if data.problem or data.x is None or data.y is None:
        return empty(theme, NAME, data.title, data.problem)
    colours = PALETTES[theme]
    traces = [_map(data, data.x, data.y, colours), *_only_failed(data, data.x, data.y, colours)]
    return figure(
        theme,
        NAME,
        data.title,
        traces,
        xaxis=data.x.axis(),
        yaxis=data.y.axis(),
        margin=_margin(data.y),
        shapes=_frame(data, colours),
        hovermode="closest",
        showlegend=False,
    )


def alt_heat_map(data: HeatMapData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem or data.x is None or data.y is None or data.best is None or data.cells is None:
        return f"{data.title}: {data.problem}"
    row, column = data.best
    cell = data.cells[data.best]
    trials = sum(len(each.numbers) for each in data.cells.values())
    return (
        f"{data.title}: {trials} trials in {len(data.cells)} cells. The best mean, "
        f"{said(cell.mean, cell.low, cell.high, data.suffix)}, is at {data.x.scale.label} {data.x.words[column]} and "
        f"{data.y.scale.label} {data.y.words[row]}, from {_counted(len(cell.numbers), 'trial')}."
    )


def _title(score: str, labels: dict[str, str], x: str, y: str) -> str:
    others = [label for path, label in labels.items() if path not in (x, y)]
    over = f", mean over {and_others(others)}" if others else ""
    return f"{score} by {labels[x]} and {labels[y]}{over}"


def _cells(scores: Scores, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Cell]:
    """The trials put into their cells; a cell of one trial has the interval over its runs."""
    inside: dict[tuple[int, int], list[int]] = defaultdict(list)
    for turn, place in enumerate(places):
        inside[place].append(turn)
    good = {
        place: sorted(
            (turn for turn in turns if math.isfinite(scores.mean[turn])),
            key=lambda turn: -scores.better * scores.mean[turn],
        )
        for place, turns in inside.items()
    }
    means, lows, highs = intervals([scores.mean[turns] for turns in good.values()])
    found = {}
    for k, (place, turns) in enumerate(good.items()):
        low, high = (scores.low[turns[0]], scores.high[turns[0]]) if len(turns) == 1 else (lows[k], highs[k])
        numbers = tuple(scores.trials[turn].number for turn in turns)
        failed = tuple(scores.trials[turn].number for turn in inside[place] if turn not in turns)
        found[place] = Cell(float(means[k]), float(low), float(high), numbers, failed)
    return found


def _map(data: HeatMapData, x: Cells, y: Cells, colours: Palette) -> dict[str, Any]:
    cells, shape = data.cells or {}, (len(y), len(x))
    means = np.full(shape, np.nan)
    counts, hover = ([[""] * len(x) for _ in range(len(y))] for _ in range(2))
    numbers: list[list[list[int]]] = [[[] for _ in range(len(x))] for _ in range(len(y))]
    for (row, column), cell in cells.items():
        means[row, column] = cell.mean
        counts[row][column] = str(len(cell.numbers)) if cell.numbers else ""
        numbers[row][column] = named((*cell.numbers, *cell.failed))
        hover[row][column] = _hover(data, cell, x, y, column, row)
    worse, better = data.window
    return {
        "type": "heatmap",
        "uid": "cells",
        "name": data.axis,
        "x": list(range(len(x))),
        "y": list(range(len(y))),
        "z": [shown(row) for row in means],
        "zmin": min(worse, better),
        "zmax": max(worse, better),
        "colorscale": STEPS,
        "reversescale": data.better < 0,
        "colorbar": scale_above(f"{plain(data.axis)}: brighter is better", colours, 8, data.suffix),
        "xgap": 1.5,
        "ygap": 1.5,
        "hoverongaps": False,
        "text": counts,
        "texttemplate": "%{text}" if max(shape) <= MOST_WRITTEN else None,
        "customdata": numbers,
        "hovertext": hover,
        "hoverinfo": "text",
    }


def _margin(y: Cells) -> dict[str, Any]:
    """Room that is known beforehand; found by Plotly itself it makes the axis titles stray when the chart changes."""
    longest = max(len(str(text)) for text in y.axis()["ticktext"])
    return {"l": 34 + 7 * longest, "r": 14, "t": 58, "b": 48, "autoexpand": False}


def _only_failed(data: HeatMapData, x: Cells, y: Cells, colours: Palette) -> list[dict[str, Any]]:
    """A cross where every trial of a cell has failed."""
    cells = {place: cell for place, cell in (data.cells or {}).items() if not cell.numbers}
    if not cells:
        return []
    mark = {
        "type": "scatter",
        "mode": "markers",
        "uid": "failed",
        "name": "all failed",
        "x": [column for _, column in cells],
        "y": [row for row, _ in cells],
        "marker": {"symbol": "x-thin", "size": 8, "line": {"width": 1.5, "color": colours.quiet}},
        "customdata": [named(cell.failed) for cell in cells.values()],
        "hovertext": [_hover(data, cell, x, y, column, row) for (row, column), cell in cells.items()],
        "hoverinfo": "text",
    }
    return [mark]


def _frame(data: HeatMapData, colours: Palette) -> list[dict[str, Any]]:
    if data.best is None:
        return []
    row, column = data.best
    ends = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    line = {"color": "#D55E00", "width": 3}
    return [{"type": "rect", **ends, "line": line, "fillcolor": "rgba(0,0,0,0)"}]


def _hover(data: HeatMapData, cell: Cell, x: Cells, y: Cells, column: int, row: int) -> str:
    words = f"{x.scale.label}: {x.words[column]}", f"{y.scale.label}: {y.words[row]}"
    lines = [plain(each) for each in words]
    if cell.numbers:
        mean = said(cell.mean, cell.low, cell.high, data.suffix)
        lines.append(f"<b>{mean}</b>, {_counted(len(cell.numbers), 'trial')}")
        lines.append(f"best: trial {cell.numbers[0]}")
    if cell.failed:
        lines.append(f"{_counted(len(cell.failed), 'trial')} failed")
    return "<br>".join(lines)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
