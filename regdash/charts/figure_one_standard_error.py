"""The error of ridge regression against its strength over folds, and two ways to choose from the curve."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.diabetes_rows import diabetes_rows
from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, Palette, Theme, figure, rgba
from regdash.charts.traces import dots, level, line, upright
from regdash.datasets import Diabetes
from regdash.experiment import Experiment
from regdash.intervals import Array
from regdash.networks import Linear
from regdash.params import param
from regdash.search import Objective, Outcome, Plan, Range, Space, Trial
from regdash.search.choosing import one_standard_error

NAME, TITLE = "one_standard_error", "Error over folds against the L2 strength"
LOWEST, HIGHEST, STRENGTHS = 1e-4, 10.0, 31
SEED = 0


@dataclass(frozen=True)
class OneStandardError:
    """How many rows there are, and in how many folds."""

    rows: int = param(
        442, "Rows", "How many of the 442 patients are used. Fewer rows need more shrinking.", low=40, high=442, step=1,
        unit="rows",
    )  # fmt: skip
    folds: int = param(
        10, "Folds", "Each fold is left out once and judged by the fit to all others.", low=3, high=20, step=1
    )


@dataclass(frozen=True)
class ErrorData:
    """Strengths [P], the mean error over folds [P] and its standard error [P], the places of both choices."""

    settings: OneStandardError
    strengths: Array
    mean: Array
    error: Array
    best: int
    chosen: int
    limit: float


def read_one_standard_error(settings: OneStandardError) -> ErrorData:
    """Ridge on the diabetes data; the rule is the one of the Search page.

    Standard error: s / sqrt(K) over the K folds' errors. The rule takes the strongest penalty whose mean is at most one
    standard error (of the best) above the best. Source: Hastie, Tibshirani and Friedman, The Elements of Statistical
    Learning, 2nd ed., section 7.10.
    """
    x, y = diabetes_rows()
    strengths = np.geomspace(LOWEST, HIGHEST, STRENGTHS)
    errors = fold_errors(x[: settings.rows], y[: settings.rows], strengths, settings.folds)
    mean, error = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(settings.folds)
    best, chosen, limit = _choices(strengths, errors)
    return ErrorData(settings, strengths, mean, error, best, chosen, limit)


def fold_errors(x: Array, y: Array, strengths: Array, folds: int) -> Array:
    """The mean squared error on each fold left out [K, P], for mean squared error + l2 * sum w² with a free bias."""
    order = np.random.default_rng(SEED).permutation(len(y))
    found = []
    for out in np.array_split(order, folds):
        rest = np.setdiff1d(order, out)
        middle, level_ = x[rest].mean(axis=0), y[rest].mean()
        u, s, vt = np.linalg.svd(x[rest] - middle, full_matrices=False)
        shrunk = s / (s**2 + len(rest) * strengths[:, None]) * (u.T @ (y[rest] - level_))
        answers = level_ + (shrunk @ vt) @ (x[out] - middle).T
        found.append(((answers - y[out]) ** 2).mean(axis=1))
    return np.array(found)


def draw_one_standard_error(data: ErrorData, theme: Theme) -> Drawing:
    """The mean with a band of one standard error, the best strength and the chosen one."""
    colours = PALETTES[theme]
    traces = [
        _band(data, colours),
        line("mean over folds", data.strengths, data.mean, colours.series[0]),
        _ring("lowest error", data, data.best, colours.series[1], "circle-open"),
        _ring("one standard error", data, data.chosen, colours.series[2], "diamond-open"),
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "L2 strength"}, "type": "log", "dtick": 1, "tickformat": "~g"},
        yaxis={"title": {"text": "error on left-out rows"}},
        shapes=[
            level(data.limit, colours.quiet),
            upright(data.strengths[data.best], colours.series[1]),
            upright(data.strengths[data.chosen], colours.series[2], "7px,3px"),
        ],
    )


def alt_one_standard_error(data: ErrorData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_one_standard_error(data)
    return (
        f"Over {data.settings.folds} folds of {data.settings.rows} rows the lowest mean squared error, "
        f"{facts['best_error']:.4f}, is at l2 = {facts['best_l2']:.3g}. One standard error, "
        f"{data.error[data.best]:.4f}, above it the strongest penalty is l2 = {facts['chosen_l2']:.3g} with an error "
        f"of {facts['chosen_error']:.4f}."
    )


def facts_one_standard_error(data: ErrorData) -> Mapping[str, float]:
    """Strength and error of the best and of the chosen one, and the best one's standard error."""
    return {
        "best_l2": float(data.strengths[data.best]),
        "chosen_l2": float(data.strengths[data.chosen]),
        "best_error": float(data.mean[data.best]),
        "chosen_error": float(data.mean[data.chosen]),
        "standard_error": float(data.error[data.best]),
    }


def _choices(strengths: Array, errors: Array) -> tuple[int, int, float]:
    """The places of the best and of the chosen strength, and the error that is one standard error above the best."""
    base = Experiment(data=Diabetes(), network=Linear())
    span = Range("l2.l2", LOWEST, HIGHEST, log=True, steps=len(strengths))
    plan = Plan(Space(base, (span,)), "grid", objective=Objective("val_loss"))
    trials = [
        Trial(number, {"l2.l2": float(strength)}, outcome=Outcome(tuple(scores.tolist())))
        for number, (strength, scores) in enumerate(zip(strengths, errors.T, strict=True))
    ]
    choice = one_standard_error(plan, trials)
    assert choice is not None
    return choice.best.number, choice.trial.number, choice.threshold


def _band(data: ErrorData, colours: Palette) -> dict[str, object]:
    edge = np.concatenate([data.mean + data.error, (data.mean - data.error)[::-1]])
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": "one standard error either side",
        "name": "± one standard error",
        "x": shown(np.concatenate([data.strengths, data.strengths[::-1]])),
        "y": shown(edge),
        "fill": "toself",
        "fillcolor": rgba(colours.series[0], 0.16),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _ring(name: str, data: ErrorData, turn: int, colour: str, symbol: str) -> dict[str, object]:
    ring = dots(name, data.strengths[[turn]], data.mean[[turn]], colour, symbol)
    return ring | {"marker": ring["marker"] | {"size": 13, "line": {"width": 2.2}}}


ONE_STANDARD_ERROR = Figure(
    NAME,
    TITLE,
    OneStandardError,
    read_one_standard_error,
    draw_one_standard_error,
    alt_one_standard_error,
    facts_one_standard_error,
    ("best_l2", "chosen_l2", "best_error", "chosen_error", "standard_error"),
)
