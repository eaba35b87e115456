"""The score of every trial in the order of proposals, and the best so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_scores import FEW, NOTHING, Scores, named, reach, scores_of, settings_of, within
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.intervals import Array
from regdash.search import Plan, Trial

NAME, TITLE = "search-history", "History"
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "hexagon")


@dataclass(frozen=True)
class HistoryData:
    """All ended trials with their scores and settings; `rungs` are the different epochs of a halving."""

    scores: Scores | None = None
    settings: tuple[str, ...] = ()
    rungs: tuple[int, ...] = ()
    total: int = 0
    problem: str = NOTHING


def read_history(plan: Plan, trials: Sequence[Trial]) -> HistoryData:
    """The scores of all ended trials, of every rung."""
    scores = scores_of(plan, trials, every_rung=True)
    if not scores.trials:
        return HistoryData()
    few = len(scores.trials) <= FEW
    settings = tuple(settings_of(plan, scores.trials)) if few else ("",) * len(scores.trials)
    rungs = tuple(sorted({each.epochs for each in scores.trials}))
    total = max(each.number for each in scores.trials) + 1
    return HistoryData(scores, settings, rungs if plan.halving else (), total, "")


def draw_history(data: HistoryData, theme: Theme) -> Drawing:
    """Draw a dot per trial, crosses at the edge for failed ones, and the best so far as steps with its interval."""
    if data.scores is None:
        return empty(theme, NAME, TITLE, data.problem)
    colours, scores = PALETTES[theme], data.scores
    window = scores.window if len(scores.good) else (0.0, 1.0)
    traces = [_dots(data, scores, window, rung, colours) for rung in range(max(1, len(data.rungs)))]
    traces += [_failed(scores, window, colours)] if len(scores.failed) else []
    traces += [_steps(scores, data.total, colours), _improvements(scores, colours)] if len(scores.good) else []
    return figure(
        theme,
        NAME,
        TITLE,
        [trace for trace in traces if trace["x"]],
        xaxis={"title": {"text": "trial"}, "range": [-0.5 - 0.01 * data.total, 1.01 * data.total - 0.5]},
        yaxis={"title": {"text": scores.axis}, "range": reach(window, 0.1)},
        hovermode="closest",
    )


def alt_history(data: HistoryData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.scores is None:
        return f"History of the search: {data.problem}"
    scores = data.scores
    told = f"History of {len(scores.trials)} trials, {len(scores.failed)} of them failed."
    if scores.best is None:
        return f"{told} None has a score."
    best = scores.trials[scores.best].number
    return f"{told} The best, {scores.label} {scores.word(scores.best)}, is trial {best}."


def _dots(
    data: HistoryData, scores: Scores, window: tuple[float, float], rung: int, colours: Palette
) -> dict[str, Any]:
    """The trials of one rung (all of them without halving); those beyond the edge as open triangles on it."""
    turns = [turn for turn in scores.good.tolist() if not data.rungs or scores.trials[turn].epochs == data.rungs[rung]]
    placed = within(scores.mean, window)
    beyond = "triangle-up-open" if scores.better < 0 else "triangle-down-open"
    symbol = SYMBOLS[rung % len(SYMBOLS)]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"rung {rung}",
        "name": f"{data.rungs[rung]} epochs" if data.rungs else "trials",
        "x": [scores.trials[turn].number for turn in turns],
        "y": shown(placed[turns]),
        "marker": {
            "size": 6 + min(rung, 3),
            "color": rgba(colours.runs["current"], 0.55),
            "symbol": [symbol if placed[turn] == scores.mean[turn] else beyond for turn in turns],
        },
        "customdata": [named([scores.trials[turn].number]) for turn in turns],
        "hovertext": [_words(data, scores, turn) for turn in turns],
        "hoverinfo": "text",
    }


def _failed(scores: Scores, window: tuple[float, float], colours: Palette) -> dict[str, Any]:
    """Crosses at the worse edge."""
    turns = scores.failed.tolist()
    edge = reach(window, 0.06)[0 if window[0] < window[1] else 1]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "failed",
        "name": "failed",
        "x": [scores.trials[turn].number for turn in turns],
        "y": [edge] * len(turns),
        "marker": {"symbol": "x-thin", "size": 7, "line": {"width": 1.5, "color": colours.quiet}},
        "customdata": [named([scores.trials[turn].number]) for turn in turns],
        "hovertext": [_why(scores.trials[turn]) for turn in turns],
        "hoverinfo": "text",
    }


def _steps(scores: Scores, total: int, colours: Palette) -> dict[str, Any]:
    """The best so far, to the end of what has been tried."""
    turns = scores.improved
    numbers = [scores.trials[turn].number for turn in turns]
    best: Array = scores.mean[turns]
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": "best so far",
        "name": "best so far",
        "x": [*numbers, total - 1],
        "y": shown([*best, best[-1]]),
        "line": {"color": colours.runs["baseline"], "width": 2, "shape": "hv"},
        "hoverinfo": "skip",
    }


def _improvements(scores: Scores, colours: Palette) -> dict[str, Any]:
    """The trials that were the best when they ended, the last one with its interval over runs."""
    turns = scores.improved
    halves = np.nan_to_num(scores.high[turns] - scores.mean[turns])
    halves[:-1] = 0
    colour = colours.runs["baseline"]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "improvements",
        "name": "new best",
        "showlegend": False,
        "x": [scores.trials[turn].number for turn in turns],
        "y": shown(scores.mean[turns]),
        "error_y": {"type": "data", "array": shown(halves), "thickness": 1.2, "width": 3, "color": colour}
        | {"visible": bool(halves.any())},
        "marker": {"size": 8, "color": colours.paper, "line": {"color": colour, "width": 2}},
        "customdata": [named([scores.trials[turn].number]) for turn in turns],
        "hovertext": [f"best so far<br>trial {scores.trials[turn].number}: {scores.word(turn)}" for turn in turns],
        "hoverinfo": "text",
    }


def _words(data: HistoryData, scores: Scores, turn: int) -> str:
    trial = scores.trials[turn]
    epochs = f", {trial.epochs} epochs" if trial.epochs else ""
    lines = f"trial {trial.number}{epochs}: {scores.word(turn)}", data.settings[turn]
    return "<br>".join(filter(None, lines))


def _why(trial: Trial) -> str:
    why = trial.outcome.problem if trial.outcome else ""
    return f"trial {trial.number} failed: {plain(why[:80])}" if why else f"trial {trial.number} failed"
