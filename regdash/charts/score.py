"""How good the answers are over epochs: accuracy and its relatives in per cent, R² and MAE; and the learning rate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.group import Curve, Group, curve, has
from regdash.charts.lines import bands, epoch_axis, label, line
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Theme, empty, figure

NAME = "score"
LOWEST_R2 = -1.0
_PERCENT = {"autorangeoptions": {"maxallowed": 101}}


@dataclass(frozen=True)
class Measure:
    """A column of a history, and how it is said and drawn; `whole` is what 1.0 is drawn as."""

    column: str
    title: str
    axis: str
    noun: str
    whole: float = 1.0
    limits: dict[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The unit: "%" or nothing."""
        return "%" if self.whole == 100 else ""


MEASURES = {
    each.column: each
    for each in (
        Measure("accuracy", "Accuracy", "right answers (%)", "accuracy", 100, _PERCENT),
        Measure("f1", "F1", "F1, mean of classes (%)", "F1", 100, _PERCENT),
        Measure("precision", "Precision", "precision, mean of classes (%)", "precision", 100, _PERCENT),
        Measure("recall", "Recall", "recall, mean of classes (%)", "recall", 100, _PERCENT),
        Measure(
            "r2", "R²", "R² (1 is perfect)", "R²", 1, {"autorangeoptions": {"minallowed": LOWEST_R2, "clipmax": 1.05}}
        ),
        Measure("mae", "Mean absolute error", "mean absolute error", "error", 1, {"rangemode": "tozero"}),
        Measure("learning_rate", "Learning rate", "learning rate", "learning rate", 1, {"rangemode": "tozero"}),
    )
}
"""What the chart can show, in the order of its menu."""


@dataclass(frozen=True)
class ScoreGroup:
    """The curves of one setting; the learning rate has no validation curve."""

    name: str
    role: Role
    train: Curve
    validation: Curve


@dataclass(frozen=True)
class ScoreData:
    """The curves of every setting, and what they measure."""

    groups: tuple[ScoreGroup, ...]
    measure: Measure

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return self.measure.title

    @property
    def unit(self) -> str:
        """The unit: "%" or nothing."""
        return self.measure.unit


def read_score(groups: Sequence[Group], column: str = "") -> ScoreData:
    """The mean curves of a column over seeds; without one it is the accuracy, or R² when the runs are regressions."""
    measure = MEASURES[column or ("r2" if has(groups, "r2") else "accuracy")]
    return ScoreData(tuple(_read(group, measure) for group in groups), measure)


def draw_score(data: ScoreData, theme: Theme, *, epochs: int = 0) -> Drawing:
    """Draw the curves. R² far below 0 (worse than guessing the mean) is cut off at first; zoom out to see it."""
    name = NAME if data.measure.column in ("accuracy", "r2") else f"{NAME}-{data.measure.column}"
    groups = [group for group in data.groups if group.validation.drawn or group.train.drawn]
    if not groups:
        return empty(theme, name, data.title, _sentence(data))
    traces = [trace for group in groups for trace in _traces(group, PALETTES[theme], data.measure)]
    axis = {"title": {"text": data.measure.axis}} | data.measure.limits
    return figure(theme, name, data.title, traces, xaxis=epoch_axis(epochs), yaxis=axis)


def alt_score(data: ScoreData) -> str:
    """What the chart shows, for people who do not see it."""
    said = (_said(data, group) for group in data.groups if group.validation.drawn or group.train.drawn)
    return " ".join(said) or f"{data.title} chart: {_sentence(data)}"


def _read(group: Group, measure: Measure) -> ScoreGroup:
    train, validation = (curve(group, f"{part}{measure.column}", measure.whole) for part in ("", "val_"))
    return ScoreGroup(group.name, group.role, train, validation)


def _sentence(data: ScoreData) -> str:
    return f"Train a network to see its {data.measure.noun}."


def _said(data: ScoreData, group: ScoreGroup) -> str:
    whole = not len(group.validation.mean)
    parts = (("" if whole else "training ", group.train), ("validation ", group.validation))
    values = ", ".join(f"{part}{values.last:.3g}{data.unit}" for part, values in parts if values.drawn)
    epochs = max(len(group.train.mean), len(group.validation.mean))
    return f"{data.title} of {group.name} after {epochs} epochs: {values}."


def _traces(group: ScoreGroup, colours: Palette, measure: Measure) -> list[dict[str, Any]]:
    colour = colours.runs[group.role]
    if not len(group.validation.mean):  # measured once per epoch, not on a part of the rows
        name = label(group.role, group.name, measure.noun)
        return [*bands(group.train, name, colour), line(group.train, name, colour, STROKES[group.role, "validation"])]
    traces = []
    for part, values in (("train", group.train), ("validation", group.validation)):
        name = label(group.role, group.name, part)
        traces += bands(values, name, colour)
        stroke, suffix = STROKES[group.role, part], f" {measure.unit}".rstrip()
        traces.append(line(values, name, colour, stroke, suffix=suffix, interval=part == "validation"))
    return traces
