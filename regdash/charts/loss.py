"""Training and validation loss over epochs, without the penalty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, best_epoch, curve, has
from regdash.charts.lines import bands, epoch_axis, floor_of, label, line, loss_axis
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Stroke, Theme, empty, figure

NAME, TITLE = "loss", "Loss"


@dataclass(frozen=True)
class LossGroup:
    """The loss curves of one setting; best_epoch counts from 1 and is 0 when there is none."""

    name: str
    role: Role
    train: Curve
    validation: Curve
    running: Curve
    best_epoch: int
    best: float


@dataclass(frozen=True)
class LossData:
    """The loss curves of every setting and what the loss is measured in."""

    groups: tuple[LossGroup, ...]
    unit: str


def read_loss(groups: Sequence[Group]) -> LossData:
    """The mean loss curves over seeds and the epoch with the lowest mean validation loss."""
    unit = "mean squared error" if has(groups, "r2") else "cross-entropy (nats)"
    return LossData(tuple(_read(group) for group in groups), unit)


def draw_loss(data: LossData, theme: Theme, *, log_y: bool = False, epochs: int = 0) -> Drawing:
    """Draw the curves; the running loss (as Keras prints it) waits in the legend."""
    groups = [group for group in data.groups if group.validation.drawn or group.train.drawn]
    if not groups:
        return empty(theme, NAME, TITLE, _sentence(data))
    curves = [curve for group in groups for curve in (group.train, group.validation)]
    floor = floor_of(*curves) if log_y else None
    traces = [trace for group in groups for trace in _traces(group, PALETTES[theme], floor)]
    axis = loss_axis(data.unit, log_y, curves)
    return figure(theme, NAME, TITLE, traces, xaxis=epoch_axis(epochs), yaxis=axis)


def alt_loss(data: LossData) -> str:
    """What the chart shows, for people who do not see it."""
    drawn = [group for group in data.groups if group.validation.drawn]
    return " ".join(_said(group) for group in drawn) or f"Loss chart: {_sentence(data)}"


def _read(group: Group) -> LossGroup:
    validation, epoch = curve(group, "val_loss"), best_epoch(group)
    best = float(validation.mean[epoch - 1]) if epoch else float("nan")
    train, running = curve(group, "loss"), curve(group, "running_loss")
    return LossGroup(group.name, group.role, train, validation, running, epoch, best)


def _traces(group: LossGroup, colours: Palette, floor: float | None) -> list[dict[str, Any]]:
    colour = colours.runs[group.role]
    names = {part: label(group.role, group.name, part) for part in ("validation", "train")}
    parts = (("train", group.train), ("validation", group.validation))
    traces = [
        shape
        for part, values in parts
        for shape in [
            *bands(values, names[part], colour, floor=floor),
            line(
                values,
                names[part],
                colour,
                STROKES[group.role, part],
                interval=part == "validation",
                keep=[group.best_epoch - 1],
            ),
        ]
    ]
    if group.best_epoch:
        traces.append(_best(group, colour, colours))
    if group.running.drawn and group.role == "current":
        stroke = Stroke("1px,3px", 1.4)
        traces.append(line(group.running, "running loss", colours.quiet, stroke, visible="legendonly"))
    return traces


def _best(group: LossGroup, colour: str, colours: Palette) -> dict[str, Any]:
    current = group.role == "current"
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"{group.name} best",
        "name": "best epoch",
        "showlegend": current,
        "legendgroup": "best epoch",
        "x": [group.best_epoch],
        "y": shown([group.best]),
        "marker": {
            "symbol": "circle" if current else "diamond",
            "size": 9,
            "color": colours.paper,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{y:.3~g}<extra>lowest validation loss</extra>",
    }


def _sentence(data: LossData) -> str:
    if not any(len(group.validation.mean) for group in data.groups):
        return "Train a network to see its loss."
    return "The loss was never a finite number: the run diverged at once. Try a smaller learning rate."


def _said(group: LossGroup) -> str:
    seeds = f", mean of {group.validation.runs} seeds" if group.validation.runs > 1 else ""
    best = f", lowest {group.best:.3g} at epoch {group.best_epoch}" if group.best_epoch else ""
    return (
        f"Loss of {group.name} over {len(group.validation.mean)} epochs{seeds}: training ends at "
        f"{group.train.last:.3g}, validation at {group.validation.last:.3g}{best}."
    )
