"""The curves of every setting of a comparison in one chart, with their bands over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.compare_columns import COLUMNS, Column, Strand, loss_axis_name, read_strand
from regdash.charts.compare_marks import LEGEND, LEGEND_ROW, colour_of, legend_height, said, uid_of
from regdash.charts.compare_strands import (
    FEW,
    MANY,
    Way,
    axis_words,
    key,
    log_epochs,
    missing,
    nothing,
    range_said,
    traces_of,
)
from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, best_epoch
from regdash.charts.lines import epoch_axis, floor_of, loss_axis
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, Theme, empty, figure
from regdash.comparison import Series

NAME = "compare-curves"
EMPTY = "Add settings to compare; their curves appear here as soon as they are trained."
PLOT = 300  # px


@dataclass(frozen=True)
class Best:
    """Where the mean validation loss of a setting is lowest, before any smoothing."""

    place: int
    epoch: int
    loss: float


@dataclass(frozen=True)
class CurvesData:
    """The curves of every setting, smoothed with weight `smoothing`; with `members` every run is drawn."""

    column: Column
    axis: str
    strands: tuple[Strand, ...]
    best: tuple[Best, ...]
    smoothing: float
    members: bool

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return self.column.title

    @property
    def height(self) -> int:
        """Pixels that leave room for the legend on a narrow screen."""
        return PLOT + LEGEND_ROW + legend_height([strand.name for strand in self.strands])


def read_curves(
    series: Sequence[Series], name: str = "loss", *, smoothing: float = 0.0, members: bool = False
) -> CurvesData:
    """The curves of one of COLUMNS; the best epoch is marked on the loss and is never smoothed."""
    column = COLUMNS[name]
    axis = loss_axis_name(series) if name == "loss" else column.axis
    strands = tuple(read_strand(each, place, column, smoothing) for place, each in enumerate(series))
    found = [_best(each, place) for place, each in enumerate(series)] if name == "loss" else []
    best = tuple(each for each in found if each is not None)
    return CurvesData(column, axis, strands, best, smoothing, members)


def draw_curves(
    data: CurvesData, theme: Theme, *, log_y: bool = False, log_x: bool = False, epochs: int = 0
) -> Drawing:
    """Draw validation solid and training thin and dotted; axes say when they are smoothed or logarithmic.

    A log axis is drawn only where no value is below 0. The training curves have bands where there are few settings.
    """
    name, drawn = f"{NAME}-{data.column.name}", [strand for strand in data.strands if strand.parts]
    if not drawn:
        return empty(theme, name, data.title, nothing(data.strands, EMPTY))
    means = [part.mean for strand in drawn for part in strand.parts]
    log = log_y and data.column.positive and any((mean.mean > 0).any() for mean in means)
    suffix, keep = f" {data.column.unit}".rstrip(), {best.place: best.epoch - 1 for best in data.best}
    way = Way(data.members, floor_of(*means) if log else None, keep, suffix)
    marks = [_mark(data, best, theme) for best in data.best]
    traces = [*traces_of(drawn, theme, way), *marks, *missing(data.strands, theme), *key(drawn, theme)]
    xaxis, yaxis = log_epochs(epochs) if log_x else epoch_axis(epochs), _value_axis(data, means, log)
    unified = len(drawn) <= FEW and not data.members
    return figure(
        theme,
        name,
        data.title,
        traces,
        xaxis=xaxis,
        yaxis=yaxis,
        hovermode="x unified" if unified else "closest",
        legend=LEGEND,
    )


def alt_curves(data: CurvesData) -> str:
    """What the chart shows, for people who do not see it."""
    drawn = [strand for strand in data.strands if strand.parts]
    if not drawn:
        return f"{data.title} of the settings compared: {nothing(data.strands, EMPTY)}"
    smooth = f" Smoothed {data.smoothing:g}." if data.smoothing else ""
    if len(drawn) > MANY:
        return f"{range_said(data.title, drawn, data.column.unit)}{smooth}"
    best = {each.place: each for each in data.best}
    return " ".join(_said(data, strand, best.get(strand.place)) for strand in drawn) + smooth


def _best(one: Series, place: int) -> Best | None:
    histories = tuple(history for _, history in sorted(one.histories.items()) if "val_loss" in history)
    epoch = best_epoch(Group(one.name, "current", histories))
    losses = [float(history["val_loss"][epoch - 1]) for history in histories] if epoch else []
    finite = [loss for loss in losses if np.isfinite(loss)]
    return Best(place, epoch, float(np.mean(finite))) if finite else None


def _mark(data: CurvesData, best: Best, theme: Theme) -> dict[str, Any]:
    """A ring at the lowest mean validation loss."""
    strand = data.strands[best.place]
    smooth = " before smoothing" if data.smoothing else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": uid_of("best", strand.name),
        "name": f"{said(strand.name)}, best epoch",
        "legendgroup": uid_of("setting", strand.name),
        "showlegend": False,
        "x": [best.epoch],
        "y": shown([best.loss]),
        "marker": {
            "size": 9,
            "color": PALETTES[theme].paper,
            "line": {"color": colour_of(best.place, theme), "width": 2},
        },
        "hovertemplate": f"%{{y:.3~g}} at epoch %{{x}}<extra>{said(strand.name)}: lowest loss{smooth}</extra>",
    }


def _value_axis(data: CurvesData, means: Sequence[Curve], log: bool) -> dict[str, Any]:
    words = axis_words(data.axis, data.smoothing, log)
    if log:
        return loss_axis(words, True, means) | {"uirevision": "log"}
    return {"title": {"text": words}, "uirevision": "linear"} | dict(data.column.limits)


def _said(data: CurvesData, strand: Strand, best: Best | None) -> str:
    part = strand.parts[-1]
    seeds = f", mean of {part.mean.runs} runs" if part.mean.runs > 1 else ""
    ends = ", ".join(f"{each.name} {each.mean.last:.3g}{data.column.unit}".strip() for each in strand.parts)
    lowest = f"; lowest validation {best.loss:.3g} at epoch {best.epoch}" if best else ""
    return f"{data.title} of {strand.name} after {len(part.mean.mean)} epochs{seeds}: {ends}{lowest}."
