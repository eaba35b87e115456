"""A grid, random search and Bayesian search look for the lowest point of a bowl that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line
from regdash.experiment import Experiment
from regdash.intervals import Array
from regdash.params import param
from regdash.search import STRATEGIES, Range, Space, Strategy, Values
from regdash.search.strategies import Known

NAME, TITLE = "search_strategies", "How fast three searches find the lowest point"
SEEDS, BATCH = 5, 8
LOWEST = (0.62, 0.38)  # of the bowl, in the unit square
LABELS = {"grid": "grid", "random": "random", "tpe": "Bayesian (TPE)"}


@dataclass(frozen=True)
class SearchStrategies:
    """How many trials each search has."""

    trials: int = param(
        49,
        "Trials",
        "How many trials each search may make. The grid takes the largest square number that is not above it.",
        low=9,
        high=64,
        step=1,
    )
    second: float = param(
        0.1,
        "Weight of the second setting",
        "How much the second setting matters, where the first one counts 1.",
        low=0.0,
        high=1.0,
        step=0.05,
    )


@dataclass(frozen=True)
class StrategiesData:
    """The best loss so far against the trial, median over seeds: name -> [T]."""

    settings: SearchStrategies
    best: Mapping[str, Array]


def read_search_strategies(settings: SearchStrategies) -> StrategiesData:
    """Loss (u - 0.62)^2 + second * (v - 0.38)^2, u and v the places of learning rate and L2 in their log ranges.

    The strategies are those of the Search page; Bayesian search sees the results of eight trials at a time.
    """
    steps = isqrt(settings.trials)
    space = Space(
        Experiment(),
        (
            Range("optimizer.learning_rate", 1e-4, 1.0, log=True, steps=steps),
            Range("l2.l2", 1e-5, 1.0, log=True, steps=steps),
        ),
    )
    chosen = {each.name: each for each in STRATEGIES if each.name in LABELS}
    return StrategiesData(settings, {name: _median(chosen[name], space, settings) for name in LABELS})


def draw_search_strategies(data: StrategiesData, theme: Theme) -> Drawing:
    """A staircase for each search; the loss is logarithmic."""
    colours, dashes = PALETTES[theme], ("solid", "7px,3px", "solid")
    traces = [
        line(
            label, np.arange(1, len(data.best[name]) + 1), data.best[name], colours.series[turn], dashes[turn], uid=name
        )
        for turn, (name, label) in enumerate(LABELS.items())
    ]
    for trace in traces:
        trace["line"] = trace["line"] | {"shape": "hv"}
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "trial"}},
        yaxis={"title": {"text": "lowest loss so far"}, "type": "log", "dtick": 1, "tickformat": "~g"},
    )


def alt_search_strategies(data: StrategiesData) -> str:
    """What the chart shows, for people who do not see it."""
    said = ", ".join(f"{label} {data.best[name][-1]:.2g}" for name, label in LABELS.items())
    return (
        f"Lowest loss found in {data.settings.trials} trials, median over {SEEDS} seeds: {said}. The grid has one "
        f"order and no chance; the lowest possible loss is 0."
    )


def facts_search_strategies(data: StrategiesData) -> Mapping[str, float]:
    """The lowest loss that each has found in the end."""
    return {name: float(best[-1]) for name, best in data.best.items()}


def bowl(space: Space, values: Values, second: float) -> float:
    """The loss at a point."""
    u, v = space.places(values)
    return (u - LOWEST[0]) ** 2 + second * (v - LOWEST[1]) ** 2


def _median(strategy: type[Strategy], space: Space, settings: SearchStrategies) -> Array:
    seeds = range(SEEDS) if strategy.name != "grid" else range(1)
    found: Array = np.median([_searched(strategy, space, settings, seed) for seed in seeds], axis=0)
    return found


@lru_cache(maxsize=64)
def _searched(strategy: type[Strategy], space: Space, settings: SearchStrategies, seed: int) -> Array:
    """The best so far [T] of one search, batch after batch."""
    known: list[Known] = []
    while len(known) < settings.trials:
        count = min(BATCH, settings.trials - len(known))
        proposed = strategy.propose(space, known, count, seed)
        known += [Known(each, bowl(space, each, settings.second)) for each in proposed]
        if not proposed:
            break
    return np.minimum.accumulate([each.loss for each in known])


SEARCH_STRATEGIES = Figure(
    NAME,
    TITLE,
    SearchStrategies,
    read_search_strategies,
    draw_search_strategies,
    alt_search_strategies,
    facts_search_strategies,
    tuple(LABELS),
)
