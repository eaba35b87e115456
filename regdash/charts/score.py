"""Accuracy in per cent, or R² for a regression, over epochs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from regdash.charts.group import Curve, Group, curve, has
from regdash.charts.lines import bands, epoch_axis, label, line
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Theme, empty, figure

NAME = "score"
LOWEST_R2 = -1.0


@dataclass(frozen=True)
class ScoreGroup:
    """The score curves of one setting: accuracy in per cent, or R²."""

    name: str
    role: Role
    train: Curve
    validation: Curve


@dataclass(frozen=True)
class ScoreData:
    """The score curves of every setting; `title` is "Accuracy" or "R²", `unit` "%" or ""."""

    groups: tuple[ScoreGroup, ...]
    title: str
    unit: str


def read_score(groups: Sequence[Group]) -> ScoreData:
    """The mean score curves over seeds: 100 * accuracy, or r2 when the runs are regressions."""
    regression = has(groups, "r2")
    column, scale = ("r2", 1.0) if regression else ("accuracy", 100.0)
    read = tuple(ScoreGroup(g.name, g.role, curve(g, column, scale), curve(g, f"val_{column}", scale)) for g in groups)
    return ScoreData(read, "R²" if regression else "Accuracy", "" if regression else "%")


def draw_score(data: ScoreData, theme: Theme, *, epochs: int = 0) -> go.Figure:
    """Draw the curves. R² far below 0 (worse than guessing the mean) is cut off at first; zoom out to see it."""
    groups = [group for group in data.groups if group.validation.drawn or group.train.drawn]
    if not groups:
        return empty(theme, NAME, data.title, f"Train a network to see its {_noun(data)}.")
    traces = [trace for group in groups for trace in _traces(group, PALETTES[theme], data.unit)]
    axis: dict[str, Any] = {"title": {"text": "right answers (%)" if data.unit else "R² (1 is perfect)"}}
    if not data.unit:
        axis |= {"autorangeoptions": {"minallowed": LOWEST_R2, "clipmax": 1.05}}
    else:
        axis |= {"autorangeoptions": {"maxallowed": 101}}
    return figure(theme, NAME, data.title, traces, xaxis=epoch_axis(epochs), yaxis=axis)


def alt_score(data: ScoreData) -> str:
    """What the chart shows, for people who do not see it."""
    drawn = [group for group in data.groups if group.validation.drawn]
    said = (
        f"{data.title} of {g.name} after {len(g.validation.mean)} epochs: training {g.train.last:.3g}{data.unit}, "
        f"validation {g.validation.last:.3g}{data.unit}."
        for g in drawn
    )
    return " ".join(said) or f"{data.title} chart: train a network to see its {_noun(data)}."


def _noun(data: ScoreData) -> str:
    return "accuracy" if data.unit else "R²"


def _traces(group: ScoreGroup, colours: Palette, unit: str) -> list[dict[str, Any]]:
    colour = colours.runs[group.role]
    traces = []
    for part, values in (("train", group.train), ("validation", group.validation)):
        name = label(group.role, group.name, part)
        traces += bands(values, name, colour)
        stroke, suffix = STROKES[group.role, part], f" {unit}".rstrip()
        traces.append(line(values, name, colour, stroke, suffix=suffix, interval=part == "validation"))
    return traces
