"""Several searches side by side: the best so far of each, by trials or by seconds of training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_scores import NOTHING, Scores, named, reach, scores_of, window_of
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure
from regdash.intervals import Array
from regdash.search import Plan, Trial

NAME, TITLE = "search-race", "Race"
DASHES = ("solid", "7px,3px", "2px,2px", "8px,3px,2px,3px", "12px,4px")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "hexagon")
By = Literal["trials", "seconds"]
Entry = tuple[str, Plan, Sequence[Trial]]
"""One search of a race: its name, its plan, its trials."""


@dataclass(frozen=True)
class Runner:
    """One search: its shown trials, and where each has ended on the axis [T]."""

    name: str
    scores: Scores
    places: Array


@dataclass(frozen=True)
class RaceData:
    """All searches of a race up to the same number of trials; `longest` is where the axis ends for good."""

    runners: tuple[Runner, ...] = ()
    by: By = "trials"
    longest: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)


def read_race(entries: Sequence[Entry], upto: int | None = None, by: By = "trials") -> RaceData:
    """The best so far of each search over its first `upto` trials (all without it); the axes do not change with it."""
    whole = [_runner(*entry, by) for entry in entries]
    good = np.concatenate([each.scores.mean[each.scores.good] for each in whole]) if whole else np.zeros(0)
    if not len(good):
        return RaceData(by=by)
    better = whole[0].scores.better
    firsts = [each.scores.best_so_far for each in whole]
    steps = np.concatenate([each[np.isfinite(each)] for each in firsts])
    ends = [
        plan.total if by == "trials" else float(runner.places.max(initial=0.0))
        for (_, plan, _), runner in zip(entries, whole, strict=True)
    ]
    runners = [
        _runner(name, plan, [each for each in trials if upto is None or each.number < upto], by)
        for name, plan, trials in entries
    ]
    return RaceData(tuple(runners), by, max(*ends, 1.0 if by == "trials" else 1e-3), window_of(steps, better))


def draw_race(data: RaceData, theme: Theme) -> Drawing:
    """Draw a step line per search; marks are the trials that were the best when they ended."""
    drawn = [each for each in data.runners if len(each.scores.judged)]
    if not drawn:
        return empty(theme, NAME, TITLE, NOTHING)
    colours, first = PALETTES[theme], drawn[0].scores
    traces = [_steps(data, each, turn, colours) for turn, each in enumerate(data.runners) if len(each.scores.judged)]
    title = "trials" if data.by == "trials" else "seconds of training"
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": title}, "range": [0, float(f"{1.02 * data.longest:.4g}")]},
        yaxis={"title": {"text": f"best {first.axis[0].lower()}{first.axis[1:]}"}, "range": reach(data.window, 0.1)},
        hovermode="closest",
    )


def alt_race(data: RaceData) -> str:
    """What the chart shows, for people who do not see it."""
    drawn = [each for each in data.runners if each.scores.best is not None]
    if not drawn:
        return f"Race of searches: {NOTHING}"
    told = ", ".join(
        f"{each.name} {each.scores.word(each.scores.best)} after {len(each.places)} trials"
        for each in drawn
        if each.scores.best is not None
    )
    return f"Race of {len(data.runners)} searches by the best {drawn[0].scores.label} so far: {told}."


def colour_of(turn: int, colours: Palette) -> str:
    """The colour of a search, the same in all charts of a race."""
    different = tuple(dict.fromkeys((*colours.runs.values(), *colours.classes)))
    return different[turn % len(different)]


def _runner(name: str, plan: Plan, trials: Sequence[Trial], by: By) -> Runner:
    scores = scores_of(plan, trials, every_rung=True)
    if by == "trials":
        return Runner(name, scores, np.array([each.number + 1.0 for each in scores.trials]))
    return Runner(name, scores, np.cumsum([_seconds(each) for each in scores.trials]))


def _seconds(trial: Trial) -> float:
    """What its runs have taken; a failed trial does not know."""
    return float(sum(trial.outcome.figures.get("seconds", ()))) if trial.outcome else 0.0


def _steps(data: RaceData, runner: Runner, turn: int, colours: Palette) -> dict[str, Any]:
    scores, places, improved = runner.scores, runner.places, runner.scores.improved
    colour, last = colour_of(turn, colours), len(runner.places) - 1
    at = [*improved.tolist(), last]
    sizes = [7] * len(improved) + [0]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "uid": f"search {turn}",
        "name": plain(runner.name),
        "x": shown(places[at]),
        "y": shown(scores.best_so_far[at]),
        "line": {"color": colour, "width": 2.2, "dash": DASHES[turn % len(DASHES)], "shape": "hv"},
        "marker": {"size": sizes, "color": colour, "symbol": SYMBOLS[turn % len(SYMBOLS)]},
        "customdata": [named([scores.trials[place].number]) for place in [*improved.tolist(), improved[-1]]],
        "hovertext": [
            f"{plain(runner.name)}: {scores.word(place)}<br>trial {scores.trials[place].number}"
            for place in [*improved.tolist(), improved[-1]]
        ],
        "hoverinfo": "text",
    }
