"""Where each search of a race has looked, in two settings: a panel each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_axes import Scale, labels_of, scale_of
from regdash.charts.search_race import Entry
from regdash.charts.search_scores import NOTHING, ORDERED, Scores, named, scores_of, window_of, within
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure
from regdash.search import Plan

NAME, TITLE = "search-race-clouds", "Where each search looked"
COLUMNS = 3
GAP = 0.04  # of the width, between two panels
MOST_TICKS = 3
ROW, ABOVE = 220, 60  # pixels


@dataclass(frozen=True)
class Cloud:
    """The shown trials of one search with their places [T] on both axes (only x where one setting is searched)."""

    name: str
    scores: Scores
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class CloudsData:
    """All clouds on the same two axes and the same scale of scores."""

    clouds: tuple[Cloud, ...] = ()
    x: Scale | None = None
    y: Scale | None = None
    window: tuple[float, float] = (0.0, 1.0)

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-len(self.clouds) // COLUMNS)

    @property
    def height(self) -> int:
        """How many pixels the chart wants."""
        return ABOVE + ROW * max(1, self.rows)


def read_race_clouds(entries: Sequence[Entry], x: str = "", y: str = "", upto: int | None = None) -> CloudsData:
    """The first `upto` trials of each search over two of the settings that all search; by default the first two."""
    paths = (
        [path for path in labels_of(entries[0][1].space) if all(_has(plan, path) for _, plan, _ in entries)]
        if entries
        else []
    )
    x = x if x in paths else next((path for path in paths if path != y), "")
    y = y if y in paths and y != x else next((path for path in paths if path != x), "")
    whole = [scores_of(plan, trials, every_rung=True) for _, plan, trials in entries]
    good = np.concatenate([each.mean[each.good] for each in whole]) if whole else np.zeros(0)
    if not x or not y or not len(good):
        return CloudsData()
    across, up = scale_of(entries[0][1].space, x), scale_of(entries[0][1].space, y)
    clouds = []
    for name, plan, trials in entries:
        scores = scores_of(plan, [each for each in trials if upto is None or each.number < upto], every_rung=True)
        places = [[_at(plan, scale, each.values[scale.path]) for each in scores.trials] for scale in (across, up)]
        clouds.append(Cloud(name, scores, tuple(places[0]), tuple(places[1])))
    return CloudsData(tuple(clouds), across, up, window_of(good, whole[0].better))


def draw_race_clouds(data: CloudsData, theme: Theme) -> Drawing:
    """Draw a dot per trial, the better the stronger its colour; crosses are failed trials, the ring is the best."""
    if data.x is None or data.y is None:
        return empty(theme, NAME, TITLE, NOTHING)
    colours, traces, notes = PALETTES[theme], [], []
    layout: dict[str, Any] = {}
    for turn, cloud in enumerate(data.clouds):
        layout |= _axes(data, data.x, data.y, turn)
        traces += _panel(data, cloud, str(turn + 1) if turn else "", colours)
        notes.append(_heading(cloud, str(turn + 1) if turn else "", colours))
    worse, better = data.window
    layout["coloraxis"] = {
        "colorscale": ORDERED[theme],
        "cmin": min(worse, better),
        "cmax": max(worse, better),
        "reversescale": worse > better,
        "showscale": False,
    }
    return figure(theme, NAME, TITLE, traces, **layout, annotations=notes, hovermode="closest", showlegend=False)


def alt_race_clouds(data: CloudsData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.x is None or data.y is None:
        return f"{TITLE}: {NOTHING}"
    told = ", ".join(f"{each.name} at {len(set(zip(each.x, each.y, strict=True)))} points" for each in data.clouds)
    return f"Where each search has looked over {data.x.label} and {data.y.label}: {told}."


def _has(plan: Plan, path: str) -> bool:
    return any(each.path == path for each in plan.space.dimensions)


def _at(plan: Plan, scale: Scale, value: Any) -> float:
    """The place on the shared axis; a value that only another search of the race has, at the nearest end."""
    if scale.choices and value not in scale.choices:
        return scale.high
    return scale.at(value) if not scale.log or value > 0 or value == scale.off_value else scale.low


def _axes(data: CloudsData, x: Scale, y: Scale, turn: int) -> dict[str, Any]:
    row, column = divmod(turn, COLUMNS)
    columns, suffix = min(COLUMNS, len(data.clouds)), str(turn + 1) if turn else ""
    width, tall = (1 - GAP * (columns - 1)) / columns, 1 / data.rows
    left, top = column * (width + GAP), 1 - row * tall - 0.08 * tall
    bottom = 1 - (row + 1) * tall + (0.28 * tall if row < data.rows - 1 else 0)
    across = x.axis(MOST_TICKS) | {"domain": [round(left, 4), round(left + width, 4)], "anchor": f"y{suffix}"}
    up = y.axis() | {"domain": [round(bottom, 4), round(top, 4)], "anchor": f"x{suffix}", "showticklabels": not column}
    if column:
        up |= {"title": {"text": ""}}
    return {f"xaxis{suffix}": across, f"yaxis{suffix}": up}


def _panel(data: CloudsData, cloud: Cloud, suffix: str, colours: Palette) -> list[dict[str, Any]]:
    scores = cloud.scores
    best = [] if scores.best is None else [scores.best]
    parts = {"dots": scores.good.tolist(), "failed": scores.failed.tolist(), "best": best}
    looks = {
        "dots": {
            "size": 8 if len(scores.trials) <= 100 else 5,
            "color": shown(within(scores.mean[scores.good], data.window)),
            "coloraxis": "coloraxis",
            "line": {"width": 0.5, "color": colours.quiet},
        },
        "failed": {"symbol": "x-thin", "size": 6, "line": {"width": 1.3, "color": colours.quiet}},
        "best": {"symbol": "circle-open", "size": 14, "color": colours.runs["baseline"], "line": {"width": 2.2}},
    }
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "uid": f"{part} {suffix or 1}",
            "name": plain(cloud.name),
            "xaxis": f"x{suffix}",
            "yaxis": f"y{suffix}",
            "x": shown([cloud.x[turn] for turn in turns]),
            "y": shown([cloud.y[turn] for turn in turns]),
            "marker": looks[part],
            "customdata": [named([scores.trials[turn].number]) for turn in turns],
            "hovertext": [_word(scores, turn) for turn in turns],
            "hoverinfo": "skip" if part == "best" else "text",
        }
        for part, turns in parts.items()
        if turns
    ]


def _word(scores: Scores, turn: int) -> str:
    found = scores.word(turn) if np.isfinite(scores.mean[turn]) else "failed"
    return f"trial {scores.trials[turn].number}: {found}"


def _heading(cloud: Cloud, suffix: str, colours: Palette) -> dict[str, Any]:
    """The name of the search above its panel."""
    place = {"xref": f"x{suffix} domain", "yref": f"y{suffix} domain", "x": 0, "y": 1.02, "yanchor": "bottom"}
    font = {"size": 12, "color": colours.text}
    return place | {"text": plain(cloud.name), "showarrow": False, "xanchor": "left", "font": font}
