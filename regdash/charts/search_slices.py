"""The score against each searched setting by itself, a small panel each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_axes import Scale, scale_above, scale_of
from regdash.charts.search_scores import FAILED, FEW, GOLDEN, NOTHING, ORDERED, Scores, named, reach, scores_of, within
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure
from regdash.search import Plan, Trial

NAME, TITLE = "search-slices", "Slices"
COLUMNS = 2
GAP = 0.11  # of the width, between two panels
MOST_TICKS = 3  # numbers under a panel
ROW, ABOVE = 180, 60  # pixels of a row of panels, and of the scale above them
SPREAD = 0.5  # of the distance to the next choice, over which its dots stand
MARGIN = {"l": 56, "r": 14, "t": 54, "b": 46, "autoexpand": False}


@dataclass(frozen=True)
class SlicesData:
    """The scores of all ended trials, and of each searched setting where on its axis they stand."""

    scores: Scores | None = None
    scales: tuple[Scale, ...] = ()
    problem: str = NOTHING

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-len(self.scales) // self.columns)

    @property
    def columns(self) -> int:
        """How many panels stand in a row."""
        return min(COLUMNS, len(self.scales)) or 1

    @property
    def height(self) -> int:
        """How many pixels the chart wants."""
        return ABOVE + max(ROW * self.rows, 220)


def read_slices(plan: Plan, trials: Sequence[Trial]) -> SlicesData:
    """The scores of all ended trials over each searched setting."""
    scores = scores_of(plan, trials)
    if not len(scores.good):
        return SlicesData(problem=FAILED if len(scores.failed) else NOTHING)
    return SlicesData(scores, tuple(scale_of(plan.space, each.path) for each in plan.space.dimensions), "")


def draw_slices(data: SlicesData, theme: Theme) -> Drawing:
    """Draw a dot per trial in each panel, the later the stronger its colour; a ring stands around the best."""
    if data.scores is None:
        return empty(theme, NAME, TITLE, data.problem)
    colours, traces = PALETTES[theme], []
    layout: dict[str, Any] = {}
    for turn, scale in enumerate(data.scales):
        layout |= _axes(data, data.scores, turn, scale)
        traces += _panel(data.scores, scale, _suffix(turn), colours)
    layout["coloraxis"] = {
        "colorscale": ORDERED[theme],
        "colorbar": scale_above("trial", colours, 6),
        **_numbers(data.scores),
    }
    return figure(theme, NAME, TITLE, traces, **layout, margin=MARGIN, hovermode="closest", showlegend=False)


def alt_slices(data: SlicesData) -> str:
    """What the chart shows, for people who do not see it."""
    scores = data.scores
    if scores is None or scores.best is None:
        return f"Slices of the search: {data.problem}"
    best = scores.trials[scores.best]
    settings = ", ".join(f"{scale.label} {scale.word(best.values[scale.path])}" for scale in data.scales)
    told = f"{scores.label} of {len(scores.good)} trials over each setting"
    return f"{told}; the best, {scores.word(scores.best)}, has {settings}."


def _suffix(turn: int) -> str:
    return str(turn + 1) if turn else ""


def _axes(data: SlicesData, scores: Scores, turn: int, scale: Scale) -> dict[str, Any]:
    row, column = divmod(turn, data.columns)
    width = (1 - GAP * (data.columns - 1)) / data.columns
    left, tall = column * (width + GAP), 1 / data.rows
    gap = 0.4 * tall if data.rows > 1 else 0.0
    bottom, suffix = 1 - (row + 1) * tall + gap * (row < data.rows - 1), _suffix(turn)
    y: dict[str, Any] = {"range": reach(scores.window, 0.1), "nticks": 4, "anchor": f"x{suffix}"}
    y |= {
        "domain": [round(bottom, 4), round(1 - row * tall, 4)],
        "title": {"text": "" if turn else scores.axis, "font": {"size": 11}},
    }
    x = scale.axis(MOST_TICKS) | {"domain": [round(left, 4), round(left + width, 4)], "anchor": f"y{suffix}"}
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _panel(scores: Scores, scale: Scale, suffix: str, colours: Palette) -> list[dict[str, Any]]:
    """The dots of one panel, crosses at the worse edge for failed trials, and a ring around the best."""
    values = [each.values[scale.path] for each in scores.trials]
    x = np.array([_beside(scale, scale.at(value), turn) for turn, value in enumerate(values)])
    edge = reach(scores.window, 0.06)[0 if scores.better > 0 else 1]
    y = np.where(np.isfinite(scores.mean), within(scores.mean, scores.window), edge)
    parts = {"dots": scores.good.tolist(), "failed": scores.failed.tolist()}
    parts["best"] = [] if scores.best is None else [scores.best]
    shared = {"type": "scatter", "mode": "markers", "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "name": scale.label}
    return [
        shared
        | {
            "uid": f"{scale.path} {part}",
            "x": shown(x[turns]),
            "y": shown(y[turns]),
            "customdata": [named([scores.trials[turn].number]) for turn in turns],
            "marker": _marker(part, scores, colours),
            **_hover(part, scores, scale, turns),
        }
        for part, turns in parts.items()
        if turns
    ]


def _marker(part: str, scores: Scores, colours: Palette) -> dict[str, Any]:
    if part == "failed":
        return {"symbol": "x-thin", "size": 6, "line": {"width": 1.3, "color": colours.quiet}}
    if part == "best":
        return {"symbol": "circle-open", "size": 13, "color": colours.runs["baseline"], "line": {"width": 2.2}}
    numbers = [scores.trials[turn].number for turn in scores.good]
    return {"size": 6 if len(numbers) < FEW else 4, "color": numbers, "coloraxis": "coloraxis"}


def _hover(part: str, scores: Scores, scale: Scale, turns: Sequence[int]) -> dict[str, Any]:
    """What is told of a dot: all of it while there are few, for it is much to send."""
    if part == "best":
        return {"hoverinfo": "skip"}
    if part == "dots" and len(turns) > FEW:
        return {"hovertemplate": f"trial %{{customdata[0]}}: %{{y:.4~g}}{scores.suffix}<extra></extra>"}
    told = [(scores.trials[turn], "failed" if part == "failed" else scores.word(turn)) for turn in turns]
    texts = [f"trial {each.number}: {word}<br>{plain(scale.word(each.values[scale.path]))}" for each, word in told]
    return {"hovertext": texts, "hoverinfo": "text"}


def _beside(scale: Scale, at: float, turn: int) -> float:
    """Dots of one choice stand side by side."""
    return at + SPREAD * ((turn * GOLDEN) % 1 - 0.5) if scale.choices else at


def _numbers(scores: Scores) -> dict[str, int]:
    numbers = [scores.trials[turn].number for turn in scores.good]
    return {"cmin": min(numbers), "cmax": max(max(numbers), min(numbers) + 1)}
