"""Predicted against true values of a regression on the validation part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.lines import finite_range
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.datasets import samples
from regdash.intervals import Array
from regdash.record import RunRecord

NAME, TITLE = "fit", "Predicted and true values"
WAITING = "Shown as soon as a run has ended."
CLASSES = "This data set asks for classes; the confusion matrix shows them."
DIVERGED = "The run diverged before it predicted a finite number. Try a smaller learning rate."
MOST_POINTS = 500


@dataclass(frozen=True)
class FitData:
    """True and predicted values [N] of the validation rows in the units of the target; predictions are seed means."""

    true: Array
    predicted: Array
    target_name: str
    runs: int
    problem: str = ""

    @property
    def r2(self) -> float:
        """1 - sum (true - predicted)² / sum (true - mean)²; nan for fewer than two different values."""
        total = float(((self.true - self.true.mean()) ** 2).sum()) if len(self.true) else 0.0
        return 1 - float(((self.true - self.predicted) ** 2).sum()) / total if total else float("nan")


def read_fit(records: Sequence[RunRecord]) -> FitData:
    """The predictions of the final weights, averaged over seeds, brought back to the units of the target."""
    nothing = np.zeros(0)
    if not records:
        return FitData(nothing, nothing, "", 0, WAITING)
    rows = samples(records[0].experiment.data, records[0].experiment.split)
    if rows.task != "regression":
        return FitData(nothing, nothing, rows.target_name, len(records), CLASSES)
    outputs = np.mean([np.asarray(record.val_outputs, float)[:, 0] for record in records], axis=0)
    finite = np.isfinite(outputs)
    true, predicted = (
        rows.target_mean + rows.target_scale * values[finite] for values in (rows.validation.y.astype(float), outputs)
    )
    return FitData(true, predicted, rows.target_name, len(records), "" if len(true) else DIVERGED)


def draw_fit(data: FitData, theme: Theme) -> Drawing:
    """Draw a point per validation row; on the line prediction and truth agree."""
    if data.problem:
        return empty(theme, NAME, TITLE, data.problem)
    colours, target = PALETTES[theme], plain(short(data.target_name))
    low, high = finite_range(np.concatenate([data.true, data.predicted]))
    line = {
        "type": "scatter",
        "mode": "lines",
        "uid": "ideal",
        "name": "predicted = true",
        "x": shown(np.array([low, high])),
        "y": shown(np.array([low, high])),
        "line": {"color": colours.quiet, "width": 1.2, "dash": "6px,4px"},
        "hoverinfo": "skip",
    }
    points = {
        "type": "scatter",
        "mode": "markers",
        "uid": "points",
        "name": "validation row",
        "x": shown(data.true[:MOST_POINTS]),
        "y": shown(data.predicted[:MOST_POINTS]),
        "marker": {"size": 7, "color": rgba(colours.runs["current"], 0.65)},
        "hovertemplate": "true %{x}, predicted %{y}<extra></extra>",
    }
    return figure(
        theme,
        NAME,
        TITLE,
        [line, points],
        xaxis={"title": {"text": f"true {target}"}, "nticks": 6},
        yaxis={"title": {"text": f"predicted {target}"}},
        hovermode="closest",
    )


def alt_fit(data: FitData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"Predicted and true values: {data.problem}"
    seeds = f" (mean of {data.runs} seeds)" if data.runs > 1 else ""
    return (
        f"Predicted against true {data.target_name} for {len(data.true)} validation rows{seeds}: R² is {data.r2:.3g}."
    )
