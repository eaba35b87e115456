"""What training minimises: the data loss, and the penalty on top of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, curve
from regdash.charts.lines import epoch_axis, label, line, loss_axis
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Theme, empty, figure, rgba
from regdash.intervals import band

NAME, TITLE = "objective", "Objective"
EMPTY = "Train a network to see its data loss and its penalty apart."


@dataclass(frozen=True)
class ObjectiveGroup:
    """Training data loss, penalty and their sum, averaged over seeds."""

    name: str
    role: Role
    loss: Curve
    penalty: Curve
    total: Curve


@dataclass(frozen=True)
class ObjectiveData:
    """The objective of every setting."""

    groups: tuple[ObjectiveGroup, ...]


def read_objective(groups: Sequence[Group]) -> ObjectiveData:
    """The curves of the training objective: data loss + penalty = sum, all at the end of an epoch."""
    return ObjectiveData(tuple(_read(group) for group in groups))


def draw_objective(data: ObjectiveData, theme: Theme, *, log_y: bool = False, epochs: int = 0) -> Drawing:
    """Draw the data loss, the sum, and (for the current setting) the penalty as the shade between them."""
    groups = [group for group in data.groups if group.total.drawn]
    if not groups:
        return empty(theme, NAME, TITLE, EMPTY)
    traces = [trace for group in groups for trace in _traces(group, PALETTES[theme])]
    axis = loss_axis("data loss + penalty", log_y, [curve for g in groups for curve in (g.loss, g.total)])
    return figure(theme, NAME, TITLE, traces, xaxis=epoch_axis(epochs), yaxis=axis)


def alt_objective(data: ObjectiveData) -> str:
    """What the chart shows, for people who do not see it."""
    said = (
        f"Training objective of {g.name} at the end: data loss {g.loss.last:.3g} + penalty {g.penalty.last:.3g} "
        f"= {g.total.last:.3g}."
        for g in data.groups
        if g.total.drawn
    )
    return " ".join(said) or f"Objective chart: {EMPTY}"


def _read(group: Group) -> ObjectiveGroup:
    sums = [h["loss"].astype(float) + h["penalty"] for h in group.histories if "loss" in h and "penalty" in h]
    total = band(sums)
    summed = Curve(total.mean, total.low, total.high, len(sums))
    return ObjectiveGroup(group.name, group.role, curve(group, "loss"), curve(group, "penalty"), summed)


def _traces(group: ObjectiveGroup, colours: Palette) -> list[dict[str, Any]]:
    colour = colours.runs[group.role]
    names = {part: label(group.role, group.name, part) for part in ("data loss", "penalty", "sum")}
    loss, total, penalty = (_without_interval(c) for c in (group.loss, group.total, group.penalty))
    lower = line(loss, names["data loss"], colour, STROKES[group.role, "train"])
    upper = line(total, names["sum"], colour, STROKES[group.role, "validation"])
    shade = line(total, names["penalty"], colour, STROKES[group.role, "train"]) | {
        "line": {"width": 0},
        "fill": "tonexty" if group.role == "current" else "none",
        "showlegend": group.role == "current",
        "fillcolor": rgba(colour, 0.22),
        "customdata": shown(penalty.mean[np.asarray(lower["x"], int) - 1]),
        "hovertemplate": f"%{{customdata:.3~g}}<extra>{names['penalty']}</extra>",
    }
    return [lower, shade, upper]


def _without_interval(curve: Curve) -> Curve:
    """Bands of two curves on top of each other would hide the penalty between them."""
    nothing = np.full(len(curve.mean), np.nan)
    return replace(curve, low=nothing, high=nothing)
